//! Access tokens: JWTs as RFC 9068 has them, signed with HS256.
//!
//! RFC 9068 §2.1 asks for RS256 as well, so that others can check a token without being able to make one. Here issuer and
//! resource server are one program, and nobody else checks anything: one key, and one algorithm, which is pinned (RFC 8725
//! §3.1).

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    get_current_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::secret;

/// The kind of token (RFC 9068 §2.1): no other JWT that we might sign one day passes for an access token.
const KIND: &str = "at+jwt";

/// How long a learner's token is good: a day in class.
pub const LEARNERS_LIFETIME: u64 = 12 * 60 * 60;

/// How long an instructor's token is good.
pub const INSTRUCTORS_LIFETIME: u64 = 8 * 60 * 60;

/// What a token says (RFC 9068 §2.2): whose it is, until when it is good, and what it may do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: the class.
    pub iss: String,
    /// For whom: the class again. A token of another class opens nothing here.
    pub aud: String,
    /// Whose it is: a learner's id, or the instructor.
    pub sub: String,
    /// Which program asked for it.
    pub client_id: String,
    /// Until when it is good.
    pub exp: u64,
    /// When it was asked for.
    pub iat: u64,
    /// Which token this is.
    pub jti: String,
    /// Space-separated (RFC 8693 §4.2).
    pub scope: String,
}

/// For whom a token is made, and for how long.
pub struct Order<'a> {
    /// Whose it will be.
    pub sub: &'a str,
    /// Which program asks.
    pub client_id: &'a str,
    /// What it may do.
    pub scope: &'a str,
    /// When it was asked for, before anything was looked up: a change of the password meanwhile ends it, too.
    pub asked_at: u64,
    /// In seconds.
    pub lifetime: u64,
}

/// What signs tokens and checks them. It has no `Debug`: what cannot be printed is not logged.
pub struct Keys {
    audience: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Keys {
    /// The keys of the class with this audience. The signing key has 256 bits (RFC 7518 §3.2).
    pub fn new(audience: &str, signing_key: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[audience]);
        Self {
            audience: audience.to_owned(),
            encoding: EncodingKey::from_secret(signing_key.as_bytes()),
            decoding: DecodingKey::from_secret(signing_key.as_bytes()),
            validation,
        }
    }

    /// A new token.
    pub fn sign(&self, order: &Order) -> String {
        self.sign_claims(&Claims {
            iss: self.audience.clone(),
            aud: self.audience.clone(),
            sub: order.sub.to_owned(),
            client_id: order.client_id.to_owned(),
            exp: get_current_timestamp() + order.lifetime,
            iat: order.asked_at,
            jti: secret::random_id(),
            scope: order.scope.to_owned(),
        })
    }

    /// A token that says this.
    pub fn sign_claims(&self, claims: &Claims) -> String {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        encode(&header, claims, &self.encoding).expect("strings and numbers can be signed")
    }

    /// The claims of a token that we have signed for this class and that is still good.
    pub fn check(&self, token: &str) -> Option<Claims> {
        let kind = decode_header(token).ok()?.typ?;
        // RFC 9068 §4 allows the media type in full, in any case of letters.
        let kind = kind.to_ascii_lowercase();
        if kind.strip_prefix("application/").unwrap_or(&kind) != KIND {
            return None;
        }
        Some(decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims)
    }
}
