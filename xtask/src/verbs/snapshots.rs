//! `cargo xtask snapshots`: write down what the solutions answer.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use lexopt::Arg::Value;

use crate::{
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    files, judge, report,
    trouble::Trouble,
    verbs::usage,
    verdict::Outcome,
};

/// What `cargo xtask snapshots --help` prints.
pub const HELP: &str = "\
cargo xtask snapshots [STEP…]

Rewrites steps/*/tests/snapshots from the solutions, and book/verdicts from the
starters. For maintainers: read the difference in git before you commit it.";

/// Rewrites the snapshots of the steps, all of them by default.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    if steps.is_empty() {
        steps.extend(&course.steps);
    }
    let mut code = 0;
    for step in steps {
        rewrite(course, step)?;
        let verdict = judge::judge(course, step, Whose::Reference, true)?;
        if verdict.outcome != Outcome::Solved {
            anstream::println!("{}", report::of(course, step, Whose::Reference, &verdict));
            code = code.max(verdict.outcome.exit_code());
        }
        write_starter_report(course, step)?;
    }
    Ok(code)
}

fn rewrite(course: &Course, step: &Step) -> Result<(), Trouble> {
    let package = step.package(Whose::Reference);
    let (server, checks) = match compile::compile(&course.root, &package)? {
        Compiled::Ready { server, checks } => (server, checks),
        Compiled::Refused { text, .. } => return Err(Trouble::Environment(text)),
    };
    let folder = step.snapshots();
    for path in files::below(&folder)? {
        fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
    }
    let output = Command::new(&checks)
        .current_dir(step.folder(Whose::Reference))
        .env("WORKSHOP_SERVER", &server)
        .env("INSTA_WORKSPACE_ROOT", &course.root)
        .env("INSTA_UPDATE", "always")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Trouble::io("start", &checks, &error))?;
    if !output.status.success() {
        anstream::eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    for path in files::below(&folder)? {
        without_source(&path)?;
    }
    println!("{}: {} snapshots", step.slug, files::below(&folder)?.len());
    Ok(())
}

/// A path in a snapshot would differ from clone to clone: the name and the description are enough.
fn without_source(path: &Path) -> Result<(), Trouble> {
    let text = files::read(path)?;
    let kept: String =
        text.split_inclusive('\n').filter(|line| !line.starts_with("source: ")).collect();
    files::write(path, kept.as_bytes())
}

/// The book shows what a learner sees who has not begun: the real text.
fn write_starter_report(course: &Course, step: &Step) -> Result<(), Trouble> {
    let verdict = judge::judge(course, step, Whose::Learner, true)?;
    let path = course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug));
    if verdict.outcome == Outcome::NotStarted {
        files::write(&path, report::plain(course, step, Whose::Learner, &verdict).as_bytes())?;
    } else {
        eprintln!(
            "steps/{} is not the untouched starter, so {} is left as it is",
            step.slug,
            path.display()
        );
    }
    Ok(())
}
