//! For a learner: their own row, which the token names. No address has a learner's id in it, so none can be exchanged.

use std::{sync::Arc, time::Instant};

use axum::{
    Json, debug_handler,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    event::{self, Event, What},
    guard::CurrentLearner,
    refusal::{AuthError, Detail, Forbidden, Refused, ServerError, Unauthorized, readable},
    scope::{Scope, WriteProgress},
    state::Board,
    store::{self, learners::Learner},
};

/// All that the board knows about a learner.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// As they want to be called.
    pub name: String,
    /// The step that they saved last.
    pub step: Option<i64>,
    /// How many of its checks pass.
    pub passed: Option<i64>,
    /// How many it has.
    pub checks: Option<i64>,
    /// How long they have worked on it.
    pub minutes: Option<i64>,
    /// The check to look at first.
    pub failing: Option<String>,
    /// The kind of difference that it found.
    pub finding: Option<String>,
    /// The known mistake, if it is one.
    pub mistake: Option<String>,
    /// Whether they raise a hand.
    pub hand: bool,
    /// When they saved last, in seconds since 1970.
    pub seen: Option<i64>,
    /// When all of it is deleted, in seconds since 1970.
    pub deleted_after: i64,
}

/// What the instructor asks of everybody.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// The step to which everybody is asked to go.
    pub go_to: Option<i64>,
    /// When the timer ends, in seconds since 1970.
    pub timer_ends: Option<i64>,
}

/// See what the board knows about you
#[utoipa::path(
    get,
    path = "/me",
    security(("OAuth2PasswordBearer" = [WriteProgress::NAME])),
    responses((status = 200, description = "All of it", body = Me), Unauthorized, Forbidden)
)]
#[debug_handler(state = Arc<Board>)]
pub async fn me(CurrentLearner { learner, class }: CurrentLearner) -> Json<Me> {
    let Learner {
        name, step, passed, checks, minutes, failing, finding, mistake, hand, seen, ..
    } = learner;
    Json(Me {
        name,
        step,
        passed,
        checks,
        minutes,
        failing,
        finding,
        mistake,
        hand,
        seen,
        deleted_after: class.delete_after,
    })
}

/// Leave the class: all that the board knows about you is deleted
#[utoipa::path(
    delete,
    path = "/me",
    security(("OAuth2PasswordBearer" = [WriteProgress::NAME])),
    responses((status = 204, description = "It is deleted"), Unauthorized, Forbidden)
)]
#[debug_handler]
pub async fn leave(
    State(board): State<Arc<Board>>,
    CurrentLearner { learner, .. }: CurrentLearner,
) -> Result<StatusCode, ServerError> {
    board.store.remove(&learner.id).await?;
    board.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Report what happened
///
/// An event that is sent again counts once. What is acknowledged is on the disk. Without any, it only asks for the notice.
#[utoipa::path(
    post,
    path = "/me/events",
    security(("OAuth2PasswordBearer" = [WriteProgress::NAME])),
    request_body(content = Vec<Event>, description = "At most 100"),
    responses(
        (status = 200, description = "All of them are known now", body = Notice),
        (status = 400, description = "None of them is", body = Detail),
        (status = 429, description = "Too many requests of this learner", body = Detail),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler]
pub async fn report(
    State(board): State<Arc<Board>>,
    CurrentLearner { learner, class }: CurrentLearner,
    body: Result<Json<Vec<Event>>, JsonRejection>,
) -> response::Result<Json<Notice>> {
    board.posts.count(learner.id.clone(), Instant::now())?;
    let mut events = readable(body)?;
    if events.len() > event::MOST {
        return Err(Refused::UNREADABLE.into());
    }
    if !events.is_empty() {
        for event in &mut events {
            if let What::Verdict(verdict) = &mut event.what {
                board.course.keep_its_names(verdict);
            }
        }
        let recorded = board.store.record(&learner.id, events, store::now()).await;
        recorded.map_err(ServerError::from)?.ok_or(AuthError::InvalidToken)?;
        board.changed();
    }
    Ok(Json(Notice { go_to: class.go_to, timer_ends: class.timer_ends }))
}
