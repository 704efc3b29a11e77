//! The console on a page: it sends the request of a snapshot, and no other, to a server of the same step that
//! `learn`, `watch` or `run` keeps, and to no other port.

use axum::{Json, body::Body, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use xtask::{course::{Course, Step, Whose}, session::live_server::{Running, Servers}};

use crate::{exchange, relay, request::Shown, serve::Book};

/// The place on the page; it stays empty where no server serves the book.
pub(crate) fn of(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`try` takes STEP/SNAPSHOT")?;
    let (request, _) = exchange::read(course, slug, name)?;
    let token = Shown::parse(&request)?.token().unwrap_or_default();
    Ok(format!(
        "<div class=\"try\" data-exchange=\"{place}\" data-request=\"{}\" data-token=\"{}\"></div>\n",
        attribute(&request),
        attribute(token)
    ))
}

/// In one line: an empty one would end the HTML in the Markdown.
fn attribute(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    escaped.replace('>', "&gt;").replace('\n', "&#10;")
}

/// What a page asks for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The snapshot: `03-bearer-token/accepts_a_bearer_token`.
    exchange: String,
    whose: Whose,
    /// Where the snapshot leaves one out.
    token: String,
}

/// What it gets.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Told {
    Exchanged { answer: String, token: Option<String>, from: String },
    Trouble { trouble: String, command: Option<String> },
}

/// Sends the request.
pub(crate) async fn exchange(
    State(book): State<Book>,
    Json(asked): Json<Asked>,
) -> (StatusCode, Json<Told>) {
    match sent(&book, &asked).await {
        Ok(told) => (StatusCode::OK, Json(told)),
        Err(trouble) => (StatusCode::BAD_REQUEST, Json(Told::Trouble { trouble, command: None })),
    }
}

/// An error is a fault of the page that asked.
async fn sent(book: &Book, asked: &Asked) -> Result<Told, String> {
    let course = Course::open(book.root()).map_err(|trouble| trouble.to_string())?;
    let (slug, snapshot) = asked.exchange.split_once('/').ok_or("name STEP/SNAPSHOT")?;
    let (request, _) = exchange::read(&course, slug, snapshot)?;
    let shown = Shown::parse(&request)?;
    let step = course.step(slug).map_err(|trouble| trouble.to_string())?;
    let server = match server(&Servers::of(&course).running(), step, &course, asked.whose) {
        Ok(port) => port,
        Err(told) => return Ok(told),
    };
    if let Some(words) = shown.token().filter(|_| asked.token.is_empty()) {
        let trouble = format!(
            "This request carries {words}: log in first, and put what you get into the field."
        );
        return Ok(Told::Trouble { trouble, command: None });
    }
    let ready = shown
        .to::<Body>(server, &asked.token)
        .map_err(|why| format!("This token cannot be sent: {why}."))?;
    Ok(match relay::send(ready).await {
        Ok(answer) => Told::Exchanged {
            answer: answer.text,
            token: answer.token,
            from: format!("{} on port {server}", name(asked.whose)),
        },
        Err(why) => Told::Trouble {
            trouble: format!("No answer from {} on port {server}: {why}.", name(asked.whose)),
            command: Some(format!("cargo xtask verify {}", step.number)),
        },
    })
}

/// The port of the step's server, or what to do about it.
fn server(running: &[Running], step: &Step, course: &Course, whose: Whose) -> Result<u16, Told> {
    let of_whom: Vec<&Running> = running.iter().filter(|server| server.whose == whose).collect();
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
    Err(Told::Trouble {
        trouble: other.unwrap_or_else(|| {
            format!("{} of step {number} does not run, or does not compile.", capital(whose))
        }),
        command: Some(match whose {
            Whose::Learner => format!("cargo xtask learn {number}"),
            Whose::Reference => format!("PORT=3001 cargo xtask run {number} --solution"),
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
