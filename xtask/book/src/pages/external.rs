//! Links that leave the book: who names them, and whether they still lead somewhere. Asked by curl, which
//! the workshop needs anyway: a client with TLS would be compiled by every learner.

use std::{collections::BTreeMap, fmt, process::Command, thread};

use xtask::{course::Course, files, process::call, trouble::Trouble};

use crate::pages::{
    expansion::{self, Material},
    links,
    page::Page,
};

/// Pages outside the book that have links, too.
const OTHERS: [&str; 3] = ["CONTRIBUTING.md", "README.md", "book/LICENSE.md"];

/// How many addresses are asked at a time.
const AT_ONCE: usize = 8;

/// How long an answer may take, in seconds.
const LIMIT: &str = "20";

/// Whether an address leads somewhere.
#[derive(Debug, PartialEq, Eq)]
pub enum Reachability {
    /// It is there.
    Good,
    /// It is there, at another address.
    Moved(String),
    /// It does not answer programs (403, 429): somebody has to look.
    Unsure(u16),
    /// It is gone, broken or silent, in words.
    Dead(String),
}

impl fmt::Display for Reachability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => write!(f, "ok"),
            Self::Moved(place) => write!(f, "moved to {place}"),
            Self::Unsure(status) => write!(f, "{status} to a program: open it yourself"),
            Self::Dead(why) => write!(f, "DEAD: {why}"),
        }
    }
}

/// Each address outside the book, with the places that name it. The learner's own servers are not outside.
pub fn named(course: &Course) -> Result<BTreeMap<String, Vec<String>>, Trouble> {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in pages(course)? {
        for link in links::contents(&page).links.into_iter().filter(|link| is_outside(&link.target))
        {
            let address = link.target.split('#').next().unwrap_or_default().to_owned();
            named.entry(address).or_default().push(format!("{}, line {}", page.name, link.line));
        }
    }
    Ok(named)
}

/// Every page, named from the root of the checkout.
fn pages(course: &Course) -> Result<Vec<Page>, Trouble> {
    let mut pages = Vec::new();
    for name in OTHERS {
        pages.push(Page::plain(name, &files::read(&course.root.join(name))?));
    }
    let book = course.root.join("book").join("src");
    let material = Material::new(course);
    for path in files::below(&book)? {
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(&book).unwrap_or(&path).display().to_string();
            let (mut page, problems) = expansion::expand(&material, &name, &files::read(&path)?);
            if let Some(problem) = problems.first() {
                return Err(broken(&format!("the book cannot be read: {problem}")));
            }
            page.name = format!("book/src/{name}");
            pages.push(page);
        }
    }
    Ok(pages)
}

fn is_outside(link: &str) -> bool {
    let host = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    host.is_some_and(|host| !host.starts_with("127.0.0.1") && !host.starts_with("localhost"))
}

/// Asks every address, some at a time; the answers come in the same order.
pub fn ask(addresses: &[&str]) -> Result<Vec<Reachability>, Trouble> {
    let mut answers = Vec::new();
    for some in addresses.chunks(AT_ONCE) {
        let asked = thread::scope(|scope| {
            let asking: Vec<_> =
                some.iter().map(|address| scope.spawn(|| ask_one(address))).collect();
            asking
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|_| Err(broken("a thread of it panicked"))))
                .collect::<Result<Vec<Reachability>, Trouble>>()
        });
        answers.extend(asked?);
    }
    Ok(answers)
}

fn ask_one(address: &str) -> Result<Reachability, Trouble> {
    let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--location", "--proto", "=http,https"])
        .args(["--max-time", LIMIT, "--retry", "1", "--output", nowhere])
        .args(["--write-out", "%{http_code} %{url_effective}", address]);
    let output = call::output(&mut curl)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let (status, place) = said.split_once(' ').unwrap_or_default();
    Ok(match status.parse() {
        Ok(200..300) if is_same(place, address) => Reachability::Good,
        Ok(200..300) => Reachability::Moved(place.to_owned()),
        Ok(status @ (403 | 429)) => Reachability::Unsure(status),
        Ok(status @ 1..) => Reachability::Dead(format!("status {status}")),
        // It says the same at each try.
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            Reachability::Dead(said.lines().last().unwrap_or_default().to_owned())
        }
    })
}

/// A server may be named without the slash that a client asks for.
fn is_same(place: &str, address: &str) -> bool {
    place.trim_end_matches('/') == address.trim_end_matches('/')
}

fn broken(why: &str) -> Trouble {
    Trouble::Environment(why.to_owned())
}

/// Prints every address with its answer, and where the dead ones are named; gives whether all are alive.
pub fn check(course: &Course) -> Result<bool, Trouble> {
    let named = named(course)?;
    let addresses: Vec<&str> = named.keys().map(String::as_str).collect();
    let answers = ask(&addresses)?;
    let mut dead = 0;
    for ((address, places), answer) in named.iter().zip(&answers) {
        println!("{address}  {answer}");
        if let Reachability::Dead(_) = answer {
            dead += 1;
            for place in places {
                println!("    {place}");
            }
        }
    }
    if dead > 0 && dead == answers.len() {
        return Err(broken("no address answers. Is there a network?"));
    }
    println!("{} addresses, {dead} of them dead.", answers.len());
    Ok(dead == 0)
}
