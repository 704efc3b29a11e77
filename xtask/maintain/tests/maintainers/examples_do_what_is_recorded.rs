//! What an example of a solution responds or prints is recorded beside it, and `ci` asks whether that still holds.

use std::{fs, net::TcpListener, path::PathBuf};

use xtask::{course::Whose, files};

use crate::support::checkout::{Checkout, remove};

const SERVER: &str = r#"
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = axum::Router::new().route("/tea", axum::routing::post(|body: String| async move { body + "!" }));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3201").await?, app).await
}
"#;

const RECORDED: &str = "\
POST /tea
content-type: text/plain

two cups
---
200 OK
content-type: text/plain; charset=utf-8

two cups!
===
GET /tea
---
405 Method Not Allowed
allow: POST
";

#[test]
fn responses_and_output_are_written_down_and_checked() {
    let checkout = Checkout::new();
    let folder = examples(&checkout);
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).expect("the checkout can be written");
    };
    write("tea.rs", SERVER);
    write("tea.snap", "POST /tea\ncontent-type: text/plain\n\ntwo cups\n===\nGET /tea\n");
    write("count.rs", "fn main() { println!(\"{}\", 1 + 2); }\n");
    write("count.out", "4\n");
    let drifted = checkout.xtask(&["snapshots", "1", "--check"]);
    drifted.exits(1).says("tea.snap is not what").says("count.out is not what");
    assert_eq!(read(&folder.join("count.out")), "4\n", "--check writes nothing");
    checkout.xtask(&["snapshots", "1"]).exits(0);
    assert_eq!(read(&folder.join("tea.snap")), RECORDED);
    assert_eq!(read(&folder.join("count.out")), "3\n");
    checkout.xtask(&["snapshots", "1", "--check"]).exits(0).says("2 examples run");
    // If this fails, somebody else has the port, which is as good.
    let _taken = TcpListener::bind(("127.0.0.1", 3201));
    let taken = checkout.xtask(&["snapshots", "1", "--check"]);
    taken.exits(4).says("examples of this step listen on port 3201, and it cannot be used");
}

#[test]
fn an_example_that_cannot_be_judged_is_an_error() {
    let checkout = Checkout::new();
    let folder = examples(&checkout);
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).expect("the checkout can be written");
    };
    let refused = |words: &str| {
        checkout.xtask(&["snapshots", "1", "--check"]).exits(4).says(words);
    };
    write("a.out", "");
    refused("a.rs is missing");
    write("a.rs", "fn main() { std::process::exit(3) }\n");
    refused("failed (exit status: 3)");
    fs::remove_file(folder.join("a.out")).expect("the checkout can be written");
    refused("a.rs has either a.snap");
    write("a.snap", "tea\n");
    refused("`tea` is no request line");
    write("a.snap", "GET /tea\n");
    refused("before it listened on port 3201");
}

/// The folder of step 1's examples, without those that are shipped.
fn examples(checkout: &Checkout) -> PathBuf {
    let folder = checkout.step().folder(Whose::Reference).join("examples");
    remove(&folder);
    fs::create_dir_all(&folder).expect("the checkout can be written");
    folder
}

fn read(path: &std::path::Path) -> String {
    files::read(path).unwrap_or_else(|trouble| panic!("{trouble}"))
}
