//! The verdict on one step: what the terminal, `--json` and the book's page are made from.
//!
//! `xtask/verdict.schema.json` describes its JSON, version 2.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::course::{Course, Step, Whose, hints::Tier};

pub mod comparison;
pub mod diagnosis;
pub mod difference;
pub mod groups;
pub mod report;
pub mod task;

mod check;
mod kept;
mod left;

pub use check::{CheckResult, Was};

use diagnosis::Diagnosis;
use task::Task;

/// The format's number; a reader refuses any other.
pub const VERSION: u32 = 2;

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
    /// The same in colours, for the terminal that judged; no file has it.
    #[serde(skip)]
    pub compiler_in_colour: Option<String>,
    /// Which known mistake that looks like.
    pub compiler_mistake: Option<Diagnosis>,
    /// A hash of all that the verdict depends on.
    pub inputs: String,
    /// The number that the values of this run were drawn from; none if nothing was drawn.
    pub seed: Option<u64>,
    /// The step's tasks, in order.
    pub tasks: Vec<Task>,
    /// The check to look at first, by name; none if all pass or none has run.
    pub focus: Option<String>,
    /// In the order of `hints.md`.
    pub checks: Vec<CheckResult>,
    /// Milliseconds that cargo took.
    pub compile_ms: u64,
    /// Milliseconds that the checks took together.
    pub checks_ms: u64,
}

impl Verdict {
    /// A verdict on the step, without anything that has been measured or judged.
    pub fn new(step: &Step, inputs: String, outcome: Outcome) -> Self {
        Self {
            version: VERSION,
            step: step.slug.clone(),
            outcome,
            problem: None,
            compiler: None,
            compiler_in_colour: None,
            compiler_mistake: None,
            inputs,
            seed: None,
            tasks: Task::all_of(step),
            focus: None,
            checks: Vec::new(),
            compile_ms: 0,
            checks_ms: 0,
        }
    }

    /// The check to look at first.
    pub fn focused(&self) -> Option<&CheckResult> {
        let focus = self.focus.as_ref()?;
        self.checks.iter().find(|check| check.name == *focus)
    }

    /// The task that turns the check green.
    pub fn task_of(&self, check: &CheckResult) -> Option<&Task> {
        self.tasks.iter().find(|task| check.task == Some(task.number))
    }

    /// The checks that a task turns green.
    pub fn checks_of(&self, task: &Task) -> impl Iterator<Item = &CheckResult> {
        let number = task.number;
        self.checks.iter().filter(move |check| check.task == Some(number))
    }

    /// Whether a check of the task fails.
    pub fn is_open(&self, task: &Task) -> bool {
        self.checks_of(task).any(|check| !check.passed)
    }

    /// Whether the task is what the mistake that is shown leads to, whichever check has shown it.
    pub fn leads_to(&self, task: &Task) -> bool {
        let section = format!("{}.html#task-{}-", self.step, task.number);
        let mistake = self.focused().and_then(|check| check.mistake.as_ref());
        mistake.is_some_and(|mistake| mistake.read.starts_with(&section))
    }

    /// Whether the check fails and nobody has begun what it is about.
    pub fn is_expected(&self, check: &CheckResult) -> bool {
        let unbegun = self.task_of(check).is_some_and(|task| !task.begun);
        !check.passed && (unbegun || self.outcome == Outcome::NotStarted && check.new)
    }

    /// The lowest task that has a check that fails.
    pub fn open_task(&self) -> Option<&Task> {
        self.tasks.iter().find(|task| self.is_open(task))
    }

    /// The check of this name.
    pub fn check(&self, name: &str) -> Option<&CheckResult> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The checks to list one by one: those of this step, and those of earlier steps that fail; sharp edges at the end.
    pub fn listed(&self) -> impl Iterator<Item = &CheckResult> {
        let of = |edge| {
            move |check: &&CheckResult| check.is_edge() == edge && (check.new || !check.passed)
        };
        let [core, edges] = [false, true].map(|edge| self.checks.iter().filter(of(edge)));
        core.chain(edges)
    }

