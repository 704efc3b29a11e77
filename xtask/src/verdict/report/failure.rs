//! The check to look at first: what it saw, which known mistake that is, and what to do next.

use protocol::invisible::harmless;

use super::{
    addresses::{page, to_try},
    text::{GOOD, STRONG, say},
    tutor::tutor,
    wrap::wrapped,
};
use crate::{
    course::{Step, hints},
    verdict::{CheckResult, Outcome, Verdict, comparison::Comparison},
};

/// So many characters of a sentence are shown.
const LONGEST_SENTENCE: usize = 400;

pub(super) fn write(text: &mut String, step: &Step, verdict: &Verdict) {
    let Some(check) = verdict.focused() else { return };
    if let Some(words) = expected(verdict, check) {
        say(text, format_args!("{words}\n"));
    }
    seen(text, step, verdict, check);
    next(text, step, verdict, check);
    if verdict.core_passes() {
        say(text, format_args!("\n{GOOD}You can go on{GOOD:#}; {}.", verdict.edges_left()));
    }
}

/// That failures are expected, where they are: what they are about is still marked as to do.
fn expected(verdict: &Verdict, check: &CheckResult) -> Option<String> {
    let these = |count: usize| match count {
        1 => "so this failure is expected:".to_owned(),
        many => format!("so these {many} failures are expected. One of them:"),
    };
    if verdict.outcome == Outcome::NotStarted {
        return Some(format!("You have not begun, {}", these(verdict.failing().count())));
    }
    let task = verdict.task_of(check).filter(|task| !task.begun)?;
    let failing = verdict.checks_of(task).filter(|check| !check.passed).count();
    let words = match (&task.todo, failing) {
        (Some(_), failing) => these(failing),
        (None, 1) => "and one of its checks fails:".to_owned(),
        (None, many) => format!("and {many} of its checks fail. One of them:"),
    };
    Some(format!("Task {} is next, {words}", task.number))
}

fn seen(text: &mut String, step: &Step, verdict: &Verdict, check: &CheckResult) {
    let words = hints::words(&check.name);
    let seen = check.seen.as_ref().map(|seen| format!(": {}", short(seen))).unwrap_or_default();
    let sentence = wrapped(&format!("{words}{seen}"), 0);
    let rest = sentence.strip_prefix(&words);
    let (strong, rest) = rest.map_or((sentence.as_str(), ""), |rest| (words.as_str(), rest));
    say(text, format_args!("{STRONG}{strong}{STRONG:#}{rest}\n"));
    Comparison::of(check).write(text);
    if let (Some(seed), false) = (verdict.seed, check.drawn.is_empty()) {
        let again = format!("cargo xtask verify {} --seed {seed}", step.number);
        let drew =
            format!("Its values are drawn from seed {seed}, which stays the same until it passes:");
        say(text, format_args!("\n{drew} {again}"));
    }
    if let Some(known) = &check.mistake {
        say(text, format_args!("\n{}", tutor(known)));
    }
    text.push('\n');
}

fn next(text: &mut String, step: &Step, verdict: &Verdict, check: &CheckResult) {
    let task = verdict.task_of(check);
    let untouched = verdict.outcome == Outcome::NotStarted;
    // Without tasks there is nothing to write first: the failure is what to look at.
    let begun = !untouched || verdict.tasks.is_empty();
    if let Some(command) = check.reproduce.as_ref().filter(|_| begun) {
        // A token in it comes from the learner's server.
        let lines = harmless(&to_try(step, command)).replace('\n', "\n       ");
        say(text, format_args!("Try:   {lines}"));
    }
    let shown = check.mistake.as_ref().is_some_and(|known| known.place().is_some());
    if !shown {
        let file = step.main_rs().display().to_string();
        let open = task.and_then(|task| task.todo.as_ref()).unwrap_or(&file);
        say(text, format_args!("Open:  {open}"));
    }
    if check.mistake.is_none() {
        if let Some(task) = task {
            say(text, format_args!("Read:  {}#{}", page(step), task.anchor()));
        } else if untouched {
            say(text, format_args!("Read:  {}", page(step)));
        }
    }
    if begun {
        let others = also_failing(verdict, check);
        say(text, format_args!("Next:  cargo xtask hint {}{others}", step.number));
    }
}

/// The other failures that are not expected.
fn also_failing(verdict: &Verdict, check: &CheckResult) -> String {
    let is_begun = |check: &CheckResult| verdict.task_of(check).is_none_or(|task| task.begun);
    let mut others = verdict.failing().filter(|other| other.name != check.name && is_begun(other));
    match (others.next(), others.count()) {
        (None, _) => String::new(),
        (Some(other), 0) => format!("   (also failing: {})", hints::words(&other.name)),
        (Some(_), more) => format!("   ({} more checks fail)", more + 1),
    }
}

/// A sentence that names a place in somebody's response.
fn short(sentence: &str) -> String {
    let shown = harmless(sentence);
    match shown.char_indices().nth(LONGEST_SENTENCE) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}
