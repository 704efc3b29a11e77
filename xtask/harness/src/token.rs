//! Tokens, and what a transcript says in their place: they are new in every run.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A bearer token to be sent.
#[derive(Debug, Clone)]
pub struct Token {
    pub(crate) text: String,
    pub(crate) shown: String,
    /// The command line that gets one like it.
    pub(crate) login: Option<String>,
}

impl Token {
    /// A token that a transcript shows as `shown`.
    pub fn new(text: impl Into<String>, shown: impl Into<String>) -> Self {
        Self { text: text.into(), shown: shown.into(), login: None }
    }

    pub(crate) fn issued(text: String, username: &str, login: String) -> Self {
        Self { text, shown: format!("<the token of {username}>"), login: Some(login) }
    }

    /// The token itself.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Token {
    fn from(text: &str) -> Self {
        Self::new(text, text)
    }
}

impl From<&Token> for Token {
    fn from(token: &Token) -> Self {
        token.clone()
    }
}

/// Shows the `access_token` of an answer decoded if it is a JWT, and as `<opaque>` if it is another text.
pub(crate) fn in_words(mut value: Value) -> Value {
    if let Some(Value::String(token)) = value.get("access_token")
        && !token.is_empty()
    {
        value["access_token"] = decoded(token).unwrap_or_else(|| json!("<opaque>"));
    }
    value
}

/// Header and claims of a JWT (RFC 7519), with its times in words.
fn decoded(token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _signature] = parts.as_slice() else { return None };
    let (header, mut claims) = (part(header)?, part(claims)?);
    for name in ["exp", "iat"] {
        if let Some(time) = claims.get(name).and_then(Value::as_u64) {
            claims[name] = json!(from_now(time));
        }
    }
    Some(json!({"header": header, "claims": claims, "signature": "<signature>"}))
}

fn part(text: &str) -> Option<Value> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// `in 900 s` or `now`, with the seconds that the answer was on its way rounded off.
fn from_now(time: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match time.checked_sub(now) {
        _ if time.abs_diff(now) < 5 => "now".to_owned(),
        Some(left) => format!("in {} s", left.div_ceil(5) * 5),
        None => "in the past".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_is_shown_decoded() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let encode = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!(
            "{}.{}.c2ln",
            encode(json!({"alg": "HS256"})),
            encode(json!({"sub": "alice", "exp": now + 898, "iat": now - 2}))
        );
        let shown = in_words(json!({"access_token": token, "token_type": "bearer"}));
        let claims = json!({"sub": "alice", "exp": "in 900 s", "iat": "now"});
        assert_eq!(shown["access_token"]["header"], json!({"alg": "HS256"}));
        assert_eq!(shown["access_token"]["claims"], claims);
    }

    #[test]
    fn any_other_token_is_opaque_and_none_is_not() {
        assert_eq!(in_words(json!({"access_token": "a.b.c"}))["access_token"], "<opaque>");
        assert_eq!(in_words(json!({"access_token": ""}))["access_token"], "");
    }
}
