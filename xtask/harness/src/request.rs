//! One HTTP request, and the command line that sends the same one by hand.

use std::{
    fmt::Display,
    io::Read,
    sync::OnceLock,
    time::{Duration, Instant},
};

use reqwest::{blocking::Client, header::HeaderValue, redirect};

use crate::{
    begun::Begun,
    check::Failure,
    exchange::{Answer, Exchange},
    raw,
    server::Server,
    token::Token,
};

/// How long one exchange may take.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read; one without end is cut here.
pub(crate) const ANSWER_SIZE: usize = 4 * 1024 * 1024;

/// One header of a request.
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: Vec<u8>,
    /// The scheme and the token in it, which a transcript shows in words.
    pub(crate) token: Option<(&'static str, Token)>,
}

/// A request that has not been sent yet.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'s> {
    pub(crate) server: &'s Server,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<String>,
    pub(crate) only: Option<String>,
    raw: bool,
}

impl<'s> Request<'s> {
    pub(crate) fn new(server: &'s Server, method: &str, path: &str) -> Self {
        Self {
            server,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
            only: None,
            raw: false,
        }
    }

    /// Adds a header; the value may be any bytes but line ends.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref().to_owned();
        self.headers.push(Header { name: name.to_owned(), value, token: None });
        self
    }

    /// Adds `Authorization: Bearer TOKEN` (RFC 6750 §2.1).
    pub fn bearer(self, token: impl Into<Token>) -> Self {
        self.credentials("Bearer ", token)
    }

    /// Adds an `Authorization` header of this scheme, which brings its blanks with it, and this token.
    pub fn credentials(mut self, scheme: &'static str, token: impl Into<Token>) -> Self {
        let token = token.into();
        self.headers.push(Header {
            name: "authorization".to_owned(),
            value: format!("{scheme}{}", token.text).into_bytes(),
            token: Some((scheme, token)),
        });
        self
    }

    /// Sends these fields as a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", &body)
    }

    /// Sends a body of this content type.
    pub fn body(self, content_type: &str, body: &str) -> Self {
        let mut request = self.header("content-type", content_type);
        request.body = Some(body.to_owned());
        request
    }

    /// Shows only this part of a JSON answer, named by a JSON pointer (RFC 6901): `/paths`.
    pub fn showing_only(mut self, pointer: &str) -> Self {
        self.only = Some(pointer.to_owned());
        self
    }

    /// Writes the bytes to a socket as they stand here, past any client that would tidy them.
    pub fn byte_by_byte(mut self) -> Self {
        self.raw = true;
        self
    }

    /// Sends it and reads the answer: at most 5 s and 4 MiB.
    pub fn send(self) -> Result<Exchange, Failure> {
        let answer = if self.raw { raw::send(&self) } else { self.send_with_reqwest() };
        self.exchange(answer)
    }

    /// Writes it to a socket, without waiting for the answer: when this returns, the request is with the server.
    pub fn begin(self) -> Result<Begun<'s>, Failure> {
        match raw::begin(&self) {
            Ok(socket) => Ok(Begun::new(self, socket)),
            Err(why) => Err(self.unanswered(why)),
        }
    }

    pub(crate) fn exchange(&self, answer: Result<Answer, NoAnswer>) -> Result<Exchange, Failure> {
        answer.map(|answer| Exchange::new(self, answer)).map_err(|why| self.unanswered(why))
    }

    fn unanswered(&self, why: NoAnswer) -> Failure {
        match why {
            NoAnswer::Ours(message) => Failure::ours(message),
            NoAnswer::Theirs(reason) => {
                let expected = format!("an answer to {} {}", self.method, self.path);
                let actual = self.server.why_no_answer(&reason);
                Failure::new(expected, actual).reproduced_by(self.curl())
            }
        }
    }

    fn send_with_reqwest(&self) -> Result<Answer, NoAnswer> {
        let url = format!("{}{}", self.server.address(), self.path);
        let method = self.method.parse().map_err(NoAnswer::ours)?;
        let mut request = client()?.request(method, url);
        for Header { name, value, .. } in &self.headers {
            request = request.header(name, HeaderValue::from_bytes(value).map_err(NoAnswer::ours)?);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let began = Instant::now();
        let mut response = request.send().map_err(|error| NoAnswer::broken_off(&error))?;
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_owned()))
            .collect();
        let mut body = Vec::new();
        let mut buffer = [0; 8192];
        // reqwest limits each read; an answer that comes drop by drop needs a limit for all of them.
        loop {
            let count = response.read(&mut buffer).map_err(|_| NoAnswer::without_end())?;
            body.extend_from_slice(&buffer[..count]);
            if count == 0 {
                return Ok(Answer { status: status.as_u16(), headers, body });
            }
            if body.len() > ANSWER_SIZE || began.elapsed() > ANSWER_LIMIT {
                return Err(NoAnswer::without_end());
            }
        }
    }

    /// The command lines that send the same request to the server of `cargo xtask run`; none for a
    /// request that no terminal takes.
    pub(crate) fn curl(&self) -> Option<String> {
        const LONGEST: usize = 4096;
        let curl = if cfg!(windows) { "curl.exe" } else { "curl" };
        let mut line = format!("{curl} -i");
        let mut login = None;
        match self.method.as_str() {
            "GET" => {}
            "POST" if self.body.is_some() => {}
            method => line.push_str(&format!(" -X {method}")),
        }
        for Header { name, value, token } in &self.headers {
            let mut value = String::from_utf8_lossy(value);
            if let Some((scheme, token)) = token
                && let Some(command) = &token.login
            {
                login = Some(command);
                value = format!("{scheme}<the access_token>").into();
            }
            line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
        }
        if let Some(body) = &self.body {
            line.push_str(&format!(" --data-raw {}", quoted(body)));
        }
        let address = quoted(&format!("http://127.0.0.1:3000{}", self.path));
        let line = format!("{line} {address}");
        let lines = login.map_or_else(|| line.clone(), |login| format!("{login}\n{line}"));
        (lines.len() <= LONGEST).then_some(lines)
    }
}

pub(crate) const NO_END: &str = "it began, but did not end in 5 s or 4 MiB";

/// Why there is no answer, before the server was looked at.
pub(crate) enum NoAnswer {
    Ours(String),
    Theirs(String),
}

impl NoAnswer {
    pub(crate) fn ours(error: impl Display) -> Self {
        Self::Ours(format!("{error}"))
    }

    fn without_end() -> Self {
        Self::Theirs(NO_END.to_owned())
    }

    fn broken_off(error: &reqwest::Error) -> Self {
        Self::Theirs(if error.is_timeout() {
            format!("nothing came in {} s", ANSWER_LIMIT.as_secs())
        } else {
            "the connection was closed".to_owned()
        })
    }
}

/// Double quotes serve on every shell that a learner may have.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One client for all checks: no proxy, no redirect followed, no connection used twice.
fn client() -> Result<&'static Client, NoAnswer> {
    static CLIENT: OnceLock<Result<Client, String>> = OnceLock::new();
    let build = || {
        Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .timeout(ANSWER_LIMIT)
            .build()
            .map_err(|error| error.to_string())
    };
    CLIENT.get_or_init(build).as_ref().map_err(NoAnswer::ours)
}
