//! The real server of a book that may be broken, and what is asked of it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::checkout::Checkout;

pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// A book's server, killed when dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    address: String,
}

impl Served {
    pub(crate) fn start(checkout: &Checkout) -> Self {
        Self::begin(command(checkout))
    }

    /// With as few open files as macOS allows by default, where a shell can say so.
    pub(crate) fn start_with_few_files(checkout: &Checkout) -> Self {
        if cfg!(windows) {
            return Self::start(checkout);
        }
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "ulimit -n 256; exec \"$0\" serve --port 0"])
            .arg(env!("CARGO_BIN_EXE_workshop-book"))
            .current_dir(checkout.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self::begin(shell)
    }

    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the book's server starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("Listening on http://").expect("its address");
        Self { address: address.to_owned(), child }
    }

    /// `127.0.0.1:4000`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request as it is, but for `Host`.
    pub(crate) fn send(&self, head: &str, host: &str, body: &str) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).expect("it listens");
        socket.set_read_timeout(Some(LIMIT)).expect("a limit");
        let request = format!(
            "{head}\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).expect("a request");
        socket
    }

    pub(crate) fn ask(&self, path: &str) -> TcpStream {
        self.send(&format!("GET {path} HTTP/1.1"), &self.address, "")
    }

    pub(crate) fn page(&self, path: &str) -> String {
        all_of(self.ask(path))
    }

    /// What the page of this name hears.
    pub(crate) fn live(&self, page: &str) -> BufReader<TcpStream> {
        BufReader::new(self.ask(&format!("/live/{page}")))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it can be stopped");
    }
}

pub(crate) fn command(checkout: &Checkout) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workshop-book"));
    command
        .args(["serve", "--port", "0"])
        .current_dir(checkout.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn all_of(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    socket.read_to_end(&mut text).expect("an answer");
    String::from_utf8_lossy(&text).into_owned()
}

/// Waits for a line of the stream that holds these words, and gives it.
#[track_caller]
pub(crate) fn wait_for(stream: &mut impl BufRead, words: &str) -> String {
    let mut seen = String::new();
    let until = Instant::now() + LIMIT;
    loop {
        assert!(Instant::now() < until, "no `{words}` in time:\n{seen}");
        let mut line = String::new();
        let count = stream.read_line(&mut line).expect("a line within the limit");
        assert!(count > 0, "it ended before `{words}`:\n{seen}");
        if line.contains(words) {
            return line;
        }
        seen.push_str(&line);
    }
}
