//! A verdict as the terminal shows it: what was expected, what was received, where to look, what to type next.

use std::{fmt::Write, sync::OnceLock};

use anstyle::{AnsiColor, Style};
use protocol::invisible::{harmless, harmless_in_colour};

use crate::{
    course::{
        Course, Step, Whose,
        hints::{self, Tier},
    },
    verdict::{
        Outcome, Verdict,
        comparison::Comparison,
        diagnosis::Diagnosis,
        difference::{self, DiffLine, Kind},
    },
};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// So many characters of a sentence are shown.
const LONGEST_SENTENCE: usize = 400;

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
        if let Some(compiler) = &verdict.compiler {
            refused(&mut text, step, verdict, compiler);
            return text;
        }
        list(&mut text, verdict);
        match verdict.outcome {
            Outcome::Broken => broken(&mut text, verdict),
            Outcome::Solved => self.solved(&mut text),
            Outcome::NotStarted => {
                say(
                    &mut text,
                    format_args!(
                        "\nNot started yet: these {} failures are expected. Read the page of this step: {}\n\
                         One of them:",
                        verdict.failing().count(),
                        page(step)
                    ),
                );
                failure(&mut text, step, verdict);
            }
            Outcome::Failed | Outcome::DoesNotCompile => failure(&mut text, step, verdict),
        }
        text
    }

    /// The same report without colours.
    pub fn plain(&self) -> String {
        anstream::adapter::strip_str(&self.render()).to_string()
    }

    fn solved(&self, text: &mut String) {
        let count = self.verdict.checks.len();
        say(text, format_args!("\n{GOOD}Solved{GOOD:#}: all {count} checks pass."));
        if self.whose == Whose::Reference {
            return;
        }
        let number = self.step.number;
        say(
            text,
            format_args!("Compare: cargo xtask solution {number} --diff   (yours against ours)"),
        );
        match self.course.after(self.step) {
            Some(next) => say(
                text,
                format_args!(
                    "\nNext: step {0}, {1}\n  {2}\n  {3}\n\
                     Step {0} starts from our step {number}; your own code stays where it is.",
                    next.number,
                    next.title,
                    next.main_rs().display(),
                    page(next)
                ),
            ),
            None => say(text, format_args!("That was the last step. Well done.")),
        }
    }
}

/// Where the book is served, if not where it usually is.
static BOOK: OnceLock<String> = OnceLock::new();

/// From now on reports lead to the book at this address.
pub fn book_is_at(address: &str) {
    BOOK.get_or_init(|| address.to_owned());
}

/// Where the learner's server listens while a step is watched.
static SERVER: OnceLock<u16> = OnceLock::new();

/// From now on command lines lead to the server at this port, which needs no `run`.
pub fn server_is_at(port: u16) {
    SERVER.get_or_init(|| port);
}

/// A command line of a check, which leads to port 3000, as it is to be typed here; and what comes before it.
fn to_try(step: &Step, command: &str) -> String {
    match SERVER.get() {
        Some(port) => {
            command.replace("http://127.0.0.1:3000/", &format!("http://127.0.0.1:{port}/"))
        }
        None => {
            format!("cargo xtask run {}   and, in a second terminal:\n{command}", step.number)
        }
    }
}

/// The page of a step, where `cargo xtask learn` serves it.
pub fn page(step: &Step) -> String {
    format!("{}/{}", book(), step.page())
}

fn book() -> &'static str {
    BOOK.get().map_or("http://127.0.0.1:4000", String::as_str)
}

fn refused(text: &mut String, step: &Step, verdict: &Verdict, compiler: &str) {
    let shown = verdict.compiler_in_colour.as_deref().unwrap_or(compiler);
    say(text, format_args!("Your code does not compile yet. This is what rustc says:\n"));
    say(text, format_args!("{}\n", harmless_in_colour(shown.trim_end())));
    if let Some(known) = &verdict.compiler_mistake {
        say(text, format_args!("{}\n", tutor(known)));
    }
    say(text, format_args!("Open:  {}", step.main_rs().display()));
    say(
        text,
        format_args!("Next:  fix the first error, then `cargo xtask verify {}`", step.number),
    );
}

/// The checks of this step, and those of earlier steps that fail; the others in one line.
fn list(text: &mut String, verdict: &Verdict) {
    let mut tier = Tier::Core;
    for check in verdict.listed() {
        if check.tier != tier {
            tier = check.tier;
            say(text, format_args!("  {QUIET}Sharp edges{QUIET:#}"));
        }
        let words = hints::words(&check.name);
        if check.passed {
            say(text, format_args!("  {GOOD}ok{GOOD:#}    {words}"));
        } else {
            let before = check.before().map(|before| format!("   ({before})")).unwrap_or_default();
            say(text, format_args!("  {BAD}FAIL{BAD:#}  {words}{before}"));
        }
    }
    match verdict.checks.len() - verdict.listed().count() {
        0 => {}
        1 => say(text, format_args!("  {GOOD}ok{GOOD:#}    1 check that passed from the start")),
        many => say(
            text,
            format_args!("  {GOOD}ok{GOOD:#}    {many} checks that passed from the start"),
        ),
    }
}

fn failure(text: &mut String, step: &Step, verdict: &Verdict) {
    let Some(check) = verdict.focused() else { return };
    let seen = check.seen.as_ref().map(|seen| format!(": {}", short(seen))).unwrap_or_default();
    say(text, format_args!("\n{STRONG}{}{STRONG:#}{seen}\n", hints::words(&check.name)));
    Comparison::of(check).write(text);
    if let (Some(seed), false) = (verdict.seed, check.drawn.is_empty()) {
        let again = format!("cargo xtask verify {} --seed {seed}", step.number);
        say(text, format_args!("\nThe seed {seed} drew this, and stays until it passes: {again}"));
    }
    if let Some(known) = &check.mistake {
        say(text, format_args!("\n{}", tutor(known)));
    }
    if let Some(command) = &check.reproduce {
        // A token in it comes from the learner's server.
        let lines = harmless(&to_try(step, command)).replace('\n', "\n       ");
        say(text, format_args!("\nTry:   {lines}"));
    } else {
        text.push('\n');
    }
    say(text, format_args!("Open:  {}", step.main_rs().display()));
    let others = verdict.failing().count() - 1;
    let others = match others {
        0 => String::new(),
        1 => "   (1 more check fails)".to_owned(),
        many => format!("   ({many} more checks fail)"),
    };
    say(text, format_args!("Next:  cargo xtask hint {}{others}", step.number));
    if verdict.core_passes() {
        let left = verdict.failing().count();
        let edges = if left == 1 { "sharp edge" } else { "sharp edges" };
        say(text, format_args!("\n{GOOD}You can go on{GOOD:#}; {left} {edges} left."));
    }
}

/// What a tutor says to a known mistake, why it is one, and where to read again.
pub fn tutor(known: &Diagnosis) -> String {
    let place = known.place().map(|place| format!("{place}\n")).unwrap_or_default();
    format!("{place}{}\nWhy:   {}\nRead:  {}/{}", known.says, known.why, book(), known.read)
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
            "\n{BAD}The workshop itself is broken here; this is not your fault.{BAD:#}\n  {}\n\
             Next:  cargo xtask doctor, or `git status steps xtask` to see what differs from what we shipped",
            lines.join("\n  ")
        ),
    );
}

/// A sentence that names a place in somebody's response.
fn short(sentence: &str) -> String {
    let shown = harmless(sentence);
    match shown.char_indices().nth(LONGEST_SENTENCE) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

fn say(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes all text");
}
