//! Our server of a step, in a browser: its button starts it, and a prediction shows what it responds.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use fantoccini::key::Key;
use serde_json::json;
use workshop_book::render;
use workshop_browser::{Failure, Scheme, axe, course, with_browser};
use xtask::process::program;

use crate::{
    checkout::Checkout,
    questions::{PAGE, PREDICTION, commit},
    served::{is, picture, shows},
};

const SLUG: &str = "03-bearer-token";

const OFFERED: &str = "
{{#ours 03-bearer-token}}

{{#predict 03-bearer-token/refuses_a_request_without_a_token}}
**1. No header at all**

- [ ] 200, which is *wrong*

  Nobody is let in.

- [x] 401, which is *true*

  Every 401 comes with a challenge.
{{/predict}}
";

/// A server like ours that is compiled in no time: it answers everybody alike.
const SERVER: &str = r#"
use std::io::{Read, Write};

fn main() {
    let port = std::env::var("PORT").unwrap();
    let listener = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    println!("Listening on http://127.0.0.1:{port}");
    for mut socket in listener.incoming().flatten() {
        let _ = socket.read(&mut [0; 4096]);
        let _ = socket.write_all(b"HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\ncontent-length: 4\r\n\r\nlive");
    }
}
"#;

/// The book's program as `learn` starts it: what it has started ends with it.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn serve(checkout: &Checkout) -> Result<Self, Failure> {
        let program = program::build(&course()?, "workshop-book", &[])?;
        let mut child = Command::new(program)
            .args(["serve", "--port", "0"])
            .current_dir(checkout.root())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Listening on ").unwrap_or_default().to_owned();
        Ok(Self { child, address })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("could not stop the book's server: {error}");
        }
    }
}

#[test]
fn its_button_starts_it_and_a_prediction_shows_its_live_response() {
    with_browser(async |browser| {
        let checkout = Checkout::copy();
        checkout.append("book/src/self-check.md", OFFERED);
        let book = Program::serve(&checkout)?;
        small_solution(&checkout)?;
        browser.prefer(Scheme::Light).await?;
        browser.go(&format!("{}/{PAGE}", book.address)).await?;
        let state = "return document.querySelector('.ours [role=status]').textContent";
        browser.until(state, "Our server of step 3 does not run.").await?;
        let mut faults = faults(&browser).await?;
        browser.run("document.querySelector('.ours button').focus()").await?;
        browser.press(Key::Enter + "").await?;
        browser.until(state, "Our server of step 3 runs at http://127.0.0.1:31").await?;
        is(&json!(browser.count(".ours .start:not([hidden])").await?), &json!(0))?;
        commit(&browser, PREDICTION, "true").await?;
        let live = format!("{PREDICTION} .live");
        shows(&browser.text(&format!("{live} pre")).await?, "live")?;
        let said = browser.text(&format!("{live} .said")).await?;
        shows(&said, "401 Unauthorized, from our server on port 31")?;
        faults.extend(self::faults(&browser).await?);
        picture(&browser, "our-server").await?;
        if faults.is_empty() { Ok(browser) } else { Err(Failure::from(faults.join("\n"))) }
    });
}

#[test]
fn a_book_of_files_shows_the_command() {
    with_browser(async |browser| {
        let checkout = Checkout::copy();
        checkout.append("book/src/self-check.md", OFFERED);
        let html = checkout.root().join("html");
        render::build(checkout.root(), &html)?;
        browser.go(&format!("file://{}", html.join(PAGE).display())).await?;
        shows(&browser.text(".ours").await?, "cargo xtask run 3 --solution --port 3001")?;
        is(&json!(browser.count(".ours button, .live").await?), &json!(0))?;
        Ok(browser)
    });
}

/// Makes such a server of the solution; the pages that were built before stay up.
fn small_solution(checkout: &Checkout) -> Result<(), Failure> {
    let root = checkout.root();
    let folder = root.join("solutions").join(SLUG);
    let members = format!("members = [\"solutions/{SLUG}\"]\n");
    fs::write(root.join("Cargo.toml"), format!("[workspace]\nresolver = \"3\"\n{members}"))?;
    fs::create_dir_all(folder.join("tests"))?;
    fs::write(folder.join("tests").join("verify.rs"), "")?;
    fs::write(folder.join("src").join("main.rs"), SERVER)?;
    let manifest = "[package]\nname = \"solution-03\"\nedition = \"2024\"\n";
    Ok(fs::write(folder.join("Cargo.toml"), manifest)?)
}

async fn faults(browser: &workshop_browser::Browser) -> Result<Vec<String>, Failure> {
    let mut faults = Vec::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.prefer(scheme).await?;
        let found = axe::findings(browser, axe::PAGE).await?;
        if found.passes == 0 || found.scheme != scheme.to_string() {
            return Err(format!("the page was not judged in {scheme}").into());
        }
        faults.extend(found.violations.iter().map(|rule| format!("{scheme}: {rule}")));
    }
    Ok(faults)
}
