//! The learner's server, spoken to over HTTP.

use std::{net::SocketAddr, process::Command};

use serde_json::Value;

use crate::{
    curl::ByHand, current, document::operations, failure::Failure, process::Process,
    request::Request, token::Token, users_file::UsersFile,
};

/// A running server, killed when dropped.
pub struct Server {
    process: Process,
}

impl Server {
    /// Starts the command and waits until it listens. The users' file lives as long as the server.
    pub(crate) fn start(
        command: Command,
        users: Option<UsersFile>,
        is_as_run: bool,
    ) -> Result<Self, Failure> {
        Process::start(command, users, is_as_run).map(|process| Self { process })
    }

    /// Where it listens: a port of 127.0.0.1.
    pub fn address(&self) -> SocketAddr {
        self.process.address()
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
        Request::new(&self.process, method, path)
    }

    /// The OpenAPI document at `/openapi.json`, which must list at least one operation.
    pub fn document(&self) -> Result<Value, Failure> {
        let exchange = self.get("/openapi.json").send()?;
        match exchange.response.json() {
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
        let token = exchange.response.json().and_then(|answer| {
            let token = answer.get("access_token")?.as_str()?.to_owned();
            (exchange.response.status == 200 && !token.is_empty()).then_some(token)
        });
        let Some(token) = token else {
            return Err(exchange.failure(format!("200 and an access_token for {username}")));
        };
        let login = exchange.by_hand.map(|ByHand { message, lines, .. }| {
            current::logged_in(message.body.unwrap_or_default(), lines.text)
        });
        Ok(Token::issued(token, username, login))
    }

    /// The number that the system knows it by.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Stops the server and gives all that it has printed.
    pub fn printed(&self) -> Result<String, Failure> {
        self.process.printed()
    }

    /// Stops the server. What it has printed must contain one of these words, in any letter case.
    pub fn has_said(&self, words: &[&str], expected: &str) -> Result<(), Failure> {
        let printed = self.printed()?;
        let lower = printed.to_lowercase();
        if words.iter().any(|word| lower.contains(word)) {
            Ok(())
        } else {
            Err(Failure::new(expected, printed))
        }
    }

    /// Whether it runs, and no handler of it has panicked.
    pub(crate) fn is_sound(&self) -> bool {
        self.process.is_sound()
    }
}
