//! A page whose step is not the one that is watched can have it watched.

use axum::{
    Json,
    extract::{Path as UrlPath, State},
    http::StatusCode,
};
use serde_json::{Value, json};
use xtask::{course::Course, session::watched};

use crate::server::state::ServerState;

/// Asks the running `learn` to go on with a step; the pages hear of it when it does.
pub(crate) async fn watch(
    State(state): State<ServerState>,
    UrlPath(slug): UrlPath<String>,
) -> (StatusCode, Json<Value>) {
    let trouble = |words: String| Json(json!({ "trouble": words }));
    let course = match Course::open(&state.root) {
        Ok(course) => course,
        Err(why) => return (StatusCode::OK, trouble(why.to_string())),
    };
    let Some(step) = course.steps.iter().find(|step| step.slug == slug) else {
        return (StatusCode::NOT_FOUND, trouble("There is no such step.".to_owned()));
    };
    if watched::slugs(&course).is_empty() {
        let words = format!("No step is watched. Start it: cargo xtask learn {}", step.number);
        return (StatusCode::OK, trouble(words));
    }
    match watched::ask_for(&course, step) {
        Ok(()) => (StatusCode::ACCEPTED, Json(json!({}))),
        Err(why) => (StatusCode::OK, trouble(why.to_string())),
    }
}
