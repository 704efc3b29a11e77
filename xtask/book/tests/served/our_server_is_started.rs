//! Our server of a step: a page starts it, one at a time, and it ends with the book's server.

use std::{
    fs,
    io::{BufRead, ErrorKind, Read},
    net::TcpStream,
};

use serde_json::Value;

use crate::{
    checkout::Checkout,
    server::{LIMIT, Served, all_of, wait_for},
};

const THREE: &str = "03-bearer-token";
const FOUR: &str = "04-authorize-button";

/// A server like ours that is compiled in no time: it keeps every connection open.
const SERVER: &str = r#"
fn main() {
    let port = std::env::var("PORT").unwrap();
    let listener = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    println!("Listening on http://127.0.0.1:{port}");
    let _held: Vec<_> = listener.incoming().collect();
}
"#;

/// Serves the copy, and then makes such servers of its solutions of steps 3 and 4: the pages of before stay up.
fn serve(checkout: &Checkout) -> Served {
    let served = Served::start(checkout);
    let root = checkout.root();
    let write = |name: &str, text: &str| {
        fs::write(root.join(name), text).expect("the copy can be written");
    };
    for (slug, package) in [(THREE, "solution-03"), (FOUR, "solution-04")] {
        let folder = format!("solutions/{slug}");
        let manifest = format!("[package]\nname = \"{package}\"\nedition = \"2024\"\n");
        write(&format!("{folder}/Cargo.toml"), &manifest);
        write(&format!("{folder}/src/main.rs"), SERVER);
        fs::create_dir_all(root.join(&folder).join("tests")).expect("a folder");
        write(&format!("{folder}/tests/verify.rs"), "");
    }
    let members = format!("[\"solutions/{THREE}\", \"solutions/{FOUR}\"]");
    write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members}\n"));
    served
}

#[test]
fn a_page_starts_it_and_it_ends_with_the_book_s_server() {
    let checkout = Checkout::copy();
    let mut served = serve(&checkout);
    let mut live = served.live(THREE);
    assert_eq!(shown(&mut live), serde_json::json!({}));
    assert!(start(&served, THREE).starts_with("HTTP/1.1 202"));
    let begun = shown(&mut live);
    assert_eq!((&begun[THREE]["busy"], &begun[THREE]["url"]), (&true.into(), &Value::Null));
    let running = until_running(&mut live, THREE);
    let words = running[THREE]["words"].as_str().expect("words");
    assert_eq!(words, "Our server of step 3 runs at");
    let connection = connect(&running, THREE);
    // A second press changes nothing, and so there is no event before that of the other step.
    assert!(start(&served, THREE).starts_with("HTTP/1.1 202"));
    assert!(start(&served, FOUR).starts_with("HTTP/1.1 202"));
    wait_until_gone(connection);
    let other = until_running(&mut live, FOUR);
    assert!(other[THREE].is_null(), "{other:#}");
    let connection = connect(&other, FOUR);
    // As `learn` does at its end, or as somebody does who has lost patience.
    served.child.kill().expect("it runs");
    wait_until_gone(connection);
    let left = fs::read_dir(checkout.root().join("target/workshop/alive/servers")).expect("notes");
    assert!(left.count() <= 1, "the note of the first server is left");
}

#[test]
fn a_solution_that_cannot_be_started_is_reported_with_the_next_command() {
    let checkout = Checkout::copy();
    let served = serve(&checkout);
    fs::write(checkout.root().join(format!("solutions/{THREE}/src/main.rs")), "fn main() { x }")
        .expect("the copy can be written");
    fs::write(checkout.root().join(format!("solutions/{FOUR}/src/main.rs")), "fn main() {}")
        .expect("the copy can be written");
    let mut live = served.live(THREE);
    for (slug, why) in
        [(THREE, "cannot find value `x`"), (FOUR, "It did not report that it is listening.")]
    {
        assert!(start(&served, slug).starts_with("HTTP/1.1 202"));
        let failed = until(&mut live, |ours| ours[slug]["command"].is_string());
        let words = failed[slug]["words"].as_str().expect("words");
        assert!(words.contains("does not run") && words.contains(why), "{words}");
        let number = &slug[1..2];
        let command = format!("cargo xtask run {number} --solution --port 3001");
        assert_eq!(failed[slug]["command"], command.as_str());
    }
}

#[test]
fn only_the_book_s_own_pages_may_start_it() {
    let checkout = Checkout::copy();
    let served = serve(&checkout);
    let own = format!("http://{}", served.address());
    for headers in [
        String::new(),
        "\r\norigin: http://evil.example".to_owned(),
        "\r\norigin: http://127.0.0.1:3000".to_owned(),
        format!("\r\norigin: {own}\r\nsec-fetch-site: cross-site"),
    ] {
        let head = format!("POST /ours/{THREE} HTTP/1.1{headers}");
        let answer = all_of(served.send(&head, served.address(), ""));
        assert!(answer.starts_with("HTTP/1.1 403"), "{headers}: {answer}");
    }
    assert!(served.page(&format!("/ours/{THREE}")).starts_with("HTTP/1.1 403"));
    for lost in ["99-lost", "..%2f03-bearer-token", "03"] {
        assert!(start(&served, lost).starts_with("HTTP/1.1 404"), "{lost}");
    }
    assert_eq!(shown(&mut served.live(THREE)), serde_json::json!({}));
    assert!(!checkout.root().join("target/debug").exists(), "something was compiled");
}

/// Asks as a page does.
fn start(served: &Served, slug: &str) -> String {
    let origin = format!("origin: http://{}\r\nsec-fetch-site: same-origin", served.address());
    let head = format!("POST /ours/{slug} HTTP/1.1\r\n{origin}");
    all_of(served.send(&head, served.address(), ""))
}

/// What the page hears next of our servers.
#[track_caller]
fn shown(live: &mut impl BufRead) -> Value {
    wait_for(live, "event: ours");
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}

#[track_caller]
fn until(live: &mut impl BufRead, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let ours = shown(live);
        if is_so(&ours) {
            return ours;
        }
    }
}

#[track_caller]
fn until_running(live: &mut impl BufRead, slug: &str) -> Value {
    until(live, |ours| ours[slug]["url"].is_string())
}

#[track_caller]
fn connect(ours: &Value, slug: &str) -> TcpStream {
    let url = ours[slug]["url"].as_str().expect("an address");
    let address = url.strip_prefix("http://").expect("an address");
    let port: u16 = address.rsplit_once(':').expect("a port").1.parse().expect("a number");
    assert!((3100..3121).contains(&port), "{port}");
    TcpStream::connect(address).expect("it listens")
}

/// Waits until the process at the other end is gone.
#[track_caller]
fn wait_until_gone(mut connection: TcpStream) {
    connection.set_read_timeout(Some(LIMIT)).expect("a limit");
    match connection.read(&mut [0; 1]) {
        Ok(0) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        other => panic!("the server is still there: {other:?}"),
    }
}
