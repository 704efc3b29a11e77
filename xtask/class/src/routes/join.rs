//! For anybody in the room: the code is traded for a key.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension, Json, debug_handler,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{self, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    name::name,
    refusal::{Detail, Refused, ServerError, readable},
    secret,
    serve::Peer,
    state::Board,
};

/// Somebody who wants to be seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The room's code.
    #[schema(example = "ABCDEFGH")]
    code: String,
    /// As they want to be called.
    #[schema(example = "Ada", max_length = 40)]
    name: String,
}

/// What a learner keeps.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Joined {
    /// To be traded for tokens. The board stores its hash alone.
    pub key: String,
}

/// Join the class
#[utoipa::path(
    post,
    path = "/join",
    request_body = Join,
    responses(
        (status = 201, description = "A key of one's own", body = Joined),
        (status = 400, description = "No name that can be shown, or no such JSON", body = Detail),
        (status = 403, description = "A wrong code, or nobody may join any more", body = Detail),
        (status = 429, description = "Too many wrong codes from this address", body = Detail),
    )
)]
#[debug_handler]
pub async fn join(
    State(board): State<Arc<Board>>,
    Extension(peer): Extension<Peer>,
    body: Result<Json<Join>, JsonRejection>,
) -> response::Result<Response> {
    let join = readable(body)?;
    let class = board.store.class().await.map_err(ServerError::from)?;
    // Only wrong codes count, and a right one is let in beside any number of them: forty learners behind one address are
    // no attack, and a guesser among them must not lock them out. What stops guessing is the number of codes.
    if !secret::is_same(&secret::typed_code(&join.code), &class.code) {
        board.wrong_codes.count(peer.address, Instant::now())?;
        return Err(Refused::CODE.into());
    }
    if class.locked {
        return Err(Refused::LOCKED.into());
    }
    let name = name(&join.name).ok_or(Refused::NAME)?;
    let key = board.store.join(name).await.map_err(ServerError::from)?.ok_or(Refused::FULL)?;
    board.changed();
    Ok((StatusCode::CREATED, Json(Joined { key })).into_response())
}
