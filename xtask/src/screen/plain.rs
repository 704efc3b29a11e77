//! Lines for editors and pipes: where a judgement begins and ends, and a line for each problem.
//!
//! ```text
//! workshop: step 3: checking
//! steps/03-bearer-token/src/main.rs:87:1: error: Refuses another scheme: your server let this request in.
//! workshop: step 3: 2 of 27 checks fail
//! ```
//!
//! What fails because its task is not begun is an `info` in place of an `error`. Of several errors of rustc the report shows
//! one in rustc's own words, which editors know, so that one has no line here. The end is `solved`, `2 of 27 checks fail`,
//! `does not compile`, `does not start` or `cannot be checked`. The problem matchers of editors read this, so it stays as it is.

use std::{
    io::{self, IsTerminal},
    path::Path,
};

use anstream::ColorChoice;
use protocol::invisible::harmless;

use crate::{
    course::{
        Step, Whose, hints, item,
        source::{self, Source},
    },
    process::window,
    screen::summary,
    trouble::Trouble,
    verdict::{CheckResult, Verdict, comparison::Comparison, diagnosis::Diagnosis, report},
};

/// What an editor makes of a problem.
#[derive(Clone, Copy)]
enum Severity {
    Error,
    /// It is expected: nobody has begun what it is about.
    Info,
}

/// So many characters of a message are shown.
const LONGEST: usize = 300;

/// From now on nothing that is printed has colours or moves the cursor.
pub fn only_lines() {
    ColorChoice::Never.write_global();
}

/// Whether an editor or a program may read our output: a pipe, a terminal that shows text alone, or a wish.
pub fn are_wanted(asked_for: bool) -> bool {
    asked_for || window::is_dumb() || !io::stdout().is_terminal()
}

/// The first line of a judgement.
pub fn begin(step: &Step) -> String {
    format!("workshop: step {}: checking", step.number)
}

/// The last line of a judgement; without a verdict, the machine or the workshop is at fault.
pub fn end(step: &Step, verdict: Option<&Verdict>) -> String {
    let outcome = verdict.map_or_else(|| summary::CANNOT_BE_CHECKED.to_owned(), summary::of);
    format!("workshop: step {}: {outcome}", step.number)
}

/// A line for each error of rustc that the report does not show, or for each check that fails.
pub fn problems(step: &Step, verdict: &Verdict) -> Result<Vec<String>, Trouble> {
    if let Some(compiler) = &verdict.compiler {
        return Ok(errors(step, verdict, compiler));
    }
    let code = source::written(step, Whose::Learner)?;
    let severity = |check: &CheckResult| {
        if verdict.is_expected(check) { Severity::Info } else { Severity::Error }
    };
    verdict.failing().map(|check| problem(step, check, severity(check), &code)).collect()
}

/// At the line of a known mistake; else at the function of the task; else at the beginning of the file.
fn problem(
    step: &Step,
    check: &CheckResult,
    severity: Severity,
    code: &[Source],
) -> Result<String, Trouble> {
    let known = check.mistake.as_ref().and_then(Diagnosis::place);
    let place = match (known, check.task) {
        (Some(place), _) => place,
        (None, Some(task)) => match item::of_task(step, task, code)? {
            Some((path, line)) => format!("{}:{line}", in_repository(step, &path)),
            None => beginning(step),
        },
        (None, None) => beginning(step),
    };
    let words = hints::words(&check.name);
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    Ok(line(
        &format!("{place}:1"),
        severity,
        &format!("{first}{}: {}", letters.as_str(), finding(check)),
    ))
}

fn finding(check: &CheckResult) -> String {
    if let Some(seen) = &check.seen {
        return seen.clone();
    }
    let Comparison { expected, got, .. } = Comparison::of(check);
    let differs = expected.iter().zip(&got).position(|(one, other)| one != other);
    let at = differs.unwrap_or_else(|| expected.len().min(got.len()).saturating_sub(1));
    let side = |lines: &[String]| lines.get(at).or(lines.last()).cloned().unwrap_or_default();
    format!("expected {}, got {}", side(&expected), side(&got))
}

/// Each error of rustc: its first line, and the first place below it. An editor would list the one that the report shows
/// twice.
fn errors(step: &Step, verdict: &Verdict, said: &str) -> Vec<String> {
    let (errors, shown) = report::errors_and_shown(verdict, said);
    let errors = errors.iter().enumerate();
    let errors = errors.filter(|(index, error)| *index != shown || !is_matched(error));
    errors.filter_map(|(_, error)| error_line(step, error)).collect()
}

/// Whether the editors' matcher for rustc, `$rustc`, finds the error: it looks for the place directly below the first line.
fn is_matched(error: &str) -> bool {
    error.lines().nth(1).and_then(place).is_some()
}

fn error_line(step: &Step, error: &str) -> Option<String> {
    // `error[E0308]: mismatched types`
    let message = error.lines().next()?.strip_prefix("error")?;
    let (code, message) = message.split_once(": ").unwrap_or(("", message));
    let code = if code.is_empty() { String::new() } else { format!(" {code}") };
    let place = error.lines().find_map(place).map(|place| place.replace('\\', "/"));
    let place = place.unwrap_or_else(|| format!("{}:1", beginning(step)));
    Some(line(&place, Severity::Error, &format!("{message}{code}")))
}

