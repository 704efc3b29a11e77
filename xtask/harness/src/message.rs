//! What goes over the wire: the request that a check sends, and the response that it gets or does not get.

use std::{fmt::Display, time::Duration};

use protocol::exchange::LONGEST_JSON;
use serde_json::Value;

use crate::token::Token;

/// How long one exchange may take.
pub(crate) const RESPONSE_LIMIT: Duration = Duration::from_secs(5);

/// How long a request that waits behind others may take: a busy machine makes all of them slow.
pub(crate) const QUEUE_LIMIT: Duration = Duration::from_secs(20);

/// Bytes of a response that are read; one without end is cut here.
pub(crate) const RESPONSE_SIZE: usize = 4 * 1024 * 1024;

/// One header of a request.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: Vec<u8>,
    /// The scheme and the token in it, which a transcript shows in words.
    pub(crate) token: Option<(String, Token)>,
}

/// A request, apart from whom it is sent to.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<String>,
    /// The only part of a JSON response that a transcript shows, as a JSON pointer.
    pub(crate) only: Option<String>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, values as they were received.
    pub headers: Vec<(String, Vec<u8>)>,
    /// At most 4 MiB.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// The body as JSON, if it is JSON and no longer than any that the contract asks for.
    pub fn json(&self) -> Option<Value> {
        if self.body.len() > LONGEST_JSON {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }
}

/// Why there is no response, before the server was looked at.
pub(crate) enum Unanswered {
    /// The request could not be sent.
    Ours(String),
    /// The server did not answer it.
    Theirs(String),
}

impl Unanswered {
    pub(crate) fn ours(error: impl Display) -> Self {
        Self::Ours(error.to_string())
    }

    pub(crate) fn theirs(why: &str) -> Self {
        Self::Theirs(why.to_owned())
    }

    /// The server has closed the connection, after so many bytes.
    pub(crate) fn closed(count: usize) -> Self {
        Self::theirs(match count {
            0 => "the connection was closed",
            _ => "the connection was closed in the middle of the response",
        })
    }

    pub(crate) fn nothing(limit: Duration) -> Self {
        Self::Theirs(format!("nothing came in {} s", limit.as_secs()))
    }

    pub(crate) fn without_end(limit: Duration) -> Self {
        Self::Theirs(format!("it began, but did not end in {} s or 4 MiB", limit.as_secs()))
    }
}
