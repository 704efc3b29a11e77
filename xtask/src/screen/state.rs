//! What there is to show.

use crate::{course::Step, verdict::report::Report};

/// What is known of the step at one moment.
pub struct State<'a> {
    /// The step.
    pub step: &'a Step,
    /// The last verdict on it; while the next one is made, too.
    pub report: Option<Report<'a>>,
    /// What is under way.
    pub phase: Phase,
    /// What to show in place of the report: what a key has asked for, or trouble.
    pub notice: Option<&'a str>,
    /// Where the step's page is, if the book is served.
    pub page: Option<String>,
    /// Where the server is, or why it is not.
    pub server: &'a str,
    /// What the learner's class has said last, if they are in one.
    pub class: Option<&'a str>,
    /// How many of the other steps are compiled, while not all are: `6 of 19`.
    pub ahead: Option<String>,
    /// Which of them cargo could not build: `step-07`.
    pub not_built: Option<String>,
    /// So many rows of the failure, or of the notice, are above the window.
    pub scroll: usize,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Cargo compiles, for so many seconds.
    Compiling {
        /// How long it does.
        seconds: u64,
        /// What it does now, in its own words.
        does: Option<String>,
    },
    /// The checks run, for so many seconds.
    Checking {
        /// How long they do.
        seconds: u64,
        /// What the quick ones have said: `18 checks pass, 3 still running`.
        said: Option<String>,
    },
    /// Nothing: the verdict is there.
    Judged,
    /// Nothing: there was trouble.
    Trouble,
}
