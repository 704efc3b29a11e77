//! The token endpoint (RFC 6749 §3.2).
//!
//! A learner's key is traded by an extension grant (§4.5), as RFC 6749 means such things to be done. The password grant
//! (§4.3) is the exception: RFC 9700 §2.4 forbids it where a password is typed into somebody else's program. Here the page
//! that asks for it, the issuer and the resource server are one program, as in the course.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension, Form, Json, debug_handler,
    extract::{State, rejection::FormRejection},
    http::header,
    response::{self, IntoResponse, Response},
};
use jsonwebtoken::get_current_timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    guard::INSTRUCTOR,
    refusal::{ServerError, TokenError},
    scope::{self, Scope, WriteProgress},
    serve::Peer,
    state::Board,
    tokens::{INSTRUCTORS_LIFETIME, LEARNERS_LIFETIME, Order},
};

/// The grant by which a learner's key is traded (RFC 6749 §4.5: an absolute URI).
pub const KEY_GRANT: &str = "urn:workshop:class:grant-type:learner-key";

/// The form of either grant.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "password", "username": "instructor", "password": "…", "scope": "class:read"}))]
pub struct Request {
    /// `password`, or `urn:workshop:class:grant-type:learner-key`.
    grant_type: String,
    /// `instructor`.
    #[serde(default)]
    username: String,
    /// The instructor's.
    #[serde(default)]
    #[schema(format = Password)]
    password: String,
    /// A learner's.
    #[serde(default)]
    #[schema(format = Password)]
    key: String,
    /// What the token shall be allowed to do, space-separated (RFC 6749 §3.3).
    #[serde(default)]
    scope: String,
}

/// A token (RFC 6749 §5.1).
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// To be sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// `bearer`.
    #[schema(example = "bearer")]
    pub token_type: String,
    /// In seconds.
    pub expires_in: u64,
    /// What was granted.
    pub scope: String,
}

impl IntoResponse for Token {
    fn into_response(self) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// Get a token
#[utoipa::path(
    post,
    path = "/token",
    request_body(content = Request, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A bearer token", body = Token),
        (status = 400, description = "No token, and why", body = TokenError),
        (status = 429, description = "Too many wrong passwords from this address"),
    )
)]
#[debug_handler]
pub async fn token(
    State(board): State<Arc<Board>>,
    Extension(peer): Extension<Peer>,
    form: Result<Form<Request>, FormRejection>,
) -> response::Result<Token> {
    let Form(request) = form.map_err(|_| TokenError::INVALID_REQUEST)?;
    match request.grant_type.as_str() {
        "" => Err(TokenError::INVALID_REQUEST.into()),
        "password" => for_the_instructor(&board, peer, request).await,
        KEY_GRANT => for_a_learner(&board, request).await,
        _ => Err(TokenError::UNSUPPORTED_GRANT_TYPE.into()),
    }
}

async fn for_the_instructor(
    board: &Board,
    peer: Peer,
    request: Request,
) -> response::Result<Token> {
    if request.username.is_empty() || request.password.is_empty() {
        return Err(TokenError::INVALID_REQUEST.into());
    }
    // RFC 6749 §4.3.2 requires TLS. Here it would be forty people with a packet sniffer and a reason.
    if !peer.is_confidential() {
        return Err(TokenError::NOT_CONFIDENTIAL.into());
    }
    let now = Instant::now();
    board.wrong_passwords.check(&peer.address, now)?;
    // Taken before the hash is read: a password that changes meanwhile ends this token, too.
    let asked_at = get_current_timestamp();
    let class = board.store.class().await.map_err(ServerError::from)?;
    let right = board.passwords.is_right(request.password, class.password).await?;
    // There is one user, whose name is in the document: an unknown one costs the same hash, but keeps no secret.
    if !right || request.username != INSTRUCTOR {
        board.wrong_passwords.count(peer.address, now)?;
        return Err(TokenError::INVALID_GRANT.into());
    }
    let scope = scope::of_the_instructor(&request.scope).ok_or(TokenError::INVALID_SCOPE)?;
    let asked_at = asked_at.max(u64::try_from(class.tokens_from).unwrap_or(0));
    Ok(sign(board, INSTRUCTOR, "page", scope, asked_at, INSTRUCTORS_LIFETIME))
}

async fn for_a_learner(board: &Board, request: Request) -> response::Result<Token> {
    if request.key.is_empty() {
        return Err(TokenError::INVALID_REQUEST.into());
    }
    if !request.scope.is_empty() && request.scope != WriteProgress::NAME {
        return Err(TokenError::INVALID_SCOPE.into());
    }
    let asked_at = get_current_timestamp();
    let class = board.store.class().await.map_err(ServerError::from)?;
    let learner = board.store.learner_of_key(&request.key).await.map_err(ServerError::from)?;
    let learner = learner.ok_or(TokenError::INVALID_KEY)?;
    let asked_at = asked_at.max(u64::try_from(class.tokens_from).unwrap_or(0));
    let scope = WriteProgress::NAME.to_owned();
    Ok(sign(board, &learner, "xtask", scope, asked_at, LEARNERS_LIFETIME))
}

fn sign(
    board: &Board,
    sub: &str,
    client_id: &str,
    scope: String,
    asked_at: u64,
    lifetime: u64,
) -> Token {
    let order = Order { sub, client_id, scope: &scope, asked_at, lifetime };
    let access_token = board.keys.sign(&order);
    Token { access_token, token_type: "bearer".to_owned(), expires_in: lifetime, scope }
}
