//! An exchange as text: what a snapshot holds, the book shows, and a failure is compared with.
//!
//! ```text
//! GET /items/secret HTTP/1.1
//! authorization: Bearer sesame
//!
//! HTTP/1.1 200 OK
//! content-type: application/json
//!
//! {
//!   "token": "sesame"
//! }
//! ```

use std::fmt;

use serde_json::Value;

use crate::invisible;

/// One request and its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// The response.
    pub response: Response,
}

/// A request as text. Where a token was drawn for this run, a header's value has words in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// In capitals: `GET`.
    pub method: String,
    /// With the query: `/items?page=2`.
    pub path: String,
    /// Names in lower case; values as [`invisible::shown`] writes them.
    pub headers: Vec<(String, String)>,
    /// Empty if there is none.
    pub body: String,
}

/// A response as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Code and reason: `401 Unauthorized`.
    pub status: String,
    /// Those of [`HEADERS`], with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Empty if there is none.
    pub body: String,
}

/// The headers of a response that belong to the wire contract, in the order in which they are shown.
pub const HEADERS: [&str; 5] =
    ["www-authenticate", "content-type", "cache-control", "location", "allow"];

/// Characters of a body that is neither JSON nor HTML that are shown.
const LONGEST_TEXT: usize = 4096;

/// Bytes of a body that is read as JSON; a longer one is text. No response of this course comes near it.
pub const LONGEST_JSON: usize = 256 * 1024;

/// What separates a request from its response.
const BETWEEN: &str = "\n\nHTTP/1.1 ";

impl Exchange {
    /// Reads the text of an exchange; nothing, if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (request, response) = text.split_once(BETWEEN)?;
        Some(Self { request: Request::parse(request).ok()?, response: Response::of(response)? })
    }
}

impl Request {
    /// Reads the text of a request; the error quotes the line that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let (method, path) = first
            .strip_suffix(" HTTP/1.1")
            .and_then(|first| first.split_once(' '))
            .ok_or_else(|| format!("`{first}` begins no request"))?;
        let headers =
            lines.map(|line| header(line).ok_or_else(|| format!("`{line}` is not a header")));
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.collect::<Result<_, _>>()?,
            body: body.to_owned(),
        })
    }
}

impl Response {
    /// Makes the text form of what a client received: only the headers of the contract, JSON with sorted keys
    /// (changed by `canonical`), of an HTML page only its title.
    pub fn received(
        status: impl fmt::Display,
        headers: &[(&str, &[u8])],
        body: &[u8],
        canonical: impl FnOnce(Value) -> String,
    ) -> Self {
        let mut shown = Vec::new();
        for name in HEADERS {
            let named = headers.iter().filter(|(other, _)| *other == name);
            shown.extend(named.map(|(_, value)| (name.to_owned(), invisible::shown(value))));
        }
        let kind = headers.iter().find(|(name, _)| *name == "content-type");
        let kind = kind.map_or(String::new(), |(_, kind)| String::from_utf8_lossy(kind).into());
        let body = body_as_text(&kind, body, canonical);
        Self { status: status.to_string(), headers: shown, body }
    }

    /// `401`.
    pub fn code(&self) -> &str {
        self.status.split(' ').next().unwrap_or_default()
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other == name);
        header.map(|(_, value)| value.as_str())
    }

    /// Reads what comes after `HTTP/1.1 `.
    fn of(text: &str) -> Option<Self> {
        let (head, body) = text.trim_end().split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = head.lines();
        let status = lines.next()?.to_owned();
        let headers = lines.map(header).collect::<Option<_>>()?;
        Some(Self { status, headers, body: body.to_owned() })
    }
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(": ")?;
    Some((name.to_owned(), value.to_owned()))
}

fn body_as_text(kind: &str, body: &[u8], canonical: impl FnOnce(Value) -> String) -> String {
    if kind.starts_with("application/json")
        && body.len() <= LONGEST_JSON
        && let Ok(value) = serde_json::from_slice(body)
    {
        return canonical(value);
    }
    let text = String::from_utf8_lossy(body);
    if kind.starts_with("text/html") && !text.is_empty() {
        let title = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        return title.map_or("<a page without a title>".to_owned(), |(title, _)| {
            format!("<the page \"{title}\">")
        });
    }
    match text.char_indices().nth(LONGEST_TEXT) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}\n… {} bytes in all", &text[..end], body.len()),
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.request, self.response)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} HTTP/1.1", self.method, self.path)?;
        rest(f, &self.headers, &self.body)
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/1.1 {}", self.status)?;
        rest(f, &self.headers, self.body.trim_end())
    }
}

fn rest(f: &mut fmt::Formatter<'_>, headers: &[(String, String)], body: &str) -> fmt::Result {
    for (name, value) in headers {
        write!(f, "\n{name}: {value}")?;
    }
    if body.is_empty() { Ok(()) } else { write!(f, "\n\n{body}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: &str = "POST /token HTTP/1.1\ncontent-type: text/plain\n\na=b\n\n\
                         HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer\n\n{}";

    #[test]
    fn an_exchange_is_the_same_after_it_was_written() {
        let exchange = Exchange::parse(LOGIN).expect("it is one");
        assert_eq!(exchange.to_string(), LOGIN);
        assert_eq!(
            (exchange.request.method.as_str(), exchange.request.body.as_str()),
            ("POST", "a=b")
        );
        assert_eq!(exchange.response.code(), "401");
        assert_eq!(exchange.response.header("www-authenticate"), Some("Bearer"));
        let empty = "GET / HTTP/1.1\nauthorization: \n\nHTTP/1.1 200 OK";
        assert_eq!(Exchange::parse(empty).map(|empty| empty.to_string()).as_deref(), Some(empty));
        let bare = "GET / HTTP/1.1\n\nHTTP/1.1 204 No Content";
        assert_eq!(Exchange::parse(bare).map(|bare| bare.to_string()).as_deref(), Some(bare));
    }

    #[test]
    fn what_is_no_exchange_is_not_taken_for_one() {
        for text in ["", "a token is printed", "GET / HTTP/1.1", "hello\n\nHTTP/1.1 200 OK"] {
            assert_eq!(Exchange::parse(text), None, "{text:?}");
        }
        let wrong = |text| Request::parse(text).expect_err("it is no request");
        assert_eq!(wrong("nothing"), "`nothing` begins no request");
        assert_eq!(wrong("GET / HTTP/1.1\nx"), "`x` is not a header");
    }

    #[test]
    fn of_a_response_the_contract_is_shown() {
        let headers: [(&str, &[u8]); 3] =
            [("date", b"today"), ("content-type", b"application/json"), ("allow", b"GET ")];
        let shown = Response::received("200 OK", &headers, b"{\"b\":1}", |value| value.to_string());
        assert_eq!(
            shown.to_string(),
            "HTTP/1.1 200 OK\ncontent-type: application/json\nallow: GET\\x20\n\n{\"b\":1}"
        );
        let html: [(&str, &[u8]); 1] = [("content-type", b"text/html")];
        let page = b"<html><title>Docs</title>";
        let shown = Response::received("200 OK", &html, page, |value| value.to_string());
        assert_eq!(shown.body, "<the page \"Docs\">");
        let long = "x".repeat(2 * LONGEST_TEXT);
        let shown = Response::received("200 OK", &[], long.as_bytes(), |value| value.to_string());
        assert_eq!(shown.body, format!("{}\n… 8192 bytes in all", "x".repeat(LONGEST_TEXT)));
    }
}
