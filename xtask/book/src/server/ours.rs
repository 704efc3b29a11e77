//! Our server of a step, which a page can start, and what pages show of it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path as UrlPath, State},
    http::StatusCode,
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{sync::watch, task};
use xtask::{
    course::{Course, Step, Whose},
    session::{
        live_server::Servers,
        our_server::{OurServer, Stage},
    },
};

use crate::{directives::ours::command, server::state::ServerState};

/// What a page shows where it offers the server of a step.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    words: String,
    /// Where it runs.
    url: Option<String>,
    /// Whether it is on its way.
    busy: bool,
    /// What to type where it cannot be started.
    command: Option<String>,
}

/// No server, and who hears of one.
pub(crate) fn none_yet() -> (Arc<OurServer>, watch::Receiver<()>) {
    let (tell, changes) = watch::channel(());
    (Arc::new(OurServer::new(move || tell.send_replace(()))), changes)
}

/// Begins to start it; how far it is, the page hears from then on.
pub(crate) async fn start(
    State(state): State<ServerState>,
    UrlPath(slug): UrlPath<String>,
) -> (StatusCode, Json<Value>) {
    let trouble = |words: String| Json(json!({ "trouble": words }));
    let course = match Course::open(&state.root) {
        Ok(course) => course,
        Err(why) => return (StatusCode::OK, trouble(why.to_string())),
    };
    let Some(step) = course.steps.iter().find(|step| step.slug == slug).cloned() else {
        return (StatusCode::NOT_FOUND, trouble("There is no such step.".to_owned()));
    };
    // The one before has to end first.
    match task::spawn_blocking(move || state.ours.start(course, step)).await {
        Ok(()) => (StatusCode::ACCEPTED, Json(json!({}))),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, trouble(error.to_string())),
    }
}

/// By the slug of each step: its server, wherever it was started. A step that is not here has none.
pub(crate) fn by_step(course: &Course, ours: &OurServer) -> BTreeMap<String, Shown> {
    let step = |slug: &str| course.steps.iter().find(|step| step.slug == slug);
    let asked_for = ours.stage().and_then(|(slug, stage)| Some((step(&slug)?, stage)));
    let mut shown = BTreeMap::new();
    if let Some((step, stage)) = asked_for {
        shown.insert(step.slug.clone(), Shown::of(step, &stage));
    }
    for note in Servers::in_checkout(course).running() {
        if note.whose == Whose::Reference
            && let Some(step) = step(&note.step)
        {
            shown.insert(note.step, Shown::of(step, &Stage::Running(note.port)));
        }
    }
    shown
}

impl Shown {
    fn of(step: &Step, stage: &Stage) -> Self {
        let number = step.number;
        let (words, url) = match stage {
            Stage::Begun => {
                let words = format!(
                    "Our server of step {number} is being compiled. The first time takes a while."
                );
                (words, None)
            }
            Stage::Running(port) => {
                let url = format!("http://127.0.0.1:{port}");
                (format!("Our server of step {number} runs at"), Some(url))
            }
            Stage::Failed(why) => {
                (format!("Our server of step {number} does not run. {why}"), None)
            }
        };
        let failed = matches!(stage, Stage::Failed(_));
        Self { words, url, busy: *stage == Stage::Begun, command: failed.then(|| command(step)) }
    }
}
