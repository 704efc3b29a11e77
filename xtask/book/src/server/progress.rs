//! How far the learner is in the course: what the contents say beside each step.

use serde::Serialize;
use xtask::{
    course::{Course, Step, Whose},
    learner::progress::Progress,
    session::watched,
    verdict::{Outcome, Verdict},
};

/// One step in the contents.
#[derive(Debug, Serialize)]
pub(crate) struct StepInContents {
    /// Its page: `03-bearer-token.html`.
    page: String,
    state: State,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Done,
    /// What the learner works on.
    Current,
    Open,
}

/// All steps, in order.
pub(crate) fn of(course: &Course) -> Vec<StepInContents> {
    // What cannot be read is reported where the learner works.
    let progress = Progress::load(course).unwrap_or_default();
    let watched = watched::slugs(course);
    let is_current = |step: &Step| {
        watched.contains(&step.slug)
            || watched.is_empty() && progress.current(course).slug == step.slug
    };
    // A verdict is written before the progress is.
    let is_done = |step: &Step| {
        let verdict = || Verdict::load(course, step, Whose::Learner);
        progress.is_solved(step)
            || verdict().is_some_and(|verdict| verdict.outcome == Outcome::Solved)
    };
    let state = |step: &Step| match (is_done(step), is_current(step)) {
        (true, _) => State::Done,
        (false, true) => State::Current,
        (false, false) => State::Open,
    };
    course
        .steps
        .iter()
        .map(|step| StepInContents { page: step.page(), state: state(step) })
        .collect()
}
