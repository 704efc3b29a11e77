//! `cargo xtask report`: what a maintainer needs to know about a step.

use std::{
    collections::BTreeSet,
    fmt::Write,
    process::{Command, Stdio},
};

use crate::{
    course::{Course, Step, Whose, source},
    judge,
    learner::{private::Private, without::Counts},
    process::call,
    trouble::Trouble,
    verbs::verb::{Verb, one_step, steps_and_flags},
    verdict::{CheckResult, Outcome, Verdict, report::Report},
};

/// `cargo xtask report`.
pub(super) const VERB: Verb = Verb {
    name: "report",
    about: "what a maintainer needs, if a check is wrong about your code",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask report STEP [--code]

Prints what a maintainer needs who looks into a check that is wrong about your code:
versions, the step, and each check that fails with what was expected and received.
The paths of your folders, your names (as the system and git know them), your machine's
name and secrets in the environment are taken out. Nothing is sent: read it, then copy it
into an issue.

  --code   with your code";

/// Judges the step and prints the report.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [with_code]) = steps_and_flags(course, arguments, ["code"])?;
    let step = one_step(&steps)?;
    let verdict = judge::judge(course, step, Whose::Learner, false)?;
    let mut text = versions(course);
    text.push_str(&judged(course, step, &verdict));
    for failure in verdict.failing() {
        text.push_str(&failed(failure, &verdict));
    }
    if with_code {
        for source in source::written(step, Whose::Learner)? {
            let path = format!("steps/{}/{}", step.slug, source.path.display());
            text.push_str(&block(&path, "rust", &source.text));
        }
    }
    let private = Private::here(course, step)?;
    let (text, counts) = private.take_out(&text);
    println!("{text}");
    eprintln!("{}", taken_out(&counts, &private.ambiguous));
    Ok(0)
}

/// What is not in the report any more, and what may be.
fn taken_out(counts: &Counts, ambiguous: &BTreeSet<String>) -> String {
    let counts: Vec<_> = counts.iter().map(|(word, count)| format!("{count} × {word}")).collect();
    let mut text = if counts.is_empty() {
        "Taken out: nothing. No path of this machine and no name of yours was in it.".to_owned()
    } else {
        format!("Taken out: {}.", counts.join(", "))
    };
    for name in ambiguous {
        say(&mut text, "");
        text.push_str(&format!(
            "`{name}` is a word of this step too, so it was taken out of paths alone."
        ));
    }
    say(&mut text, "");
    text.push_str("Read the report above before you copy it: what else is private, only you know.");
    text
}

fn versions(course: &Course) -> String {
    let rustc = first_line(Command::new("rustc").arg("--version"));
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty"]).current_dir(&course.root);
    let commit = first_line(&mut git);
    format!(
        "- Workshop {}, {}\n- {}\n- {} {}\n",
        env!("CARGO_PKG_VERSION"),
        commit.map_or("no git".to_owned(), |commit| format!("commit {commit}")),
        rustc.as_deref().unwrap_or("no rustc"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = call::output(command.stderr(Stdio::null())).ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().filter(|_| output.status.success()).map(str::to_owned)
}

fn judged(course: &Course, step: &Step, verdict: &Verdict) -> String {
    let report = Report { course, step, whose: Whose::Learner, verdict };
    let seed = verdict.seed.map(|seed| format!(", seed {seed}")).unwrap_or_default();
    let said = match verdict.outcome {
        Outcome::Broken => verdict.problem.clone().unwrap_or_default(),
        _ => report.plain(),
    };
    block(&format!("{}{seed}", step.slug), "text", &said)
}

/// One failing check, with all that was seen.
fn failed(check: &CheckResult, verdict: &Verdict) -> String {
    let mut text = String::new();
    if let Some(finding) = &check.finding {
        let at = finding.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        say(&mut text, &format!("finding: {:?}{at}", finding.kind));
    }
    if let Some(mistake) = &check.mistake {
        say(&mut text, &format!("taken for the mistake: {}", mistake.name));
    }
    for (side, said) in [("expected", &check.expected), ("got", &check.actual)] {
        if let Some(said) = said {
            say(&mut text, &format!("--- {side}\n{}", said.text().trim_end()));
        }
    }
    let expected = if verdict.is_expected(check) { " (task not begun)" } else { "" };
    block(&format!("`{}`{expected}", check.name), "text", &text)
}

fn say(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a String takes all text");
}

/// A heading, and text in a fence that nothing in it closes.
fn block(heading: &str, language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '~').map(str::len).max().unwrap_or(0);
    let fence = "~".repeat(longest.max(2) + 1);
    format!("\n### {heading}\n\n{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!(block("a", "text", "x\n"), "\n### a\n\n~~~text\nx\n~~~\n");
        assert_eq!(block("a", "text", "~~~~\n"), "\n### a\n\n~~~~~text\n~~~~\n~~~~~\n");
    }

    #[test]
    fn what_is_out_and_what_may_not_be_is_told() {
        let counts = Counts::from([("<home>".to_owned(), 2), ("<user>".to_owned(), 1)]);
        let told = taken_out(&counts, &BTreeSet::from(["max".to_owned()]));
        assert!(told.starts_with("Taken out: 2 × <home>, 1 × <user>.\n`max` is a word"), "{told}");
        assert!(taken_out(&Counts::new(), &BTreeSet::new()).contains("nothing. No path"));
    }
}
