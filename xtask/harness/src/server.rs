//! The learner's server: a process that is started, spoken to over HTTP, and killed.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;

use crate::{
    check::Failure,
    document::operations,
    output::{Output, Stream},
    request::{ANSWER_LIMIT, Request},
};

/// How long a server may take to say that it listens.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait for a panic's message after a connection has broken off.
const PANIC_LIMIT: Duration = Duration::from_millis(500);

/// A running server, killed when dropped.
pub struct Server {
    child: Mutex<Child>,
    address: String,
    output: Output,
    check: &'static str,
    exchanges: AtomicUsize,
}

impl Server {
    /// Starts the package's own binary, or the one that `WORKSHOP_SERVER` names, on a free port.
    ///
    /// Once one server has failed to start, the next ones report the same without waiting.
    pub(crate) fn start(check: &'static str) -> Result<Self, Failure> {
        static FAILED: OnceLock<Failure> = OnceLock::new();
        if let Some(failure) = FAILED.get() {
            return Err(failure.clone());
        }
        Self::start_program(&program()?, check).inspect_err(|failure| {
            FAILED.get_or_init(|| failure.clone());
        })
    }

    /// Starts `program` on a free port and waits, at most 10 s, for its line
    /// `Listening on http://127.0.0.1:PORT`.
    pub fn start_program(program: &Path, check: &'static str) -> Result<Self, Failure> {
        let mut child = Command::new(program)
            .env("PORT", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| Failure::ours(format!("could not start {}: {e}", program.display())))?;
        let output = Output::default();
        if let Some(stdout) = child.stdout.take() {
            output.collect(Stream::Out, stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            output.collect(Stream::Err, stderr);
        }
        let mut server = Self {
            child: Mutex::new(child),
            address: String::new(),
            output,
            check,
            exchanges: AtomicUsize::new(0),
        };
        match server.output.wait_for_address(START_LIMIT) {
            Some(address) => server.address = address,
            None => return Err(server.did_not_start()),
        }
        Ok(server)
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A GET request for `path`.
    pub fn get(&self, path: &str) -> Request<'_> {
        self.request("GET", path)
    }

    /// A POST request for `path`.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request("POST", path)
    }

    /// A request with any method.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request::new(self, method, path)
    }

    /// The OpenAPI document at `/openapi.json`, which must list at least one operation.
    pub fn document(&self) -> Result<Value, Failure> {
        let exchange = self.get("/openapi.json").send()?;
        match exchange.answer.json() {
            Some(document) if !operations(&document).is_empty() => Ok(document),
            _ => Err(exchange.failure("an OpenAPI document that lists at least one operation")),
        }
    }

    /// Stops the server and gives all that it has printed.
    pub fn printed(&self) -> Result<String, Failure> {
        let stopped = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        stopped.map_err(|e| Failure::ours(format!("could not stop the server: {e}")))?;
        Ok(self.output.wait_for_all(ANSWER_LIMIT))
    }

    /// The name of the snapshot that the next exchange is compared with.
    pub(crate) fn next_snapshot(&self) -> String {
        match self.exchanges.fetch_add(1, Ordering::Relaxed) {
            0 => self.check.to_owned(),
            count => format!("{}-{}", self.check, count + 1),
        }
    }

    /// In words for the learner: why a request that was sent got no answer.
    pub(crate) fn why_no_answer(&self, otherwise: &str) -> String {
        if let Some(panic) = self.output.wait_for_panic(PANIC_LIMIT) {
            return format!("no answer: your handler stopped at {panic}");
        }
        match self.exit_status() {
            Some(status) => format!("no answer: your server ended in the middle of it ({status})"),
            None => format!("no answer: {otherwise}"),
        }
    }

    fn did_not_start(&self) -> Failure {
        let expected =
            "a server that prints `Listening on http://127.0.0.1:PORT` and goes on running";
        let said = match self.output.tail() {
            tail if tail.is_empty() => String::new(),
            tail => format!("\nIt printed:\n{tail}"),
        };
        let actual = if let Some(panic) = self.output.wait_for_panic(PANIC_LIMIT) {
            format!("your server stopped at {panic}")
        } else if let Some(status) = self.exit_status() {
            format!("your server ended before it listened ({status}){said}")
        } else {
            let seconds = START_LIMIT.as_secs();
            format!("your server runs, but has not said in {seconds} s that it listens{said}")
        };
        Failure::new(expected, actual)
    }

    /// The status of a process whose output has ended; a running one has none.
    fn exit_status(&self) -> Option<String> {
        if !self.output.has_ended() {
            return None;
        }
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.wait().ok().map(|status| status.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A process that has ended by itself cannot be killed, and need not be.
        if let Err(error) = child.kill().and_then(|()| child.wait()) {
            eprintln!("could not stop the server: {error}");
        }
    }
}

/// Cargo names the package's binary in `CARGO_BIN_EXE_…` when it runs a test.
fn program() -> Result<PathBuf, Failure> {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let from_cargo = || env::var_os(format!("CARGO_BIN_EXE_{package}"));
    let program: Option<OsString> = env::var_os("WORKSHOP_SERVER").or_else(from_cargo);
    program.map(PathBuf::from).ok_or_else(|| {
        Failure::ours("neither `WORKSHOP_SERVER` nor cargo says which server to start; use `cargo xtask verify`")
    })
}