/// The place in a line of rustc's: ` --> src/main.rs:79:21`.
fn place(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("--> ")
}

fn line(place: &str, severity: Severity, message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message: String = harmless(&message).chars().take(LONGEST).collect();
    let severity = match severity {
        Severity::Error => "error",
        Severity::Info => "info",
    };
    format!("{place}: {severity}: {message}")
}

fn beginning(step: &Step) -> String {
    format!("{}:1", in_repository(step, Path::new("src/main.rs")))
}

/// With forward slashes, whatever the system has.
fn in_repository(step: &Step, path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    format!("steps/{}/{}", step.slug, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        course::Course,
        verdict::{
            report::tests::{Scratch, basic_gets_in},
            testing,
        },
    };

    /// A mistake without a place.
    fn unknown() -> Diagnosis {
        Diagnosis {
            name: String::new(),
            says: String::new(),
            why: String::new(),
            read: String::new(),
            file: None,
            line: None,
            code: None,
            error: None,
        }
    }

    #[test]
    fn a_known_mistake_is_at_its_line_and_the_end_counts() {
        let course = Scratch::new("plain");
        let (step, mut verdict) = (&course.0.steps[0], basic_gets_in(&course));
        verdict.checks.retain(|check| check.passed || check.mistake.is_some());
        let found = problems(step, &verdict).unwrap_or_else(|trouble| panic!("{trouble}"));
        let expected = "steps/03-bearer-token/src/main.rs:80:1: error: \
                        Refuses another scheme: your server let this request in.";
        assert_eq!(found, [expected]);
        verdict.tasks[2].begun = false;
        let found = problems(step, &verdict).unwrap_or_else(|trouble| panic!("{trouble}"));
        assert_eq!(found, [expected.replace(": error: ", ": info: ")], "its task is not begun");
        assert_eq!(begin(step), "workshop: step 3: checking");
        assert_eq!(end(step, Some(&verdict)), "workshop: step 3: 1 of 26 checks fail");
        assert_eq!(end(step, None), "workshop: step 3: cannot be checked");
    }

    #[test]
    fn a_check_is_at_the_function_of_its_task_as_the_learner_has_it() {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let step = course.step("3").unwrap_or_else(|trouble| panic!("{trouble}"));
        let code = "fn mine() {}\nimpl IntoResponse for NotAuthenticated {\n    fn into_response(self) {}\n}\n";
        let code = [Source { path: "src/main.rs".into(), text: code.to_owned() }];
        let at = |task| {
            let check =
                CheckResult { task, ..testing::check("says_what\u{7}", "401\nb", "401\nc") };
            problem(step, &check, Severity::Error, &code)
                .unwrap_or_else(|trouble| panic!("{trouble}"))
        };
        let main = "steps/03-bearer-token/src/main.rs";
        let words = r"error: Says what\u{7}: expected b, got c";
        assert_eq!(at(Some(2)), format!("{main}:3:1: {words}"));
        assert_eq!(at(Some(1)), format!("{main}:1:1: {words}"), "there is no `secret`");
        assert_eq!(at(None), format!("{main}:1:1: {words}"));
    }

    #[test]
    fn an_error_of_rustc_has_its_first_place_if_the_report_does_not_show_it() {
        let course = Scratch::new("plain-errors");
        let shown = "error[E0425]: cannot find value `a`\n  --> steps\\03\\src\\main.rs:7:1\n\n";
        let others = "error[E0308]: mismatched types\n  --> steps\\03\\src\\main.rs:79:21\n   |\nnote: here\n  --> b.rs:1:1\n\n\
                      error: expected `;`: found `}`\n\n";
        let expected = [
            "steps/03/src/main.rs:79:21: error: mismatched types [E0308]",
            "steps/03-bearer-token/src/main.rs:1:1: error: expected `;`: found `}`",
        ];
        let step = &course.0.steps[0];
        let mut verdict = testing::failed(Vec::new());
        let said = |verdict: &Verdict, text: &str| errors(step, verdict, text);
        assert_eq!(said(&verdict, &format!("{shown}{others}")), expected);
        let no_place_below = "error: two\nlines\n  --> steps/03/src/main.rs:7:1\n\n";
        let first = ["steps/03/src/main.rs:7:1: error: two"];
        assert_eq!(said(&verdict, no_place_below), first, "no editor finds it in the report");

        verdict.compiler_mistake =
            Some(Diagnosis { error: shown.lines().next().map(str::to_owned), ..unknown() });
        assert_eq!(
            said(&verdict, &format!("{others}{shown}")),
            expected,
            "the report shows the last"
        );
    }

    #[test]
    fn a_mistake_without_a_line_is_at_the_function() {
        let course = Scratch::new("plain-place");
        let check = CheckResult { mistake: Some(unknown()), ..testing::check("a", "x", "y") };
        let said = problem(&course.0.steps[0], &check, Severity::Info, &[]);
        let said = said.unwrap_or_else(|trouble| panic!("{trouble}"));
        assert_eq!(said, "steps/03-bearer-token/src/main.rs:1:1: info: A: expected x, got y");
    }
}
