//! The learner's answers to the book's questions, which `.workshop/answers.json` keeps: so they are there in a
//! different browser, and at a different port.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task;
use xtask::{course::Course, learner::answers::Answers, trouble::Trouble};

use crate::server::state::ServerState;

/// Bytes of a request: three names, or one.
pub(crate) const LARGEST: usize = 1024;

/// What a page has to say of its questions.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Said {
    /// One is answered.
    Committed { page: String, question: String, choice: String },
    /// All are to be answered again.
    Again { page: String },
}

/// All that is kept.
pub(crate) async fn kept(State(state): State<ServerState>) -> (StatusCode, Json<Value>) {
    told(with_course(state, |course| Ok(json!({"answers": Answers::load(course)?.by_question()}))))
        .await
}

/// Keeps an answer, or forgets those of a page.
pub(crate) async fn keep(
    State(state): State<ServerState>,
    Json(said): Json<Said>,
) -> (StatusCode, Json<Value>) {
    told(with_course(state, move |course| {
        match said {
            Said::Committed { page, question, choice } => {
                Answers::commit(course, &page, &question, &choice)
            }
            Said::Again { page } => Answers::forget(course, &page),
        }?;
        Ok(json!({}))
    }))
    .await
}

/// Another terminal may hold the lock: others need not wait for it.
async fn with_course(
    state: ServerState,
    act: impl FnOnce(&Course) -> Result<Value, Trouble> + Send + 'static,
) -> Result<Value, Trouble> {
    let done = task::spawn_blocking(move || act(&Course::open(&state.root)?)).await;
    done.unwrap_or_else(|error| Err(Trouble::Environment(error.to_string())))
}

/// What is wrong with a request is the page's fault; what is wrong with the file is told.
async fn told(done: impl Future<Output = Result<Value, Trouble>>) -> (StatusCode, Json<Value>) {
    match done.await {
        Ok(value) => (StatusCode::OK, Json(value)),
        Err(trouble) => {
            let ours = matches!(trouble, Trouble::Environment(_));
            let status = if ours { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            (status, Json(json!({"trouble": trouble.to_string()})))
        }
    }
}
