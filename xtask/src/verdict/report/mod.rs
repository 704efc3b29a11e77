//! A verdict as the terminal shows it: how the step stands, what was expected and received, where to look, what to type
//! next.

use anstyle::Style;
use protocol::invisible::harmless;

use crate::{
    course::{Course, Step, Whose, patch},
    verdict::{
        Outcome, Verdict,
        difference::{self, DiffLine, Kind},
    },
};

pub use addresses::{book_is_at, page, page_if_served, server_is_at};
pub use refused::errors_and_shown;
pub use tutor::tutor;

mod addresses;
mod failure;
mod list;
mod refused;
mod text;
mod tutor;
mod wrap;

use text::{BAD, GOOD, QUIET, STRONG, say};

/// The id of the section with the last questions, on the page of a step with tasks.
pub const QUESTIONS: &str = "explain-it-back";

/// The page to read after the last step: *What production still needs*.
const AFTERWARDS: &str = "production.html";

/// The report on one step.
pub struct Report<'a> {
    /// The checkout that the step belongs to.
    pub course: &'a Course,
    /// The step.
    pub step: &'a Step,
    /// Whose code was judged.
    pub whose: Whose,
    /// The verdict on it.
    pub verdict: &'a Verdict,
}

impl Report<'_> {
    /// The whole report with colours; print it with `anstream`, which drops them where they are not wanted.
    pub fn render(&self) -> String {
        let Self { step, verdict, .. } = self;
        let mut text = String::new();
        let kind = if self.whose == Whose::Reference { ", the solution" } else { "" };
        say(
            &mut text,
            format_args!("{STRONG}Step {}: {}{STRONG:#}{kind}\n", step.number, step.title),
        );
        if verdict.compiler.is_none() {
            list::write(&mut text, verdict);
            text.push('\n');
        }
        text.push_str(&self.body());
        text
    }

    /// What there is to say below the list: the failure to look at first, rustc's error, or that all is done.
    pub fn body(&self) -> String {
        let Self { step, verdict, .. } = self;
        let mut text = String::new();
        if let Some(compiler) = &verdict.compiler {
            refused::write(&mut text, step, verdict, compiler);
            return text;
        }
        match verdict.outcome {
            Outcome::Broken => broken(&mut text, verdict),
            Outcome::Solved => self.solved(&mut text),
            Outcome::NotStarted | Outcome::Failed | Outcome::DoesNotCompile => {
                failure::write(&mut text, step, verdict);
            }
        }
        text
    }

    /// The same report without colours.
    pub fn plain(&self) -> String {
        anstream::adapter::strip_str(&self.render()).to_string()
    }

    fn solved(&self, text: &mut String) {
        let count = self.verdict.checks.len();
        say(text, format_args!("{GOOD}Solved{GOOD:#}: all {count} checks pass."));
        if self.whose == Whose::Reference {
            return;
        }
        let (step, number) = (self.step, self.step.number);
        say(text, format_args!("\nCompare:  cargo xtask solution {number} --diff"));
        if !self.verdict.tasks.is_empty() {
            say(text, format_args!("Explain:  why it works: {}#{QUESTIONS}", page(step)));
        }
        match self.course.after(step) {
            Some(next) => {
                let press = if addresses::is_watched() { "press n, or " } else { "" };
                say(
                    text,
                    format_args!(
                        "Next:     step {0}, {1} ({press}cargo xtask learn {0})\n          \
                         It starts from our step {number}. Your code stays where it is.\n\
                         Read:     {2}",
                        next.number,
                        next.title,
                        page(next),
                    ),
                );
            }
            None => self.last(text),
        }
    }

    /// What is left to do after the last step.
    fn last(&self, text: &mut String) {
        say(text, format_args!("That was the last step. Well done."));
        say(text, format_args!("Read:     {}/{AFTERWARDS}", addresses::book()));
        if patch::has_holes(&self.step.folder(Whose::Reference)) {
            say(text, format_args!("Again:    cargo xtask break-in --new   (six other holes)"));
        }
    }
}

/// The tasks of the step or, if it has none, its checks: how each stands; nothing if no check has run.
pub fn how_it_stands(verdict: &Verdict) -> String {
    let mut text = String::new();
    if !verdict.checks.is_empty() {
        list::write(&mut text, verdict);
    }
    text
}

/// The same with the names of the checks that fail below each task that is begun.
pub fn how_it_stands_with_checks(verdict: &Verdict) -> String {
    let mut text = String::new();
    if !verdict.checks.is_empty() {
        list::write_with_checks(&mut text, verdict);
    }
    text
}

/// What differs, line by line, with `context` lines of sameness around it: `-` in the first colour, `+` in
/// the second.
pub fn differences(old: &str, new: &str, context: usize, [minus, plus]: [Style; 2]) -> String {
    let mut text = String::new();
    for DiffLine { kind, text: line } in difference::lines(old, new, context) {
        let line = harmless(&line);
        match kind {
            Kind::Gap => say(&mut text, format_args!("  {QUIET}{line}{QUIET:#}")),
            Kind::Same => say(&mut text, format_args!("{}", format!("  {line}").trim_end())),
            Kind::Old => say(&mut text, format_args!("{minus}- {line}{minus:#}")),
            Kind::New => say(&mut text, format_args!("{plus}+ {line}{plus:#}")),
        }
    }
    text.trim_end().to_owned()
}

fn broken(text: &mut String, verdict: &Verdict) {
    let problem = harmless(verdict.problem.as_deref().unwrap_or_default());
    let mut lines: Vec<&str> = problem.lines().take(4).collect();
    if problem.lines().count() > lines.len() {
        lines.push("… and more like these (`--json` prints all)");
    }
    say(
        text,
        format_args!(
            "{BAD}The workshop itself is broken here; this is not your fault.{BAD:#}\n  {}\n\
             Next:  cargo xtask doctor, or `git status steps xtask` to see what differs from what we shipped",
            lines.join("\n  ")
        ),
    );
}

#[cfg(test)]
pub(crate) mod tests;
