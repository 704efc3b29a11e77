//! An exchange as text, in the form that snapshots have: what differs from run to run is in words.

use std::fmt::{self, Write as _};

use http::StatusCode;
use protocol::{
    exchange::{Exchange, LONGEST_JSON, Request, Response as ResponseText},
    invisible,
};
use serde_json::Value;

use crate::{
    canonical,
    current::with_names,
    message::{Header, Message, Response},
};

/// The text of a message and the response to it.
pub(crate) fn write(message: &Message, response: &Response) -> Exchange {
    let status = StatusCode::from_u16(response.status)
        .map_or_else(|_| response.status.to_string(), |status| status.to_string());
    let headers: Vec<(&str, &[u8])> =
        response.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let json = |value| as_text(&canonical::json(value), message.only.as_deref());
    let mut shown = ResponseText::received(status, &headers, &response.body, json);
    canonical::headers(&mut shown);
    Exchange { request: request(message), response: response_with_names(shown) }
}

/// The message without its body: `GET /items/secret`, and a line for each header.
pub(crate) fn asked(message: &Message) -> String {
    let Request { method, path, headers, .. } = request(message);
    let headers = headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
    format!("{method} {path}{}", headers.collect::<String>())
}

fn request(message: &Message) -> Request {
    let header = |Header { name, value, token }: &Header| {
        let value = match token {
            Some((scheme, token)) => {
                invisible::shown(format!("{scheme}{}", token.shown).as_bytes())
            }
            None => invisible::shown(value),
        };
        (name.clone(), value)
    };
    request_with_names(Request {
        method: message.method.clone(),
        path: message.path.clone(),
        headers: message.headers.iter().map(header).collect(),
        body: message.body.clone().unwrap_or_default(),
    })
}

fn request_with_names(mut request: Request) -> Request {
    request.path = with_names(&request.path);
    request.body = with_names(&request.body);
    for (_, value) in &mut request.headers {
        *value = with_names(value);
    }
    request
}

fn response_with_names(mut response: ResponseText) -> ResponseText {
    response.body = with_names(&response.body);
    for (_, value) in &mut response.headers {
        *value = with_names(value);
    }
    response
}

/// JSON compares as values: keys are sorted, spaces are even.
fn as_text(value: &Value, only: Option<&str>) -> String {
    match only {
        None => in_lines(value),
        Some(pointer) => {
            let part = value.pointer(pointer).unwrap_or(&Value::Null);
            format!("(only {pointer})\n{}", in_lines(part))
        }
    }
}

/// The value with a line for each part: at most [`LONGEST_JSON`] bytes, since deep ones are indented far.
fn in_lines(value: &Value) -> String {
    let mut lines = Bounded(String::new());
    if write!(lines, "{value:#}").is_err() {
        lines.0.push_str("\n… and so on");
    }
    lines.0
}

/// Text that takes no more than [`LONGEST_JSON`] bytes.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST_JSON {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_lines_has_an_end() {
        let deep = (0..60).fold(Value::from(vec![0; 100_000]), |inner, _| Value::from(vec![inner]));
        let lines = in_lines(&deep);
        assert!(lines.len() <= LONGEST_JSON + 20 && lines.ends_with("… and so on"));
        assert_eq!(in_lines(&Value::from(vec![1])), "[\n  1\n]");
    }
}
