//! Why a request is refused, and how that is said: the wire contract of the course.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Why, in words.
#[derive(Serialize, ToSchema)]
pub struct Detail {
    detail: &'static str,
}

/// Why a token does not open a route, with the challenge that says so (RFC 6750 §3).
#[derive(Debug)]
pub enum AuthError {
    /// The request carries no usable bearer token.
    NotAuthenticated,
    /// It carries one that is no good. Which of the many reasons it is helps nobody but an attacker.
    InvalidToken,
    /// It carries a good one that may not do this: this scope is required.
    InsufficientScope(&'static str),
    /// It cannot be checked: our fault.
    Server(ServerError),
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let unauthorized = StatusCode::UNAUTHORIZED;
        let (status, challenge, detail) = match self {
            Self::NotAuthenticated => (unauthorized, "Bearer".to_owned(), "Not authenticated"),
            Self::InvalidToken => {
                let challenge = r#"Bearer error="invalid_token""#.to_owned();
                (unauthorized, challenge, "Could not validate credentials")
            }
            Self::InsufficientScope(scope) => {
                let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
                (StatusCode::FORBIDDEN, challenge, "Not enough permissions")
            }
            Self::Server(error) => return error.into_response(),
        };
        (status, [(header::WWW_AUTHENTICATE, challenge)], Json(Detail { detail })).into_response()
    }
}

impl From<sqlx::Error> for AuthError {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error.into())
    }
}

/// The server's fault, and never "wrong password".
#[derive(Debug)]
pub enum ServerError {
    /// More work than can be done in time.
    Busy,
    /// Something broke: it is logged, and the client learns nothing.
    Broken,
}

impl ServerError {
    /// Says on standard error what broke.
    pub fn broken(what: &str) -> Self {
        eprintln!("{what}");
        Self::Broken
    }
}

impl IntoResponse for ServerError {
    fn into_response(self) -> Response {
        match self {
            Self::Busy => {
                let body = Json(Detail { detail: "Too much at once, try again" });
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], body)
                    .into_response()
            }
            Self::Broken => {
                let body = Json(Detail { detail: "Internal server error" });
                (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
            }
        }
    }
}

impl From<sqlx::Error> for ServerError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            other => Self::broken(&format!("The database failed: {other}")),
        }
    }
}

/// Why a good token's request is refused all the same.
#[derive(Debug)]
pub struct Refused(StatusCode, &'static str);

impl Refused {
    /// The body is not what the document says.
    pub const UNREADABLE: Self =
        Self(StatusCode::BAD_REQUEST, "Send JSON as the document describes it");
    /// The name cannot be shown.
    pub const NAME: Self =
        Self(StatusCode::BAD_REQUEST, "A name has 1 to 40 characters, all of them visible");
    /// The code is not the room's.
    pub const CODE: Self = Self(StatusCode::FORBIDDEN, "This is not the room's code");
    /// Nobody may join any more.
    pub const LOCKED: Self = Self(StatusCode::FORBIDDEN, "Nobody can join this class any more");
    /// As many learners as a class can have.
    pub const FULL: Self = Self(StatusCode::FORBIDDEN, "This class is full");
    /// There is no such learner.
    pub const NOBODY: Self = Self(StatusCode::NOT_FOUND, "There is no such learner");
}

/// The body, or the refusal that says no more than the document does.
pub fn readable<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Refused> {
    body.map(|Json(body)| body).map_err(|_| Refused::UNREADABLE)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(Detail { detail: self.1 })).into_response()
    }
}

/// Too many, and in how many seconds it may be tried again (RFC 6585 §4).
#[derive(Debug)]
pub struct TooMany(pub u64);

impl IntoResponse for TooMany {
    fn into_response(self) -> Response {
        let retry = [(header::RETRY_AFTER, self.0.to_string())];
        let body = Json(Detail { detail: "Too many requests, try again later" });
        (StatusCode::TOO_MANY_REQUESTS, retry, body).into_response()
    }
}

/// Why there is no token (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenError {
    error: &'static str,
    error_description: &'static str,
}

impl TokenError {
    /// A field is missing, empty or sent twice, or it is no form.
    pub const INVALID_REQUEST: Self = Self {
        error: "invalid_request",
        error_description: "Send a form with grant_type and what it needs, each once",
    };
    /// A password that anybody on the network could have read.
    pub const NOT_CONFIDENTIAL: Self = Self {
        error: "invalid_request",
        error_description: "The password is accepted over TLS, or from the board's own machine",
    };
    /// Neither of the two.
    pub const UNSUPPORTED_GRANT_TYPE: Self = Self {
        error: "unsupported_grant_type",
        error_description: "The grant_type must be password or that for a learner's key",
    };
    /// A scope that is not theirs, or none at all as RFC 6749 §3.3 writes it.
    pub const INVALID_SCOPE: Self =
        Self { error: "invalid_scope", error_description: "You may not have that scope" };
    /// A wrong password, or an unknown user: the same bytes.
    pub const INVALID_GRANT: Self =
        Self { error: "invalid_grant", error_description: "Incorrect username or password" };
    /// A key that nobody has, or nobody has any more.
    pub const INVALID_KEY: Self =
        Self { error: "invalid_grant", error_description: "This key opens nothing" };
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// No token, or one that is no good
#[derive(IntoResponses)]
#[response(status = 401, headers(("WWW-Authenticate", description = "The challenge")))]
#[expect(dead_code, reason = "it describes what `AuthError` becomes")]
pub struct Unauthorized(#[to_schema] Detail);

/// A good token that lacks a scope
#[derive(IntoResponses)]
#[response(status = 403, headers(("WWW-Authenticate", description = "The challenge")))]
#[expect(dead_code, reason = "it describes what `AuthError` becomes")]
pub struct Forbidden(#[to_schema] Detail);
