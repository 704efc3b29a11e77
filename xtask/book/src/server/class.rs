//! The class of a learner who has joined one: what the instructor asks for, and the learner's hand. Numbers are all that is
//! taken from the board; the words are ours.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task;
use xtask::{
    class::{
        board::Notice,
        membership::Membership,
        outbox, sender,
        session::{Said, Session},
        taking_part::{REMOVED, UNREACHABLE},
    },
    course::Course,
    trouble::Trouble,
};

use crate::server::{panel::PageLink, state::ServerState};

/// Bytes of a request: a word.
pub(crate) const LARGEST: usize = 64;

/// What every page shows of the class.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Class {
    /// What the instructor asks for, or why nobody knows.
    words: Option<&'static str>,
    /// The step to which everybody is asked to go.
    step: Option<PageLink>,
    /// When the timer ends, in seconds since 1970.
    timer_ends: Option<u64>,
    /// Whether the learner's hand is up.
    hand: bool,
}

impl Class {
    /// The class as it is now; none for somebody who has not joined one.
    pub(crate) fn of(course: &Course) -> Option<Self> {
        Membership::load(course).ok()??;
        let said = sender::heard(course).unwrap_or(Said::Notice(Notice::default()));
        let hand = outbox::hand_is_up(course);
        Some(match said {
            Said::Notice(notice) => Self { hand, ..asked(course, notice) },
            Said::Removed => Self { words: Some(REMOVED), hand, ..Self::default() },
            Said::Unreachable => Self { words: Some(UNREACHABLE), hand, ..Self::default() },
        })
    }
}

fn asked(course: &Course, Notice { go_to, timer_ends }: Notice) -> Class {
    // A step that the course does not have has no page.
    let step = course.steps.iter().find(|step| Some(step.number) == go_to);
    let step = step.map(|step| PageLink {
        words: format!("step {}, {}", step.number, step.title),
        href: step.page(),
    });
    let words = match (&step, timer_ends) {
        (Some(_), _) => Some("Your instructor asks everybody to go to"),
        (None, Some(_)) => Some("Your instructor has set a timer."),
        (None, None) => None,
    };
    Class { words, step, timer_ends, hand: false }
}

/// What a page wants.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hand {
    up: bool,
}

/// Raises the hand, or takes it down; the pages hear of it.
pub(crate) async fn hold_hand(
    State(state): State<ServerState>,
    Json(Hand { up }): Json<Hand>,
) -> (StatusCode, Json<Value>) {
    let done = task::spawn_blocking(move || {
        let course = Course::open(&state.root)?;
        let Some(membership) = Membership::load(&course)? else { return Ok(StatusCode::NOT_FOUND) };
        outbox::hold_hand(&course, |_| up)?;
        // Nobody waits for the network. What it loses, `learn` sends.
        task::spawn_blocking(move || Session::new(&membership)?.send_all(&course));
        Ok(StatusCode::ACCEPTED)
    });
    let done = done.await.unwrap_or_else(|error| Err(Trouble::Environment(error.to_string())));
    match done {
        Ok(status) => (status, Json(json!({}))),
        Err(trouble) => (StatusCode::OK, Json(json!({ "trouble": trouble.to_string() }))),
    }
}
