//! The check to look at first, as the panel shows it.

use serde::Serialize;
use xtask::{
    course::hints,
    verdict::{CheckResult, Verdict, comparison::Comparison, diagnosis::Diagnosis},
};

/// The check to look at first.
#[derive(Debug, Serialize)]
pub struct FailureInPanel {
    /// The requirement in words.
    pub words: String,
    /// Whether it is expected, since its task is not begun.
    pub expected: bool,
    /// What was seen, in a sentence.
    pub seen: Option<String>,
    /// The request, and the two responses.
    pub comparison: Comparison,
    /// Command lines that show it.
    pub reproduce: Option<String>,
    /// Which known mistake it looks like.
    pub mistake: Option<Diagnosis>,
}

impl FailureInPanel {
    /// Of this check; command lines lead to the learner's server.
    pub(super) fn of(check: &CheckResult, verdict: &Verdict, port: Option<u16>) -> Self {
        let reproduce = match port {
            Some(port) => check.reproduce_at(&format!("http://127.0.0.1:{port}")),
            None => check.reproduce.clone(),
        };
        Self {
            words: hints::words(&check.name),
            expected: verdict.is_expected(check),
            seen: seen(check, verdict.seed),
            comparison: Comparison::of(check),
            reproduce,
            mistake: check.mistake.clone(),
        }
    }

    /// What to do about it, in a line.
    pub(super) fn title(&self) -> String {
        let begin = if self.expected { "Next" } else { "First" };
        format!("{begin}: {}", self.words)
    }
}

/// What was seen and, if values were drawn for it, from which seed.
fn seen(check: &CheckResult, seed: Option<u64>) -> Option<String> {
    let seed = seed.filter(|_| !check.drawn.is_empty());
    let drawn = seed.map(|seed| {
        format!("Its values are drawn from seed {seed}, which stays the same until it passes.")
    });
    let sentences: Vec<String> = check.seen.clone().into_iter().chain(drawn).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
