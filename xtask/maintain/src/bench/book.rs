//! How long an author waits for a page, and a page for a verdict.
#![allow(clippy::disallowed_methods, reason = "files are saved as an editor saves them")]

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use mdbook_driver::MDBook;
use workshop_book::{render, server::Server};
use xtask::{
    course::{Course, Whose},
    files,
    trouble::Trouble,
    verdict,
};

use crate::bench::{
    copy::copy_workshop,
    rows::{median, print_ratio, print_row},
};

/// Builds that are timed, each beside a plain one.
const BUILDS: usize = 9;

/// Saves and verdicts that are timed.
const SAVES: usize = 9;

/// The page that is saved: as long as any.
const PAGE: &str = "09-scopes";

/// How long anything may take until it says what is waited for.
const LIMIT: Duration = Duration::from_mins(1);

/// Measures in a copy of the checkout below `folder`, and prints a line for each thing measured.
pub(crate) fn measure(course: &Course, folder: &Path) -> Result<(), Trouble> {
    let copy = folder.join("copy");
    copy_workshop(&course.root, &copy, &["book", "solutions", "steps", "xtask"])?;
    let copy = Course::open(&copy)?;
    full_build(&copy, folder)?;
    let server = Server::bind(&copy, 0)?;
    let address = server.address()?;
    // It ends with this process.
    thread::spawn(move || server.run());
    let deaf = || Trouble::Environment(format!("the book's server at {address} says nothing"));
    let mut page = OpenPage(BufReader::new(ask(&address, &format!("/live/{PAGE}"))?));
    page.wait_for("event: panel").ok_or_else(deaf)?;
    let mut lines = 1..;
    print("save of a page until its new text is fetched", 500, || {
        let line = format!("This is line {} of an author.", lines.next().unwrap_or_default());
        let path = copy.root.join("book").join("src").join(format!("{PAGE}.md"));
        let text = files::read(&path)? + "\n" + &line + "\n";
        fs::write(&path, text).map_err(|error| Trouble::io("write", &path, &error))?;
        while !fetch(&address, PAGE)?.contains(&line) {
            page.wait_for("event: build").ok_or_else(deaf)?;
        }
        Ok(())
    })?;
    print("verdict to the page that hears of it", 300, || {
        let step = copy.step(PAGE)?;
        files::write(&verdict::path(&copy, step, Whose::Learner), b"{}")?;
        page.wait_for("event: panel").ok_or_else(deaf)
    })
}

/// Our build beside mdBook's own of the same pages, directives expanded.
fn full_build(course: &Course, folder: &Path) -> Result<(), Trouble> {
    let plain = folder.join("plain");
    let book = course.root.join("book");
    for file in files::below(&book)? {
        let copy = plain.join(file.strip_prefix(&book).expect("it was listed below `book`"));
        files::create_folder(copy.parent().unwrap_or(&plain))?;
        fs::copy(&file, &copy).map_err(|error| Trouble::io("copy", &file, &error))?;
    }
    for page in render::build(&course.root, &folder.join("html"))? {
        files::write(&plain.join("src").join(page.name), page.markdown.as_bytes())?;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..BUILDS {
        let began = Instant::now();
        render::build(&course.root, &folder.join("html"))?;
        ours.push(began.elapsed());
        let began = Instant::now();
        let built = MDBook::load(&plain).and_then(|book| book.build());
        built.map_err(|error| Trouble::Environment(format!("plain mdBook: {error:#}")))?;
        theirs.push(began.elapsed());
    }
    let what = "full build of the book / plain mdbook build";
    print_ratio(what, median(ours), median(theirs), 1.3, &format!("medians of {BUILDS}"));
    Ok(())
}

fn print(
    what: &str,
    goal: u16,
    mut act: impl FnMut() -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut times = Vec::new();
    for _ in 0..SAVES {
        let began = Instant::now();
        act()?;
        times.push(began.elapsed());
    }
    let took = format!("{:.0} ms", median(times).as_secs_f64() * 1000.0);
    print_row(what, &took, &format!("<= {goal} ms"), &format!("median of {SAVES}"));
    Ok(())
}

/// What an open page hears.
struct OpenPage(BufReader<TcpStream>);

impl OpenPage {
    fn wait_for(&mut self, event: &str) -> Option<()> {
        self.0.by_ref().lines().map_while(Result::ok).find(|line| line == event).map(drop)
    }
}

/// The page as it is served now.
fn fetch(address: &str, page: &str) -> Result<String, Trouble> {
    let mut response = String::new();
    match ask(address, &format!("/{page}.html"))?.read_to_string(&mut response) {
        Ok(_) => Ok(response),
        Err(error) => Err(unreachable_at(address, &error)),
    }
}

/// Asks the book's server for this path, once.
fn ask(address: &str, path: &str) -> Result<TcpStream, Trouble> {
    let host = address.trim_start_matches("http://");
    let ask = || {
        let mut socket = TcpStream::connect(host)?;
        socket.set_read_timeout(Some(LIMIT))?;
        write!(socket, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
        Ok(socket)
    };
    ask().map_err(|error| unreachable_at(address, &error))
}

fn unreachable_at(address: &str, error: &io::Error) -> Trouble {
    Trouble::Environment(format!("{address} cannot be asked: {error}"))
}
