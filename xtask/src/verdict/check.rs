//! One check, judged.

use protocol::{
    drawn::Drawn,
    finding::{Finding, Kind},
    said::Said,
};
use serde::{Deserialize, Serialize};

use crate::{course::hints::Tier, verdict::diagnosis::Diagnosis};

/// One check, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The test's name.
    pub name: String,
    /// Core or sharp edge.
    pub tier: Tier,
    /// The number of the task that turns it green.
    pub task: Option<u8>,
    /// Whether the untouched starter fails it.
    pub new: bool,
    /// Whether the requirement is met.
    pub passed: bool,
    /// How the check stood before.
    pub was: Was,
    /// Whether it fails, and passed in the starter or together with its whole task.
    pub regression: bool,
    /// What kind of difference was seen.
    pub finding: Option<Finding>,
    /// The same in a sentence; none where the comparison says it all.
    pub seen: Option<String>,
    /// What the requirement asks for.
    pub expected: Option<Said>,
    /// What was received instead.
    pub actual: Option<Said>,
    /// Command lines that show it.
    pub reproduce: Option<String>,
    /// What the names of drawn values stand for, in `expected` and `actual`.
    #[serde(default)]
    pub drawn: Vec<Drawn>,
    /// Which known mistake this looks like.
    pub mistake: Option<Diagnosis>,
}

/// How a check stood when checks ran the last time or, if they never did, in the starter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Was {
    /// It passed.
    Passed,
    /// It failed otherwise than the starter does.
    Failed,
    /// It failed just as the starter does, so this part of the step was not begun.
    Unbegun,
}

impl CheckResult {
    /// Whether it saw that what must be refused was granted: a request, or a login.
    pub fn lets_in(&self) -> bool {
        let code =
            |said: &Option<Said>| Some(said.as_ref()?.exchange()?.response.code().to_owned());
        match self.finding.as_ref().filter(|_| !self.passed).map(|finding| finding.kind) {
            Some(Kind::LetIn) => true,
            Some(Kind::Status) => {
                code(&self.expected).is_some_and(|code| code.starts_with('4'))
                    && code(&self.actual).is_some_and(|code| code.starts_with('2'))
            }
            _ => false,
        }
    }

    /// Since when the check fails that passed before: words for a list.
    pub fn before(&self) -> Option<&'static str> {
        self.regression.then_some(match (self.new, self.was) {
            (false, _) => "passed in the starter",
            (true, Was::Passed) => "passed last time",
            (true, _) => "passed before",
        })
    }

    /// Command lines that show it on a server at this address.
    pub fn reproduce_at(&self, address: &str) -> Option<String> {
        Some(self.reproduce.as_ref()?.replace("http://127.0.0.1:3000", address))
    }

    /// What was expected, for a reader: with the values that were drawn.
    pub fn expected_as_drawn(&self) -> Option<Said> {
        self.expected.as_ref().map(|said| said.with_values(&self.drawn))
    }

    /// What was received, for a reader: with the values that were drawn.
    pub fn actual_as_drawn(&self) -> Option<Said> {
        self.actual.as_ref().map(|said| said.with_values(&self.drawn))
    }
}
