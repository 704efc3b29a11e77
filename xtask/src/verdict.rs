//! The verdict on one step: what the terminal, `--json` and the book's page are made from.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose},
    files,
    hints::Tier,
    mistakes::diagnosis::Diagnosis,
    trouble::Trouble,
};

/// The format's number; a reader refuses any other.
pub const VERSION: u32 = 1;

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every check passes.
    Solved,
    /// At least one check fails.
    Failed,
    /// The starter is as we shipped it; its new checks fail, as they should.
    NotStarted,
    /// rustc refuses the learner's code.
    DoesNotCompile,
    /// The workshop or the machine is at fault.
    Broken,
}

impl Outcome {
    /// The process exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Solved => 0,
            Self::Failed | Self::NotStarted => 1,
            Self::DoesNotCompile => 3,
            Self::Broken => 4,
        }
    }
}

/// One step, judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    /// Always [`VERSION`].
    pub version: u32,
    /// The step's slug.
    pub step: String,
    /// How it stands.
    pub outcome: Outcome,
    /// What is broken, if the outcome says so.
    pub problem: Option<String>,
    /// What rustc said, if it refused.
    pub compiler: Option<String>,
    /// Which known mistake that looks like.
    pub compiler_diagnosis: Option<Diagnosis>,
    /// A hash of all that the verdict depends on.
    pub inputs: String,
    /// In the order of `hints.md`.
    pub checks: Vec<CheckResult>,
    /// Milliseconds that cargo took.
    pub compile_ms: u64,
    /// Milliseconds that the checks took together.
    pub checks_ms: u64,
}

/// One check, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The test's name.
    pub name: String,
    /// Core or sharp edge.
    pub tier: Tier,
    /// Whether the requirement is met.
    pub passed: bool,
    /// The exchange (or a sentence) that the requirement asks for.
    pub expected: Option<String>,
    /// What came instead.
    pub actual: Option<String>,
    /// A command line that shows it.
    pub reproduce: Option<String>,
    /// Which known mistake this looks like.
    pub diagnosis: Option<Diagnosis>,
}

impl Verdict {
    /// A verdict that nothing is known of yet but the step and its inputs.
    pub fn blank(step: &str, inputs: String) -> Self {
        Self {
            version: VERSION,
            step: step.to_owned(),
            outcome: Outcome::DoesNotCompile,
            problem: None,
            compiler: None,
            compiler_diagnosis: None,
            inputs,
            checks: Vec::new(),
            compile_ms: 0,
            checks_ms: 0,
        }
    }

    /// The first check that fails, in the order of `hints.md`.
    pub fn first_failure(&self) -> Option<&CheckResult> {
        self.checks.iter().find(|check| !check.passed)
    }

    /// Whether the learner may go on: every core check passes.
    pub fn core_passes(&self) -> bool {
        let core = |check: &&CheckResult| check.tier == Tier::Core;
        !self.checks.is_empty() && self.checks.iter().filter(core).all(|check| check.passed)
    }

    /// The same verdict for a file: rustc's colours are for the terminal only.
    #[must_use]
    pub fn without_colours(&self) -> Self {
        let mut plain = self.clone();
        let strip = |text: &String| anstream::adapter::strip_str(text).to_string();
        plain.compiler = self.compiler.as_ref().map(strip);
        plain
    }

    /// The last verdict on the step, if there is one that this version can read.
    pub fn load(course: &Course, step: &Step, whose: Whose) -> Option<Self> {
        let text = std::fs::read_to_string(path(course, step, whose)).ok()?;
        serde_json::from_str::<Self>(&text).ok().filter(|verdict| verdict.version == VERSION)
    }

    /// Replaces the last verdict on the step.
    pub fn save(&self, course: &Course, step: &Step, whose: Whose) -> Result<(), Trouble> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| {
            Trouble::Environment(format!("could not write the verdict: {error}"))
        })?;
        files::write(&path(course, step, whose), &text)
    }
}

/// Where the last verdict on the step lies.
pub fn path(course: &Course, step: &Step, whose: Whose) -> PathBuf {
    let name = match whose {
        Whose::Learner => format!("{}.json", step.slug),
        Whose::Reference => format!("solution-{}.json", step.slug),
    };
    course.target().join("workshop").join(name)
}
