//! The learner's server: a process that is started, spoken to over HTTP, and killed.

use std::{
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

use crate::{
    check::Failure,
    document::operations,
    output::Output,
    request::{ANSWER_LIMIT, Request},
    setup::UsersFile,
    token::Token,
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
    _users: Option<UsersFile>,
}

impl Server {
    /// Starts the command on a free port and waits, at most 10 s, for its line
    /// `Listening on http://127.0.0.1:PORT`. The users' file lives as long as the server.
    pub(crate) fn start(mut command: Command, users: Option<UsersFile>) -> Result<Self, Failure> {
        let mut child = command
            .env("PORT", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::ours(format!("could not start {command:?}: {error}")))?;
        let output = Output::of(&mut child);
        let mut server =
            Self { child: Mutex::new(child), address: String::new(), output, _users: users };
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

    /// Logs in at `/token`, asking for these scopes (none, if empty).
    pub fn log_in(&self, username: &str, password: &str, scope: &str) -> Result<Token, Failure> {
        let mut fields =
            vec![("grant_type", "password"), ("username", username), ("password", password)];
        if !scope.is_empty() {
            fields.push(("scope", scope));
        }
        let exchange = self.post("/token").form(&fields).send()?;
        let token = exchange.answer.json().and_then(|answer| {
            let token = answer.get("access_token")?.as_str()?.to_owned();
            (exchange.answer.status == 200 && !token.is_empty()).then_some(token)
        });
        let Some(token) = token else {
            return Err(exchange.failure(format!("200 and an access_token for {username}")));
        };
        Ok(Token::issued(token, username, exchange.curl.unwrap_or_default()))
    }

    /// Stops the server, whatever it is doing.
    fn stop(&self) -> Result<(), Failure> {
        let stopped = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        stopped.map_err(|e| Failure::ours(format!("could not stop the server: {e}")))
    }

    /// Stops the server and gives all that it has printed.
    pub fn printed(&self) -> Result<String, Failure> {
        self.stop()?;
        Ok(self.output.wait_for_all(ANSWER_LIMIT))
    }

    /// Whether it runs, and no handler of it has panicked.
    pub(crate) fn is_sound(&self) -> bool {
        !self.output.has_ended() && self.output.wait_for_panic(Duration::ZERO).is_none()
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
