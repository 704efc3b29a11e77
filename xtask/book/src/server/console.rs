//! The console's requests: a page asks for the request of a snapshot, and no other, to be sent to a server of the
//! same step that `learn`, `watch` or `run` keeps, and to no other port.

use axum::{Json, body::Body, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xtask::{
    course::{Course, Step, Whose},
    session::live_server::{ServerNote, Servers},
};

use crate::{
    directives::{lookup, ours},
    replay::Replay,
    server::{for_page, relay, state::ServerState},
};

/// What a page asks for.
#[derive(Deserialize)]
pub(crate) struct ConsoleRequest {
    /// The snapshot: `03-bearer-token/accepts_a_bearer_token`.
    exchange: String,
    whose: Whose,
    /// Where the snapshot leaves one out.
    token: String,
}

/// What it gets.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ConsoleAnswer {
    Exchanged { answer: String, token: Option<String>, from: String },
    Trouble { trouble: String, command: Option<String> },
}

/// Sends the request.
pub(crate) async fn send_again(
    State(state): State<ServerState>,
    Json(asked): Json<ConsoleRequest>,
) -> (StatusCode, Json<Value>) {
    let (status, answer) = match answer(&state, &asked).await {
        Ok(answer) => (StatusCode::OK, answer),
        Err(trouble) => {
            (StatusCode::BAD_REQUEST, ConsoleAnswer::Trouble { trouble, command: None })
        }
    };
    (status, Json(for_page::json(&answer).unwrap_or_default()))
}

/// An error is a fault of the page that asked.
async fn answer(state: &ServerState, asked: &ConsoleRequest) -> Result<ConsoleAnswer, String> {
    let course = Course::open(&state.root).map_err(|trouble| trouble.to_string())?;
    let (slug, snapshot) = asked.exchange.split_once('/').ok_or("name STEP/SNAPSHOT")?;
    let request = lookup::snapshot(&course, slug, snapshot)?.exchange.request;
    let replay = Replay::new(&request)?;
    let step = course.step(slug).map_err(|trouble| trouble.to_string())?;
    let servers = Servers::in_checkout(&course).running();
    let port = match port(&servers, step, &course, asked.whose) {
        Ok(port) => port,
        Err(none) => return Ok(none),
    };
    if let Some(words) = replay.token().filter(|_| asked.token.is_empty()) {
        let trouble = format!(
            "This request carries {words}: log in first, and put what you get into the field."
        );
        return Ok(ConsoleAnswer::Trouble { trouble, command: None });
    }
    let ready = replay
        .to_port::<Body>(port, &asked.token)
        .map_err(|why| format!("This token cannot be sent: {why}."))?;
    Ok(match relay::send(ready).await {
        Ok(relayed) => ConsoleAnswer::Exchanged {
            answer: relayed.response.to_string(),
            token: relayed.token,
            from: format!("{} on port {port}", name(asked.whose)),
        },
        Err(why) => ConsoleAnswer::Trouble {
            trouble: format!("No answer from {} on port {port}: {why}.", name(asked.whose)),
            command: Some(format!("cargo xtask verify {}", step.number)),
        },
    })
}

/// The port of the step's server, or what to do about it.
fn port(
    running: &[ServerNote],
    step: &Step,
    course: &Course,
    whose: Whose,
) -> Result<u16, ConsoleAnswer> {
    let of_whom: Vec<&ServerNote> = running.iter().filter(|server| server.whose == whose).collect();
    if let Some(server) = of_whom.iter().rev().find(|server| server.step == step.slug) {
        return Ok(server.port);
    }
    let number = step.number;
    let other = of_whom.last().and_then(|server| {
        let other = course.steps.iter().find(|step| step.slug == server.step)?;
        Some(format!(
            "{} on port {} is that of step {}, and this request is for step {number}.",
            capital(whose),
            server.port,
            other.number
        ))
    });
    Err(ConsoleAnswer::Trouble {
        trouble: other.unwrap_or_else(|| {
            let why = match whose {
                Whose::Learner => "does not run, or does not compile",
                Whose::Reference => "does not run",
            };
            format!("{} of step {number} {why}.", capital(whose))
        }),
        command: Some(match whose {
            Whose::Learner => format!("cargo xtask learn {number}"),
            Whose::Reference => ours::command(step),
        }),
    })
}

fn name(whose: Whose) -> &'static str {
    match whose {
        Whose::Learner => "your server",
        Whose::Reference => "our server",
    }
}

fn capital(whose: Whose) -> &'static str {
    match whose {
        Whose::Learner => "Your server",
        Whose::Reference => "Our server",
    }
}
