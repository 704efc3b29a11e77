//! The book as `learn` serves it: new at every save, and never gone.

mod clone;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use clone::Clone;

const LIMIT: Duration = Duration::from_secs(30);

/// A book's server, killed when dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(clone: &Clone) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_workshop-book"))
            .args(["serve", "--port", "4100"])
            .current_dir(clone.root())
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the book's server starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("Listening on http://").expect("its address");
        Self { address: address.to_owned(), child }
    }

    fn ask(&self, path: &str) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).expect("it listens");
        socket.set_read_timeout(Some(LIMIT)).expect("a limit");
        let request = format!("GET {path} HTTP/1.1\r\nhost: book\r\nconnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).expect("a request");
        socket
    }

    fn page(&self, path: &str) -> String {
        let mut text = Vec::new();
        self.ask(path).read_to_end(&mut text).expect("an answer");
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it can be stopped");
    }
}

/// Waits for a line of the stream that holds these words.
#[track_caller]
fn wait_for(stream: &mut impl BufRead, words: &str) {
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        let count = stream.read_line(&mut line).expect("a line within the limit");
        assert!(count > 0, "it ended before `{words}`:\n{seen}");
        if line.contains(words) {
            return;
        }
        seen.push_str(&line);
    }
}

#[test]
fn a_save_reaches_the_reader() {
    let clone = Clone::new();
    let served = Served::start(&clone);
    assert!(!served.page("/glossary.html").contains("a word that is new"));
    let mut live = BufReader::new(served.ask("/live"));
    wait_for(&mut live, "text/event-stream");
    clone.append("book/src/glossary.md", "\nHere is a word that is new.\n");
    wait_for(&mut live, "event: reload");
    assert!(served.page("/glossary.html").contains("a word that is new"));
}

#[test]
fn a_broken_page_leaves_the_last_good_ones_up() {
    let clone = Clone::new();
    let mut served = Served::start(&clone);
    let mut stderr = BufReader::new(served.child.stderr.take().expect("a pipe"));
    clone.append("book/src/glossary.md", "\nA good word, and then {{#lost}}\n");
    wait_for(&mut stderr, "a directive must stand alone on its line");
    wait_for(&mut stderr, "The last good pages stay up.");
    let page = served.page("/glossary.html");
    assert!(page.starts_with("HTTP/1.1 200") && !page.contains("A good word"), "{page}");
}

#[test]
fn nothing_outside_the_book_is_served() {
    let clone = Clone::new();
    let served = Served::start(&clone);
    for path in ["/../Cargo.toml", "//etc/hosts", "/%2e%2e/%2e%2e/book.toml", "/..%2fbook.toml"] {
        assert!(served.page(path).starts_with("HTTP/1.1 404"), "{path}");
    }
}
