//! An encoder of JSON Web Tokens (RFC 7515, RFC 7519) for checks: it makes what an attacker would send.
//!
//! It shares no code with the library that servers use, so that the two cannot agree on a mistake.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use harness::{SECRET, Token};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};

/// How a token is signed.
#[derive(Debug, Clone, Copy)]
enum Signature {
    Hs256,
    Hs384,
    Hs512,
    None,
}

/// A token in the making. Unchanged, it is one that the server would have issued itself.
#[derive(Debug, Clone)]
pub struct Forgery {
    header: Value,
    claims: Map<String, Value>,
    payload: Option<String>,
    signature: Signature,
    key: String,
    /// What differs from an honest token, for the transcript.
    words: Vec<String>,
    /// Whether one of its times will soon have passed, or has just passed.
    is_of_this_moment: bool,
}

/// A server that allows for clocks that differ (RFC 7519 §4.1.4) may do so for some minutes, in seconds.
const LEEWAY: i64 = 300;

impl Forgery {
    /// An honest token for the user: good for 15 minutes, signed with the server's key.
    pub fn of(username: &str) -> Self {
        let forgery = Self {
            header: json!({"alg": "HS256", "typ": "JWT"}),
            claims: Map::new(),
            payload: None,
            signature: Signature::Hs256,
            key: SECRET.to_owned(),
            words: Vec::new(),
            is_of_this_moment: false,
        };
        let mut forgery = forgery.claim("sub", json!(username)).expires_in(900);
        forgery.words = vec![format!("a token of {username}")];
        forgery
    }

    /// Sets a claim.
    #[must_use]
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.words.push(format!("{name} {value}"));
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// Leaves a claim out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.words.push(format!("no {name}"));
        self.claims.remove(name);
        self
    }

    /// Sets a claim to a time so many seconds from now; a negative number is in the past.
    #[must_use]
    pub fn time(mut self, name: &str, seconds: i64) -> Self {
        self.words.push(match seconds {
            0.. => format!("{name} in {seconds} s"),
            _ => format!("{name} {} s ago", -seconds),
        });
        self.claims.insert(name.to_owned(), json!(now() + seconds));
        self.is_of_this_moment |= ["exp", "nbf"].contains(&name) && seconds.abs() < LEEWAY;
        self
    }

    /// Sets `exp` to so many seconds from now.
    #[must_use]
    pub fn expires_in(self, seconds: i64) -> Self {
        self.time("exp", seconds)
    }

    /// Puts this text in the place of the claims.
    #[must_use]
    pub fn payload(mut self, text: &str) -> Self {
        self.words.push(format!("the claims are `{text}`"));
        self.payload = Some(text.to_owned());
        self
    }

    /// Signs with HMAC and SHA-384, and says so in the header.
    #[must_use]
    pub fn hs384(mut self) -> Self {
        self.signature = Signature::Hs384;
        self.names_algorithm("HS384")
    }

    /// Signs with HMAC and SHA-512, and says so in the header.
    #[must_use]
    pub fn hs512(mut self) -> Self {
        self.signature = Signature::Hs512;
        self.names_algorithm("HS512")
    }

    /// Does not sign at all, and names this algorithm in the header.
    #[must_use]
    pub fn unsigned(mut self, algorithm: &str) -> Self {
        self.signature = Signature::None;
        self.names_algorithm(algorithm)
    }

    /// Signs with another key.
    #[must_use]
    pub fn signed_with(mut self, key: &str) -> Self {
        self.words.push(format!("signed with the key \"{key}\""));
        key.clone_into(&mut self.key);
        self
    }

    /// The finished token.
    pub fn token(&self) -> Token {
        let claims = Value::Object(self.claims.clone()).to_string();
        let payload = self.payload.as_ref().unwrap_or(&claims);
        let signed = format!("{}.{}", encoded(self.header.to_string()), encoded(payload));
        let signature = match self.signature {
            Signature::Hs256 => mac::<Hmac<Sha256>>(&self.key, &signed),
            Signature::Hs384 => mac::<Hmac<Sha384>>(&self.key, &signed),
            Signature::Hs512 => mac::<Hmac<Sha512>>(&self.key, &signed),
            Signature::None => String::new(),
        };
        self.shown(format!("{signed}.{signature}"), format!("<{}>", self.words.join(", ")))
    }

    /// The finished token, and then its text changed by `change`, which `words` describe.
    pub fn changed(&self, words: &str, change: impl FnOnce(&str) -> String) -> Token {
        let shown = format!("<{}, {words}>", self.words.join(", "));
        self.shown(change(self.token().text()), shown)
    }

    fn shown(&self, text: String, shown: String) -> Token {
        let make = if self.is_of_this_moment { Token::not_by_hand } else { Token::new };
        make(text, shown)
    }

    fn names_algorithm(mut self, algorithm: &str) -> Self {
        self.words.push(format!("alg {algorithm}"));
        self.header["alg"] = json!(algorithm);
        self
    }
}

/// Base64url without padding, as every part of a token is written (RFC 7515 §2).
pub fn encoded(part: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

/// Whether a token is signed with HS256 and the server's key.
pub fn is_signed_with_the_secret(token: &str) -> bool {
    is_signed_with(SECRET, token)
}

/// Whether a token is signed with HS256 and this key.
pub fn is_signed_with(key: &str, token: &str) -> bool {
    token
        .rsplit_once('.')
        .is_some_and(|(signed, signature)| mac::<Hmac<Sha256>>(key, signed) == signature)
}

/// The claims of a token, no matter who signed it.
pub fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn mac<M: Mac + KeyInit>(key: &str, signed: &str) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("HMAC takes any key");
    mac.update(signed.as_bytes());
    encoded(mac.finalize().into_bytes())
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right");
    i64::try_from(since.as_secs()).expect("the year is before 292 billion")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7515, appendix A.1.
    #[test]
    fn signs_as_the_rfc_does() {
        let key = BASE64_URL_SAFE_NO_PAD
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .expect("base64url");
        let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("any key");
        mac.update(signed.as_bytes());
        let signature = encoded(mac.finalize().into_bytes());
        assert_eq!(signature, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    #[test]
    fn a_token_that_a_leeway_decides_about_is_not_to_be_sent_by_hand() {
        let by_hand = |forgery: Forgery| forgery.token().means_the_same_by_hand();
        assert!(by_hand(Forgery::of("alice")) && by_hand(Forgery::of("alice").time("iat", 0)));
        assert!(by_hand(Forgery::of("alice").expires_in(-86_400)));
        assert!(!by_hand(Forgery::of("alice").expires_in(-30)));
        assert!(!by_hand(Forgery::of("alice").time("nbf", 60)));
    }

    #[test]
    fn an_honest_token_is_signed_with_the_secret_and_a_changed_one_is_not() {
        let honest = Forgery::of("alice");
        assert!(is_signed_with_the_secret(honest.token().text()));
        assert!(!is_signed_with_the_secret(honest.signed_with("another").token().text()));
    }
}