    /// The checks that fail.
    pub fn failing(&self) -> impl Iterator<Item = &CheckResult> {
        self.checks.iter().filter(|check| !check.passed)
    }

    /// Whether the learner may go on: every core check passes, and so does all that passed from the start.
    pub fn core_passes(&self) -> bool {
        !self.checks.is_empty() && self.failing().all(CheckResult::is_edge)
    }
}

impl CheckResult {
    /// Whether a learner may go on without it: a sharp edge of this step.
    pub fn is_edge(&self) -> bool {
        self.tier == Tier::Edge && self.new
    }

    /// Whether the check fails just as it did with the starter: its part of the step is not begun.
    pub fn is_unbegun(&self, starter: Option<&Verdict>) -> bool {
        let shipped = starter.and_then(|starter| starter.check(&self.name));
        !self.passed && shipped.is_some_and(|shipped| shipped.actual == self.actual)
    }
}

/// Where the last verdict on the step lies.
pub fn path(course: &Course, step: &Step, whose: Whose) -> PathBuf {
    let name = match whose {
        Whose::Learner => format!("{}.json", step.slug),
        Whose::Reference => format!("solution-{}.json", step.slug),
    };
    course.temporary().join(name)
}

#[cfg(test)]
pub(crate) mod testing {
    //! Verdicts for tests, made in one place.

    use protocol::{
        exchange::Exchange,
        finding::{Finding, Kind},
        said::Said,
    };

    use super::{CheckResult, Diagnosis, Outcome, VERSION, Verdict, Was};
    use crate::course::hints::Tier;

    /// A core check that fails, or one that passes if nothing came instead. The texts of exchanges are exchanges.
    pub(crate) fn check(name: &str, expected: &str, actual: &str) -> CheckResult {
        let side = |text: &str| match Exchange::parse(text) {
            Some(_) => Said::Exchange(text.to_owned()),
            None => Said::from(text),
        };
        let passed = actual.is_empty();
        CheckResult {
            name: name.to_owned(),
            tier: Tier::Core,
            task: None,
            new: true,
            passed,
            was: Was::Unbegun,
            regression: false,
            finding: (!passed).then_some(Finding::new(Kind::Other)),
            seen: None,
            expected: (!passed).then(|| side(expected)),
            actual: (!passed).then(|| side(actual)),
            reproduce: None,
            drawn: Vec::new(),
            mistake: None,
        }
    }

    /// A mistake of which only this is known: what to read.
    pub(crate) fn mistake(read: &str) -> Diagnosis {
        let [name, says, why] = ["known", "It is so.", "It is so."].map(str::to_owned);
        let read = read.to_owned();
        Diagnosis { name, says, why, read, file: None, line: None, code: None, error: None }
    }

    /// A verdict with these checks, at least one of which fails.
    pub(crate) fn failed(checks: Vec<CheckResult>) -> Verdict {
        Verdict {
            version: VERSION,
            step: "03-bearer-token".to_owned(),
            outcome: Outcome::Failed,
            problem: None,
            compiler: None,
            compiler_in_colour: None,
            compiler_mistake: None,
            inputs: String::new(),
            seed: None,
            tasks: Vec::new(),
            focus: checks.iter().find(|check| !check.passed).map(|check| check.name.clone()),
            checks,
            compile_ms: 0,
            checks_ms: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing, *};

    #[test]
    fn a_learner_may_leave_new_sharp_edges_and_nothing_else() {
        let may_go_on = |tier, new| {
            let open = CheckResult { tier, new, ..testing::check("open", "x", "y") };
            testing::failed(vec![testing::check("done", "x", ""), open]).core_passes()
        };
        assert!(may_go_on(Tier::Edge, true));
        assert!(!may_go_on(Tier::Edge, false), "it passed from the start");
        assert!(!may_go_on(Tier::Core, true));
    }
}
