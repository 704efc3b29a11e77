//! What a server in `solutions/NN-slug/examples/` was asked and what it responded, `NAME.snap` beside `NAME.rs`.
//!
//! ```text
//! GET /stock
//! x-api-key: shop-1865
//! ---
//! 200 OK
//! content-type: text/plain; charset=utf-8
//!
//! shop 1865 has 12 teapots
//! ===
//! GET /stock
//! ---
//! 400 Bad Request
//! …
//! ```
//!
//! People write the requests; `cargo xtask snapshots` sends them and writes the responses.

use std::fmt;

use protocol::exchange::{Request, Response};
use xtask::course::Step;

/// The port that the servers of a step listen on: the reader of one chapter may have left that of the last one running.
pub fn port(step: &Step) -> u16 {
    3200 + u16::from(step.number)
}

/// The line between a request and its response.
const RESPONSE: &str = "---";

/// The line between two exchanges.
const NEXT: &str = "===";

/// A request, and its response if it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is sent.
    pub request: Request,
    /// Its response.
    pub response: Option<Response>,
}

/// Reads a file of exchanges; the error names the line.
pub fn parse(text: &str) -> Result<Vec<Asked>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut first = 1;
    let mut all = Vec::new();
    for exchange in lines.split(|line| *line == NEXT) {
        all.push(one(exchange).map_err(|why| format!("the exchange at line {first}: {why}"))?);
        first += exchange.len() + 1;
    }
    Ok(all)
}

fn one(lines: &[&str]) -> Result<Asked, String> {
    let end = lines.iter().position(|line| *line == RESPONSE);
    let (first, headers, body) = message(&lines[..end.unwrap_or(lines.len())])?;
    let (method, path) = first
        .split_once(' ')
        .filter(|(_, path)| path.starts_with('/') && !path.contains(' '))
        .ok_or_else(|| format!("`{first}` is no request line such as `GET /stock`"))?;
    let (method, path) = (method.to_owned(), path.to_owned());
    let request = Request { method, path, headers, body };
    let Some(end) = end else { return Ok(Asked { request, response: None }) };
    let (status, headers, body) = message(&lines[end + 1..])?;
    Ok(Asked { request, response: Some(Response { status: status.to_owned(), headers, body }) })
}

type Headers = Vec<(String, String)>;

/// The first line, the headers and the body.
fn message<'l>(lines: &[&'l str]) -> Result<(&'l str, Headers, String), String> {
    let (first, rest) = lines.split_first().ok_or("there is nothing")?;
    let end = rest.iter().position(|line| line.is_empty()).unwrap_or(rest.len());
    let header = |line: &&str| {
        // A value may be empty, and an editor may have removed the space before it.
        let (name, value) =
            line.split_once(':').ok_or_else(|| format!("`{line}` is not a header"))?;
        Ok((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()))
    };
    let headers = rest[..end].iter().map(header).collect::<Result<_, String>>()?;
    let body = rest.get(end + 1..).unwrap_or_default().join("\n");
    Ok((first, headers, body.trim_end().to_owned()))
}

/// The file of these exchanges.
pub fn text(all: &[Asked]) -> String {
    let exchanges: Vec<String> = all.iter().map(ToString::to_string).collect();
    exchanges.join(&format!("{NEXT}\n"))
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { method, path, headers, body } = &self.request;
        write_message(f, &format!("{method} {path}"), headers, body)?;
        match &self.response {
            None => Ok(()),
            Some(Response { status, headers, body }) => {
                writeln!(f, "{RESPONSE}")?;
                write_message(f, status, headers, body)
            }
        }
    }
}

fn write_message(
    f: &mut fmt::Formatter<'_>,
    first: &str,
    headers: &Headers,
    body: &str,
) -> fmt::Result {
    writeln!(f, "{first}")?;
    for (name, value) in headers {
        let space = if value.is_empty() { "" } else { " " };
        writeln!(f, "{name}:{space}{value}")?;
    }
    if body.is_empty() { Ok(()) } else { writeln!(f, "\n{}", body.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "POST /stock?a=b\nx-api-key: shop-1\nx-empty:\n\nteapots=2\n---\n200 OK\n\
                        content-type: text/plain\n\none\n\ntwo\n===\nGET /stock\n---\n400 Bad Request\n";

    #[test]
    fn a_file_of_exchanges_is_the_same_after_it_was_written() {
        let all = parse(FILE).expect("it is well-formed");
        assert_eq!(text(&all), FILE);
        assert_eq!(all[0].request.body, "teapots=2");
        let response = all[0].response.as_ref().expect("a response");
        assert_eq!((response.code(), response.body.as_str()), ("200", "one\n\ntwo"));
    }

    #[test]
    fn a_request_may_still_be_without_its_response() {
        let all = parse("GET /a\n===\nGET /b\nx: y\n").expect("it is well-formed");
        assert!(all.len() == 2 && all.iter().all(|asked| asked.response.is_none()), "{all:?}");
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_line() {
        let wrong = |text: &str| parse(text).expect_err("it is wrong");
        assert_eq!(
            wrong("GET /a\n===\nGET /b HTTP/1.1\n"),
            "the exchange at line 3: `GET /b HTTP/1.1` is no request line such as `GET /stock`"
        );
        assert!(wrong("GET /a\nx\n").contains("`x` is not a header"));
        assert!(wrong("GET /a\n---\n===\n").contains("there is nothing"));
        assert!(wrong("").contains("there is nothing"));
    }
}
