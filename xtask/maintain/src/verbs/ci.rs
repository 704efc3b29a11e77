//! `cargo xtask ci`: everything that must hold, in one command, with a table at the end.

use std::{
    env,
    process::Command,
    time::{Duration, Instant},
};

use xtask::{
    course::{Course, Whose},
    files, judge,
    process::{call, chromium, compile::cargo},
    trouble::Trouble,
    verbs::verb::steps_and_flags,
    verdict::{Outcome, report::Report},
};

use crate::{banned_words, spelling};

/// What `cargo xtask ci --help` prints.
pub(super) const HELP: &str = "\
cargo xtask ci [--without-browser]

Everything that CI runs: format, lints, spelling, words, starters, the runner's own tests, every
solution with its examples and untouched starter, mistakes and programs by strangers, the book, the browser. With CI set nothing may be
missing; elsewhere the browser's part is skipped, and says so, if there is no Chromium, and
so is the spelling if `typos` cannot be installed.

  --without-browser   leave that part out, as on a system that has no driver for it";

struct Row {
    name: &'static str,
    result: &'static str,
    took: Duration,
}

/// Runs all of it, even after a failure, and gives 1 if one part failed.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [without_browser]) = steps_and_flags(course, arguments, ["without-browser"])?;
    if !steps.is_empty() {
        return Err(Trouble::Arguments("it takes no step".to_owned()));
    }
    let mut rows = Vec::new();
    let mut part = |name, act: &dyn Fn() -> Result<&'static str, Trouble>| {
        println!("\n=== {name}");
        let began = Instant::now();
        let result = act().unwrap_or_else(|trouble| {
            anstream::eprintln!("{trouble}");
            "FAILED"
        });
        rows.push(Row { name, result, took: began.elapsed() });
    };
    part("format", &|| cargo_call(course, &["fmt", "--all", "--check"]));
    part("lints", &|| {
        cargo_call(
            course,
            &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        )
    });
    part("spelling", &|| spelling::check(course));
    part("banned words", &|| banned_words::check(course));
    part("documentation", &|| {
        cargo_call(
            course,
            &[
                "doc",
                "--no-deps",
                "-p",
                "xtask",
                "-p",
                "protocol",
                "-p",
                "harness",
                "-p",
                "forgery",
                "-p",
                "workshop-book",
                "--locked",
            ],
        )
    });
    part("starters are made from solutions", &|| this(&["starters", "--check"]));
    part("solutions pass every check", &|| this(&["verify", "--all", "--solutions", "--fresh"]));
    part("examples do what is recorded", &|| this(&["snapshots", "--check"]));
    part("mistakes are caught", &|| this(&["mistakes", "--drawn"]));
    part("programs by strangers", &|| this(&["cases", "--draw", "40"]));
    part("starters fail as they should", &|| starters(course));
    part("tests of the runner", &|| {
        cargo_call(course, &["test", "--locked", "-p", "xtask", "-p", "protocol", "-p", "harness"])
    });
    part("tests of the maintainers' verbs", &|| {
        cargo_call(course, &["test", "--locked", "-p", "workshop-maintain"])
    });
    part("any header, token and form", &|| {
        cargo_call(course, &["test", "--locked", "-p", "forgery"])
    });
    part("tests of the book", &|| cargo_call(course, &["test", "--locked", "-p", "workshop-book"]));
    part("the book", &|| {
        cargo_call(course, &["run", "--locked", "-p", "workshop-book", "--", "build"])
    });
    part("the length of the chapters", &|| this(&["words"]));
    if !without_browser {
        part("the browser", &|| browser(course));
    }
    println!("\n{:36}{:>10}  result", "part", "seconds");
    for row in &rows {
        println!("{:36}{:>10.1}  {}", row.name, row.took.as_secs_f64(), row.result);
    }
    Ok(u8::from(rows.iter().any(|row| row.result == "FAILED")))
}

fn cargo_call(course: &Course, arguments: &[&str]) -> Result<&'static str, Trouble> {
    let mut command = Command::new(cargo());
    command.args(arguments).current_dir(&course.root).env("RUSTDOCFLAGS", "-D warnings");
    finish(command)
}

fn this(arguments: &[&str]) -> Result<&'static str, Trouble> {
    let program = env::current_exe().map_err(|error| {
        Trouble::Environment(format!("this program cannot find itself: {error}"))
    })?;
    let mut command = Command::new(program);
    command.args(arguments);
    finish(command)
}

fn finish(mut command: Command) -> Result<&'static str, Trouble> {
    Ok(if call::succeeds(&mut command)? { "passed" } else { "FAILED" })
}

/// Law 5: an untouched starter fails exactly its new checks; and the book shows the real text of it.
fn starters(course: &Course) -> Result<&'static str, Trouble> {
    let mut result = "passed";
    for step in &course.steps {
        let verdict = judge::judge_with_seed(course, step, Whose::Learner, 0)?;
        let said = Report { course, step, whose: Whose::Learner, verdict: &verdict }.plain();
        let shown = course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug));
        if verdict.outcome != Outcome::NotStarted {
            println!("{said}\nThe starter of step {} does not fail as hints.md says.", step.number);
            result = "FAILED";
        } else if files::read(&shown)? != said {
            println!("{} is out of date: `cargo xtask snapshots {}`", shown.display(), step.number);
            result = "FAILED";
        } else {
            println!("step {}: fails its new checks, and no other", step.number);
        }
    }
    Ok(result)
}

fn browser(course: &Course) -> Result<&'static str, Trouble> {
    if env::var_os("CI").is_none() && !chromium::is_installed() {
        return Ok("skipped: no Chromium, install chromium and chromium-driver");
    }
    cargo_call(course, &["test", "--locked", "-p", "workshop-browser"])
}
