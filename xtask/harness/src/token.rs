//! Tokens, and what a transcript says in their place: they are new in every run.

use std::{
    ops::RangeInclusive,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{challenge::scopes_in_order, current::Login};

/// A bearer token to be sent.
#[derive(Debug, Clone)]
pub struct Token {
    pub(crate) text: String,
    pub(crate) shown: String,
    /// The login that it is from.
    pub(crate) login: Option<Login>,
    /// Whether it means the same to a server that is started by hand, and for as long as that takes.
    by_hand: bool,
}

impl Token {
    /// A token that a transcript shows as `shown`.
    pub fn new(text: impl Into<String>, shown: impl Into<String>) -> Self {
        Self { text: text.into(), shown: shown.into(), login: None, by_hand: true }
    }

    /// The same of a token that no other server knows, or that means something else a minute later: no command line
    /// shows it.
    pub fn not_by_hand(text: impl Into<String>, shown: impl Into<String>) -> Self {
        Self { by_hand: false, ..Self::new(text, shown) }
    }

    pub(crate) fn issued(text: String, username: &str, login: Option<Login>) -> Self {
        Self { text, shown: format!("<the token of {username}>"), login, by_hand: true }
    }

    /// Whether somebody who sends it from a terminal is answered as the check was.
    pub fn means_the_same_by_hand(&self) -> bool {
        self.by_hand
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

/// Shows the `access_token` of a response decoded if it is a JWT, and as `<opaque>` if it is another text. How long it is
/// good is in words; where `expires_in` and `exp` contradict each other, the words say so.
pub(crate) fn in_words(mut value: Value) -> Value {
    let Some(token) = value["access_token"].as_str().filter(|token| !token.is_empty()) else {
        return value;
    };
    let (mut shown, end) = decoded(token).unwrap_or((json!("<opaque>"), None));
    if let Some(seconds) = value["expires_in"].as_f64()
        && LIFETIMES.contains(&seconds)
    {
        value["expires_in"] = json!("<lifetime in seconds>");
        if let Some(end) = end {
            let exp = if (end - seconds).abs() < ON_ITS_WAY {
                "<now + lifetime>".to_owned()
            } else {
                format!("{}, and expires_in is {seconds}", rounded(end))
            };
            shown["claims"]["exp"] = json!(exp);
        }
    }
    value["access_token"] = shown;
    value
}

/// How long a token may be good, in seconds: the contract leaves it to the server's author, and fewer or more are a slip
/// of the unit.
const LIFETIMES: RangeInclusive<f64> = 60.0..=86_400.0;

/// How many seconds a response may be on its way.
const ON_ITS_WAY: f64 = 5.0;

/// The claims that the contract names; a server may add others, and an empty scope may be left out.
const CLAIMS: [&str; 3] = ["sub", "exp", "scope"];

/// Of a JWT (RFC 7519) its algorithm and the claims that the contract names, with its end in words; and in how many
/// seconds that is.
fn decoded(token: &str) -> Option<(Value, Option<f64>)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _signature] = parts.as_slice() else { return None };
    let (header, claims) = (part(header)?, part(claims)?);
    let mut shown = json!({"header": {"alg": header["alg"]}, "claims": {}});
    let mut end = None;
    for name in CLAIMS {
        let Some(claim) = claims.get(name) else { continue };
        shown["claims"][name] = match (name, claim) {
            // RFC 7519 §2: a NumericDate may have a fraction.
            ("exp", Value::Number(time)) => {
                let seconds = from_now(time.as_f64().unwrap_or_default());
                end = Some(seconds);
                json!(rounded(seconds))
            }
            ("scope", Value::String(scope)) if scope.is_empty() => continue,
            ("scope", Value::String(scope)) => json!(scopes_in_order(scope)),
            _ => claim.clone(),
        };
    }
    shown["signature"] = json!("<signature>");
    Some((shown, end))
}

fn part(text: &str) -> Option<Value> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// In how many seconds this time comes.
fn from_now(time: f64) -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    time - now
}

/// `in 900 s` or `now`, with the seconds that the response was on its way rounded off.
fn rounded(seconds: f64) -> String {
    if seconds.abs() < ON_ITS_WAY {
        "now".to_owned()
    } else if seconds > 0.0 {
        format!("in {:.0} s", (seconds / ON_ITS_WAY).ceil() * ON_ITS_WAY)
    } else {
        "in the past".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A good login with a token that ends in so many seconds.
    fn login(exp_in: f64, expires_in: &Value) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64();
        let encode = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({"sub": "alice", "exp": (now + exp_in).trunc(), "iat": now});
        let token = format!("{}.{}.c2ln", encode(json!({"alg": "HS256"})), encode(claims));
        in_words(json!({"access_token": token, "expires_in": expires_in}))
    }

    #[test]
    fn a_jwt_is_shown_decoded() {
        let shown = login(898.0, &json!(15));
        let claims = json!({"sub": "alice", "exp": "in 900 s"});
        assert_eq!(shown["access_token"]["header"], json!({"alg": "HS256"}));
        assert_eq!(shown["access_token"]["claims"], claims);
        assert_eq!(shown["expires_in"], 15);
    }

    #[test]
    fn a_contradiction_between_both_members_is_one_difference() {
        let shown = login(958.0, &json!(900));
        assert_eq!(shown["expires_in"], "<lifetime in seconds>");
        let exp = &shown["access_token"]["claims"]["exp"];
        assert_eq!(exp, "in 960 s, and expires_in is 900");
    }

    #[test]
    fn a_lifetime_is_the_author_s_own_if_both_members_agree() {
        let is_free = |exp_in: f64, expires_in: Value| {
            login(exp_in, &expires_in)["expires_in"] == "<lifetime in seconds>"
        };
        assert!(is_free(898.0, json!(900)));
        assert!(is_free(3600.0, json!(3600)));
        assert_eq!(login(900.0, &json!(900)), login(3600.0, &json!(3600)));
        assert!(!is_free(900.0, json!(15)), "minutes");
        assert!(!is_free(15.0, json!(15)), "too short");
        assert!(!is_free(900_000.0, json!(900_000)), "milliseconds");
        assert!(!is_free(900.0, json!("900")));
        assert!(!is_free(900.0, Value::Null));
    }

    #[test]
    fn any_other_token_is_opaque_and_none_is_not() {
        let other = in_words(json!({"access_token": "a.b.c", "expires_in": 900}));
        assert_eq!(other["expires_in"], "<lifetime in seconds>");
        assert_eq!(in_words(json!({"access_token": "a.b.c"}))["access_token"], "<opaque>");
        assert_eq!(in_words(json!({"access_token": ""}))["access_token"], "");
    }
}
