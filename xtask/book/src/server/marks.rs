//! What the lists and cards on a step's page show of its verdict: each check, and each task.

use serde::Serialize;
use xtask::{
    course::{Course, Step, Whose, hints::Tier},
    verdict::{CheckResult, Outcome, Verdict, groups::State, task::Task},
};

/// How the checks and tasks of a step stand.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Marks {
    /// None while the code does not compile: then nobody knows.
    checks: Vec<CheckMark>,
    tasks: Vec<TaskMark>,
}

#[derive(Debug, Serialize)]
struct CheckMark {
    name: String,
    state: State,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct TaskMark {
    number: u8,
    /// How many of its checks pass; nobody knows while the code does not compile.
    passed: Option<usize>,
    all: usize,
    /// Whether its core checks passed when checks ran the last time.
    core: bool,
}

impl Marks {
    /// The marks of this step as things are now.
    pub(crate) fn of_step(course: &Course, step: &Step) -> Self {
        let Some(checked) = Verdict::load_checked(course, step, Whose::Learner) else {
            return Self::default();
        };
        let last = Verdict::load(course, step, Whose::Learner);
        let ran = last.is_some_and(|last| {
            matches!(last.outcome, Outcome::Solved | Outcome::Failed | Outcome::NotStarted)
        });
        let marks = checked.checks.iter().map(|check| CheckMark::of(check, &checked));
        Self {
            checks: marks.filter(|_| ran).collect(),
            tasks: checked.tasks.iter().map(|task| TaskMark::of(task, &checked, ran)).collect(),
        }
    }
}

impl CheckMark {
    fn of(check: &CheckResult, verdict: &Verdict) -> Self {
        let state = match check.passed {
            true => State::Ok,
            false if verdict.is_expected(check) => State::Todo,
            false => State::Fail,
        };
        Self { name: check.name.clone(), state }
    }
}

impl TaskMark {
    fn of(task: &Task, checked: &Verdict, ran: bool) -> Self {
        let checks: Vec<&CheckResult> = checked.checks_of(task).collect();
        let has_core = checks.iter().any(|check| check.tier == Tier::Core);
        let mut needed = checks.iter().filter(|check| check.tier == Tier::Core || !has_core);
        Self {
            number: task.number,
            passed: ran.then(|| checks.iter().filter(|check| check.passed).count()),
            all: checks.len(),
            core: !checks.is_empty() && needed.all(|check| check.passed),
        }
    }
}
