//! For the instructor: read the class, take it away, change it.

use std::sync::Arc;

use axum::{
    Json, debug_handler,
    extract::{Path, State, rejection::JsonRejection},
    http::{StatusCode, header},
    response::{self, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    csv::csv,
    guard::Instructor,
    live::View,
    refusal::{Detail, Forbidden, Refused, ServerError, Unauthorized, readable},
    scope::{AdminClass, ReadClass, Scope},
    snapshot::Snapshot,
    state::Board,
    store,
};

/// The longest time that a timer can be given, in minutes: a day.
const LONGEST_TIMER: u16 = 24 * 60;

/// Read the class
#[utoipa::path(
    get,
    path = "/class",
    security(("OAuth2PasswordBearer" = [ReadClass::NAME])),
    responses((status = 200, description = "Everybody", body = Snapshot), Unauthorized, Forbidden)
)]
#[debug_handler]
pub async fn class(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<ReadClass>,
) -> Result<Json<Snapshot>, ServerError> {
    Ok(Json(board.snapshot().await?))
}

/// Follow the class: a whole snapshot at every change, until the token ends
#[utoipa::path(
    get,
    path = "/class/live",
    security(("OAuth2PasswordBearer" = [ReadClass::NAME])),
    responses(
        (status = 200, description = "Snapshots", content_type = "text/event-stream", body = Snapshot),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn follow(
    State(board): State<Arc<Board>>,
    Instructor(claims, _): Instructor<ReadClass>,
) -> Response {
    board.live.follow(&claims, View::Class)
}

/// Take the class away, for a spreadsheet
#[utoipa::path(
    get,
    path = "/class/export.csv",
    security(("OAuth2PasswordBearer" = [ReadClass::NAME])),
    responses(
        (status = 200, description = "A line for each learner", content_type = "text/csv", body = String),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn export_csv(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<ReadClass>,
) -> Result<Response, ServerError> {
    let fields = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, r#"attachment; filename="class.csv""#),
    ];
    Ok((fields, csv(&board.snapshot().await?)).into_response())
}

/// Take the class away, for a program
#[utoipa::path(
    get,
    path = "/class/export.json",
    security(("OAuth2PasswordBearer" = [ReadClass::NAME])),
    responses((status = 200, description = "Everybody", body = Snapshot), Unauthorized, Forbidden)
)]
#[debug_handler]
pub async fn export_json(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<ReadClass>,
) -> Result<Response, ServerError> {
    let name = [(header::CONTENT_DISPOSITION, r#"attachment; filename="class.json""#)];
    Ok((name, Json(board.snapshot().await?)).into_response())
}

/// Where everybody is asked to go.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoTo {
    /// The step's number, or none.
    #[schema(example = 4)]
    step: Option<u8>,
}

/// Ask everybody to go to a step
#[utoipa::path(
    put,
    path = "/class/go-to",
    security(("OAuth2PasswordBearer" = [AdminClass::NAME])),
    request_body = GoTo,
    responses(
        (status = 204, description = "Everybody is asked"),
        (status = 400, description = "Nobody is", body = Detail),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn go_to(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<AdminClass>,
    body: Result<Json<GoTo>, JsonRejection>,
) -> response::Result<StatusCode> {
    let step = readable(body)?.step.map(i64::from);
    board.store.set_go_to(step).await.map_err(ServerError::from)?;
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// How much time everybody has.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// From now on, or none.
    #[schema(example = 10, maximum = 1440)]
    minutes: Option<u16>,
}

/// Start the timer, or stop it
#[utoipa::path(
    put,
    path = "/class/timer",
    security(("OAuth2PasswordBearer" = [AdminClass::NAME])),
    request_body = Timer,
    responses(
        (status = 204, description = "It is set"),
        (status = 400, description = "It is as it was", body = Detail),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn timer(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<AdminClass>,
    body: Result<Json<Timer>, JsonRejection>,
) -> response::Result<StatusCode> {
    let minutes = readable(body)?.minutes;
    if minutes.is_some_and(|minutes| minutes > LONGEST_TIMER) {
        return Err(Refused::UNREADABLE.into());
    }
    let ends = minutes.map(|minutes| store::now() + 60 * i64::from(minutes));
    board.store.set_timer(ends).await.map_err(ServerError::from)?;
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Whether anybody may join.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Nobody, if it is true.
    #[schema(example = true)]
    locked: bool,
}

/// Let nobody join any more, or let them
#[utoipa::path(
    put,
    path = "/class/lock",
    security(("OAuth2PasswordBearer" = [AdminClass::NAME])),
    request_body = Lock,
    responses(
        (status = 204, description = "The door is as it was asked for"),
        (status = 400, description = "It is as it was", body = Detail),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn lock(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<AdminClass>,
    body: Result<Json<Lock>, JsonRejection>,
) -> response::Result<StatusCode> {
    let locked = readable(body)?.locked;
    board.store.set_locked(locked).await.map_err(ServerError::from)?;
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a learner, with all that is known about them
#[utoipa::path(
    delete,
    path = "/class/learners/{id}",
    params(("id" = String, Path, description = "The learner's")),
    security(("OAuth2PasswordBearer" = [AdminClass::NAME])),
    responses(
        (status = 204, description = "The learner is removed"),
        (status = 404, description = "There is no such learner", body = Detail),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn remove(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<AdminClass>,
    Path(id): Path<String>,
) -> response::Result<StatusCode> {
    if !board.store.remove(&id).await.map_err(ServerError::from)? {
        return Err(Refused::NOBODY.into());
    }
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Remove every learner, and begin again with another code
#[utoipa::path(
    post,
    path = "/class/reset",
    security(("OAuth2PasswordBearer" = [AdminClass::NAME])),
    responses((status = 204, description = "The class is empty"), Unauthorized, Forbidden)
)]
#[debug_handler]
pub async fn reset(
    State(board): State<Arc<Board>>,
    _instructor: Instructor<AdminClass>,
) -> Result<StatusCode, ServerError> {
    board.store.reset().await?;
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}
