//! For a projector: what everybody in the room may see.

use std::sync::Arc;

use axum::{Json, debug_handler, extract::State, response::Response};

use crate::{
    guard::Instructor,
    live::View,
    refusal::{Forbidden, ServerError, Unauthorized},
    scope::{Scope, ShowClass},
    show::Show,
    state::Board,
};

/// See the class without names
#[utoipa::path(
    get,
    path = "/show",
    security(("OAuth2PasswordBearer" = [ShowClass::NAME])),
    responses((status = 200, description = "Groups of three or more", body = Show), Unauthorized, Forbidden)
)]
#[debug_handler]
pub async fn show(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<ShowClass>,
) -> Result<Json<Show>, ServerError> {
    Ok(Json(board.snapshot().await?.show()))
}

/// Follow the class without names
#[utoipa::path(
    get,
    path = "/show/live",
    security(("OAuth2PasswordBearer" = [ShowClass::NAME])),
    responses(
        (status = 200, description = "Snapshots", content_type = "text/event-stream", body = Show),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn follow(
    State(board): State<Arc<Board>>,
    Instructor(claims, _): Instructor<ShowClass>,
) -> Response {
    board.live.follow(&claims, View::Projector)
}
