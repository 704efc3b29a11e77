//! `cargo xtask ci`: everything that must hold, in one command, with a table at the end.

use std::{env, process::Command};

use workshop_book::render;
use xtask::{
    course::{Course, Step, Whose},
    files, judge,
    process::{chromium, compile::cargo},
    trouble::Trouble,
    verbs::verb::{one_step, steps_and_flags},
    verdict::{Outcome, report::Report},
};

use crate::{
    author, banned_words,
    parts::{self, Ended, Table},
    spelling,
};

/// What `cargo xtask ci --help` prints.
pub(super) const HELP: &str = "\
cargo xtask ci [STEP] [--without-browser]

With STEP: what an author of this step needs, in less than a minute once its crates are
compiled. Without: everything that CI runs: format, lints, spelling, words, starters, the
runner's own tests, every solution with its examples and untouched starter, mistakes and
programs by strangers, the book, the board, the browser. With CI set nothing may be
missing; elsewhere the browser's part is skipped, and says so, if there is no Chromium,
and so is the spelling if `typos` cannot be installed.

  --without-browser   leave that part out, as on a system that has no driver for it";

/// Runs all of it, or what one step needs; even after a failure, and gives 1 if one part failed.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [without_browser]) = steps_and_flags(course, arguments, ["without-browser"])?;
    let mut table = Table::default();
    match steps.as_slice() {
        [] => everything(course, without_browser, &mut table),
        steps => of_step(course, one_step(steps)?, &mut table),
    }
    Ok(table.end())
}

/// What an author of one step waits for.
fn of_step(course: &Course, step: &Step, table: &mut Table) {
    let number = step.number.to_string();
    table.part("headings, marks, minutes, tasks", &|| {
        Ok(Ended::from_problems(author::problems(course, step)?))
    });
    if table.has_failed() {
        println!("The rest is run once this is right.");
        return;
    }
    table
        .part("the starter is made from the solution", &|| this(&["starters", "--check", &number]));
    table.part("the solution passes every check", &|| {
        this(&["verify", &number, "--solutions", "--fresh"])
    });
    table.part("the starter fails as it should", &|| {
        Ok(Ended::from_problems(of_starter(course, step)?.into_iter().collect()))
    });
    table.part("examples do what is recorded", &|| this(&["snapshots", "--check", &number]));
    table.part("lints", &|| {
        let packages = [Whose::Learner, Whose::Reference].map(|whose| step.package(whose));
        let [learners, ours] = &packages;
        cargo_call(
            course,
            &[
                "clippy",
                "--all-targets",
                "--locked",
                "-p",
                learners,
                "-p",
                ours,
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    table.part("banned words", &|| banned_words::check(course));
    // This program can build it too: the other one would be compiled for nothing else.
    table.part("the book", &|| {
        render::build(&course.root, &course.root.join("book").join("html"))?;
        Ok(Ended::Passed)
    });
}

fn everything(course: &Course, without_browser: bool, table: &mut Table) {
    table.part("format", &|| cargo_call(course, &["fmt", "--all", "--check"]));
    table.part("lints", &|| {
        cargo_call(
            course,
            &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        )
    });
    table.part("spelling", &|| spelling::check(course));
    table.part("banned words", &|| banned_words::check(course));
    table.part("documentation", &|| {
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
    table.part("starters are made from solutions", &|| this(&["starters", "--check"]));
    table.part("solutions pass every check", &|| {
        this(&["verify", "--all", "--solutions", "--fresh"])
    });
    table.part("examples do what is recorded", &|| this(&["snapshots", "--check"]));
    table.part("mistakes are caught", &|| this(&["mistakes", "--drawn"]));
    table.part("programs by strangers", &|| this(&["cases", "--draw", "40"]));
    table.part("starters fail as they should", &|| starters(course));
    table.part("tests of the runner", &|| {
        cargo_call(course, &["test", "--locked", "-p", "xtask", "-p", "protocol", "-p", "harness"])
    });
    table.part("tests of the maintainers' verbs", &|| {
        cargo_call(course, &["test", "--locked", "-p", "workshop-maintain"])
    });
    table.part("any header, token and form", &|| {
        cargo_call(course, &["test", "--locked", "-p", "forgery"])
    });
    table.part("tests of the book", &|| {
        cargo_call(course, &["test", "--locked", "-p", "workshop-book"])
    });
    table.part("the book", &|| book(course));
    table.part("the length of the chapters", &|| this(&["words"]));
    table.part("the board", &|| board(course));
    if !without_browser {
        table.part("the browser", &|| browser(course));
    }
}

fn cargo_call(course: &Course, arguments: &[&str]) -> Result<Ended, Trouble> {
    let mut command = Command::new(cargo());
    command.args(arguments).current_dir(&course.root).env("RUSTDOCFLAGS", "-D warnings");
    parts::run(command)
}

/// A workspace of its own, so no call above has seen it.
fn board(course: &Course) -> Result<Ended, Trouble> {
    let manifest = ["--manifest-path", "xtask/class/Cargo.toml"];
    let target = ["--target-dir", "target/class"];
    let clippy = ["--locked", "--all-targets", "--", "-D", "warnings"];
    for arguments in [
        [&["fmt"], &manifest[..], &["--check"]].concat(),
        [&["clippy"], &manifest[..], &target, &clippy].concat(),
        [&["test"], &manifest[..], &target, &["--locked"]].concat(),
    ] {
        let ended = cargo_call(course, &arguments)?;
        if matches!(ended, Ended::Failed(_)) {
            return Ok(ended);
        }
    }
    Ok(Ended::Passed)
}

fn this(arguments: &[&str]) -> Result<Ended, Trouble> {
    let program = env::current_exe().map_err(|error| {
        Trouble::Environment(format!("this program cannot find itself: {error}"))
    })?;
    let mut command = Command::new(program);
    command.args(arguments);
    parts::run(command)
}

fn book(course: &Course) -> Result<Ended, Trouble> {
    cargo_call(course, &["run", "--locked", "-p", "workshop-book", "--", "build"])
}

/// Law 5: an untouched starter fails exactly its new checks; and the book shows the real text of it.
fn starters(course: &Course) -> Result<Ended, Trouble> {
    let mut problems = Vec::new();
    for step in &course.steps {
        problems.extend(of_starter(course, step)?);
    }
    Ok(Ended::from_problems(problems))
}

fn of_starter(course: &Course, step: &Step) -> Result<Option<String>, Trouble> {
    let verdict = judge::judge_with_seed(course, step, Whose::Learner, 0)?;
    let said = Report { course, step, whose: Whose::Learner, verdict: &verdict }.plain();
    let shown = course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug));
    let number = step.number;
    if verdict.outcome != Outcome::NotStarted {
        return Ok(Some(format!(
            "{said}\nThe starter of step {number} does not fail as hints.md says."
        )));
    }
    if files::read(&shown)? != said {
        return Ok(Some(format!(
            "{} is out of date: `cargo xtask snapshots {number}`",
            shown.display()
        )));
    }
    println!("step {number}: fails its new checks, and no other");
    Ok(None)
}

fn browser(course: &Course) -> Result<Ended, Trouble> {
    if env::var_os("CI").is_none() && !chromium::is_installed() {
        return Ok(Ended::Skipped("skipped: no Chromium, install chromium and chromium-driver"));
    }
    cargo_call(course, &["test", "--locked", "-p", "workshop-browser"])
}
