//! What a step's page shows of its last verdict. Verdicts are the only source; the words are here, and
//! the page sets them as text, never as HTML.

use std::{
    fs,
    time::{Duration, UNIX_EPOCH},
};

use serde::Serialize;
use xtask::{
    course::{
        Course, Step, Whose,
        hints::{self, Tier},
    },
    session::{
        checking,
        live_server::{ServerNote, Servers},
        watched,
    },
    verdict::{
        self, CheckResult, Outcome, Verdict,
        diagnosis::Diagnosis,
        groups::{self, Group},
        task::Task,
    },
};

pub use failure::FailureInPanel;

mod failure;

/// The panel on one step's page.
#[derive(Debug, Default, Serialize)]
pub struct Panel {
    /// One line that says how far the step is.
    pub summary: String,
    /// Whether that is good news: the line is green, red or neither.
    pub mood: Mood,
    /// What to know besides, in a sentence.
    pub note: Option<String>,
    /// What the quick checks have said, while slow ones still run.
    pub checking: Option<String>,
    /// A command to type next.
    pub command: Option<String>,
    /// The step after, once the learner may go on.
    pub next: Option<PageLink>,
    /// Where the learner works, if that is another step.
    pub elsewhere: Option<Elsewhere>,
    /// How many checks pass, if they have run.
    pub bar: Option<Bar>,
    /// How a step with tasks stands, as the terminal says it.
    pub groups: Vec<Group>,
    /// The section of this page to go on with: the lowest open task.
    pub task: Option<PageLink>,
    /// The checks of this step and those of earlier steps that fail, in the order of `hints.md`.
    pub checks: Vec<CheckInPanel>,
    /// How many other checks there are; all of them pass.
    pub others: usize,
    /// The check to look at first.
    pub failure: Option<FailureInPanel>,
    /// What rustc says.
    pub compiler: Option<String>,
    /// Which known mistake rustc's words look like.
    pub compiler_mistake: Option<Diagnosis>,
    /// What is wrong with the workshop itself.
    pub problem: Option<String>,
    /// How long compiler and checks took.
    pub took: Option<String>,
    /// Where the learner's server listens now: the page names it instead of the usual one.
    pub port: Option<u16>,
    /// When the verdict was given, in milliseconds since 1970.
    pub judged_at: Option<u64>,
}

/// What the colour of the summary says once more.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Solved.
    Good,
    /// Something is to be fixed.
    Bad,
    /// Nothing has been tried yet.
    #[default]
    Calm,
}

/// Another page of the book.
#[derive(Debug, Serialize)]
pub struct PageLink {
    /// What it says.
    pub words: String,
    /// Its address in the book.
    pub href: String,
}

/// The step that is watched, seen from the page of a different one.
#[derive(Debug, Serialize)]
pub struct Elsewhere {
    /// The page of the step that is watched.
    #[serde(flatten)]
    pub page: PageLink,
    /// What the button says that has the step of this page watched.
    pub switch: String,
}

/// How many checks pass.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// So many pass.
    pub passed: usize,
    /// Of so many.
    pub all: usize,
}

/// One check.
#[derive(Debug, Serialize)]
pub struct CheckInPanel {
    /// The requirement in words.
    pub words: String,
    /// Core or sharp edge.
    pub tier: Tier,
    /// Whether it is met.
    pub passed: bool,
    /// Since when it fails, if it passed before.
    pub before: Option<&'static str>,
}

impl Panel {
    /// The panel of this step as things are now.
    pub fn of_step(course: &Course, step: &Step) -> Self {
        let judged_at = judged_at(course, step);
        let port = port(course, step);
        let panel = match Verdict::load(course, step, Whose::Learner) {
            Some(verdict) => judged(course, step, &verdict, port),
            None => unjudged(step, judged_at.is_some()),
        };
        let checking = checking::words(course, step).map(|words| format!("Checking: {words}"));
        Self { judged_at, port, elsewhere: elsewhere(course, step), checking, ..panel }
    }
}

fn unjudged(step: &Step, unreadable: bool) -> Panel {
    let number = step.number;
    Panel {
        summary: if unreadable {
            format!("The last verdict on step {number} cannot be read.")
        } else {
            format!("Step {number} has not been checked yet.")
        },
        command: Some(format!("cargo xtask verify {number}")),
        ..Panel::default()
    }
}

