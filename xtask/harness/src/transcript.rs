//! An exchange as text: what a snapshot holds, the book shows and a failure is compared with.

use std::fmt::Write;

use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    document,
    exchange::Answer,
    request::{Header, Request},
    token,
};

/// The answer's headers that belong to the wire contract.
const SHOWN: [&str; 5] = ["www-authenticate", "content-type", "cache-control", "location", "allow"];

pub(crate) fn of(request: &Request<'_>, answer: &Answer) -> String {
    let mut text = format!("{} {} HTTP/1.1\n", request.method, request.path);
    for Header { name, value, token } in &request.headers {
        match token {
            Some((scheme, token)) => {
                let shown = visible(format!("{scheme}{}", token.shown).as_bytes());
                add(
                    &mut text,
                    format_args!(
                        "{name}: {shown}
"
                    ),
                );
            }
            None => add_header(&mut text, name, value),
        }
    }
    if let Some(body) = &request.body {
        add_body(&mut text, body);
    }
    let status = StatusCode::from_u16(answer.status)
        .map_or_else(|_| answer.status.to_string(), |s| s.to_string());
    add(&mut text, format_args!("\nHTTP/1.1 {status}\n"));
    for name in SHOWN {
        for (_, value) in answer.headers.iter().filter(|(other, _)| other == name) {
            add_header(&mut text, name, value);
        }
    }
    if !answer.body.is_empty() {
        add_body(&mut text, &body_of(answer, request.only.as_deref()));
    }
    text.trim_end().to_owned()
}

fn add_header(text: &mut String, name: &str, value: &[u8]) {
    add(text, format_args!("{name}: {}\n", visible(value)));
}

fn add_body(text: &mut String, body: &str) {
    add(text, format_args!("\n{body}\n"));
}

fn add(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a String takes all text");
}

/// A header's value with every byte that the eye would miss written out: `Bearer\x20`.
fn visible(value: &[u8]) -> String {
    let text =
        String::from_utf8(value.to_owned()).unwrap_or_else(|_| value.escape_ascii().to_string());
    let end = text.trim_end_matches(' ');
    let blanks = text.len() - end.len();
    format!("{}{}", end.replace('\t', "\\t"), "\\x20".repeat(blanks))
}

fn body_of(answer: &Answer, only: Option<&str>) -> String {
    let content_type = answer.header("content-type").unwrap_or_default();
    if content_type.starts_with("application/json")
        && let Ok(value) = serde_json::from_slice::<Value>(&answer.body)
    {
        // JSON compares as values: keys are sorted, blanks are even.
        let value = token::in_words(document::in_your_words(value));
        return match only {
            None => format!("{value:#}"),
            Some(pointer) => {
                let part = value.pointer(pointer).unwrap_or(&Value::Null);
                format!("(only {pointer})\n{part:#}")
            }
        };
    }
    let text = String::from_utf8_lossy(&answer.body);
    if content_type.starts_with("text/html") {
        let title = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        return title.map_or(String::from("<a page without a title>"), |(title, _)| {
            format!("<the page \"{title}\">")
        });
    }
    text.chars().take(4096).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_the_eye_would_miss_are_written_out() {
        assert_eq!(visible(b"Bearer "), r"Bearer\x20");
        assert_eq!(visible(b"a\tb"), r"a\tb");
        assert_eq!(visible(b"\xe9"), r"\xe9");
        assert_eq!(visible("é".as_bytes()), "é");
    }
}
