//! Tokens, and what a transcript says in their place: they are new in every run.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::challenge::sorted;

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

/// The claims that the contract names; a server may add others, and an empty scope may be left out.
const CLAIMS: [&str; 3] = ["sub", "exp", "scope"];

/// Of a JWT (RFC 7519) its algorithm and the claims that the contract names, with its end in words.
fn decoded(token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _signature] = parts.as_slice() else { return None };
    let (header, claims) = (part(header)?, part(claims)?);
    let mut shown = json!({"header": {"alg": header["alg"]}, "claims": {}});
    for name in CLAIMS {
        let Some(claim) = claims.get(name) else { continue };
        shown["claims"][name] = match (name, claim) {
            // RFC 7519 §2: a NumericDate may have a fraction.
            ("exp", Value::Number(time)) => json!(from_now(time.as_f64().unwrap_or_default())),
            ("scope", Value::String(scope)) if scope.is_empty() => continue,
            ("scope", Value::String(scope)) => json!(sorted(scope.split(' '), " ")),
            _ => claim.clone(),
        };
    }
    shown["signature"] = json!("<signature>");
    Some(shown)
}

fn part(text: &str) -> Option<Value> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// `in 900 s` or `now`, with the seconds that the response was on its way rounded off.
fn from_now(time: f64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    let left = time - now;
    if left.abs() < 5.0 {
        "now".to_owned()
    } else if left > 0.0 {
        format!("in {:.0} s", (left / 5.0).ceil() * 5.0)
    } else {
        "in the past".to_owned()
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
        let claims = json!({"sub": "alice", "exp": "in 900 s"});
        assert_eq!(shown["access_token"]["header"], json!({"alg": "HS256"}));
        assert_eq!(shown["access_token"]["claims"], claims);
    }

    #[test]
    fn any_other_token_is_opaque_and_none_is_not() {
        assert_eq!(in_words(json!({"access_token": "a.b.c"}))["access_token"], "<opaque>");
        assert_eq!(in_words(json!({"access_token": ""}))["access_token"], "");
    }
}