fn judged(course: &Course, step: &Step, verdict: &Verdict, port: Option<u16>) -> Panel {
    let checks: Vec<CheckInPanel> = verdict.listed().map(check).collect();
    let mut panel = Panel {
        others: verdict.checks.len() - checks.len(),
        checks,
        failure: verdict.focused().map(|check| FailureInPanel::of(check, verdict, port)),
        groups: groups_of(verdict),
        task: verdict.open_task().map(|task| section(step, task)),
        bar: bar(verdict),
        compiler: verdict.compiler.clone(),
        compiler_mistake: verdict.compiler_mistake.clone(),
        took: Some(took(verdict)),
        ..Panel::default()
    };
    let number = step.number;
    let all = verdict.checks.len();
    let left = verdict.failing().count();
    let counted = format!("Step {number}: {} of {all} checks pass.", all - left);
    let hint = format!("cargo xtask hint {number}");
    match verdict.outcome {
        Outcome::Solved => {
            panel.mood = Mood::Good;
            panel.summary = format!("Step {number} is solved: all {all} checks pass.");
            panel.command = Some(format!("cargo xtask solution {number} --diff"));
            panel.next = course.after(step).map(next);
        }
        Outcome::NotStarted => {
            panel.summary = counted;
            panel.note = Some("You have not begun, so these failures are expected.".to_owned());
            panel.command = Some(hint);
        }
        Outcome::Failed => {
            let expected = verdict.failing().all(|check| verdict.is_expected(check));
            panel.mood = if expected { Mood::Calm } else { Mood::Bad };
            panel.summary = counted;
            panel.note = panel.failure.as_ref().map(FailureInPanel::title);
            if verdict.core_passes() {
                panel.note = Some(format!("You can go on; {}.", verdict.edges_left()));
                panel.next = course.after(step).map(next);
            }
            panel.command = Some(hint);
        }
        Outcome::DoesNotCompile => {
            panel.mood = Mood::Bad;
            panel.summary = format!("Step {number} does not compile yet.");
            panel.note = Some("Fix the first error, and save.".to_owned());
        }
        Outcome::Broken => {
            panel.mood = Mood::Bad;
            let summary = "The workshop itself is broken here; this is not your fault.";
            summary.clone_into(&mut panel.summary);
            panel.problem.clone_from(&verdict.problem);
            // What is broken says nothing about the learner's code.
            panel.failure = None;
            panel.command = Some("cargo xtask doctor".to_owned());
        }
    }
    panel
}

/// No check has run if the code does not compile.
fn groups_of(verdict: &Verdict) -> Vec<Group> {
    if verdict.tasks.is_empty() || verdict.checks.is_empty() {
        return Vec::new();
    }
    groups::of(verdict)
}

fn bar(verdict: &Verdict) -> Option<Bar> {
    let all = verdict.checks.len();
    (all > 0).then(|| Bar { passed: all - verdict.failing().count(), all })
}

fn section(step: &Step, task: &Task) -> PageLink {
    PageLink {
        words: format!("Task {}. {}", task.number, task.title),
        href: format!("{}#{}", step.page(), task.anchor()),
    }
}

fn next(step: &Step) -> PageLink {
    PageLink { words: format!("Next: step {}, {}", step.number, step.title), href: step.page() }
}

fn check(check: &CheckResult) -> CheckInPanel {
    CheckInPanel {
        words: hints::words(&check.name),
        tier: check.tier,
        passed: check.passed,
        before: check.before(),
    }
}

fn took(verdict: &Verdict) -> String {
    let seconds = |milliseconds| Duration::from_millis(milliseconds).as_secs_f64();
    let compiled = format!("compiled in {:.1} s", seconds(verdict.compile_ms));
    match verdict.outcome {
        Outcome::DoesNotCompile => compiled,
        _ => format!("{compiled}, checked in {:.1} s", seconds(verdict.checks_ms)),
    }
}

fn judged_at(course: &Course, step: &Step) -> Option<u64> {
    let saved = fs::metadata(verdict::path(course, step, Whose::Learner)).ok()?.modified().ok()?;
    u64::try_from(saved.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

fn port(course: &Course, step: &Step) -> Option<u16> {
    let servers = Servers::in_checkout(course).running();
    let learners = |note: &&ServerNote| note.whose == Whose::Learner && note.step == step.slug;
    servers.iter().rev().find(learners).map(|note| note.port)
}

fn elsewhere(course: &Course, step: &Step) -> Option<Elsewhere> {
    let watched = watched::slugs(course);
    if watched.contains(&step.slug) {
        return None;
    }
    let other = course.steps.iter().find(|other| watched.contains(&other.slug))?;
    Some(Elsewhere {
        page: PageLink {
            words: format!("You work on step {}, {}", other.number, other.title),
            href: other.page(),
        },
        switch: format!("Work on step {} instead", step.number),
    })
}
