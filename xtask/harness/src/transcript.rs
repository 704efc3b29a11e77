//! An exchange as text, in the form that snapshots have: what differs from run to run is in words.

use protocol::{
    exchange::{Exchange, Request, Response as ResponseText},
    invisible,
};
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    document,
    message::{Header, Message, Response},
    token,
};

/// The text of a message and the response to it.
pub(crate) fn write(message: &Message, response: &Response) -> Exchange {
    let header = |Header { name, value, token }: &Header| {
        let value = match token {
            Some((scheme, token)) => {
                invisible::shown(format!("{scheme}{}", token.shown).as_bytes())
            }
            None => invisible::shown(value),
        };
        (name.clone(), value)
    };
    let request = Request {
        method: message.method.clone(),
        path: message.path.clone(),
        headers: message.headers.iter().map(header).collect(),
        body: message.body.clone().unwrap_or_default(),
    };
    let status = StatusCode::from_u16(response.status)
        .map_or_else(|_| response.status.to_string(), |status| status.to_string());
    let headers: Vec<(&str, &[u8])> =
        response.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let canonical = |value| canonical(value, message.only.as_deref());
    let response = ResponseText::received(status, &headers, &response.body, canonical);
    Exchange { request, response }
}

/// JSON compares as values: keys are sorted, spaces are even.
fn canonical(value: Value, only: Option<&str>) -> String {
    let value = token::in_words(document::in_your_words(value));
    match only {
        None => format!("{value:#}"),
        Some(pointer) => {
            let part = value.pointer(pointer).unwrap_or(&Value::Null);
            format!("(only {pointer})\n{part:#}")
        }
    }
}
