//! `cargo xtask snapshots`: write down what the solutions and their examples answer.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use protocol::environment;
use xtask::{
    course::{Course, Step, Whose},
    files, judge,
    process::compile::{self, Programs},
    trouble::Trouble,
    verbs::verb::steps_and_flags,
    verdict::{Outcome, report::Report},
};

use crate::examples;

/// What `cargo xtask snapshots --help` prints.
pub(super) const HELP: &str = "\
cargo xtask snapshots [STEP…] [--check]

Rewrites steps/*/tests/snapshots from the solutions, book/verdicts from the starters,
and in solutions/*/examples the responses in *.snap and the output in *.out. For
maintainers: read the difference in git before you commit it.

  --check   write nothing; run the examples only, and exit 1 if one does not do what is
            recorded (`verify --all --solutions` and `ci` check the snapshots and verdicts)";

/// Rewrites the snapshots of the steps, all of them by default.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut steps, [check]) = steps_and_flags(course, arguments, ["check"])?;
    if steps.is_empty() {
        steps.extend(&course.steps);
    }
    if check {
        return check_examples(course, &steps);
    }
    let mut code = 0;
    for step in steps {
        rewrite(course, step)?;
        let verdict = judge::judge(course, step, Whose::Reference, true)?;
        if verdict.outcome != Outcome::Solved {
            anstream::println!(
                "{}",
                Report { course, step, whose: Whose::Reference, verdict: &verdict }.render()
            );
            code = code.max(verdict.outcome.exit_code());
        }
        write_starter_report(course, step)?;
        for recorded in examples::run(course, step)? {
            files::write(&recorded.path, recorded.text.as_bytes())?;
        }
    }
    Ok(code)
}

/// Exits 1 if an example does not do what is recorded.
fn check_examples(course: &Course, steps: &[&Step]) -> Result<u8, Trouble> {
    let (mut count, mut code) = (0, 0);
    for step in steps {
        for recorded in examples::run(course, step)? {
            count += 1;
            if recorded.has_drifted()? {
                let file = recorded.path.strip_prefix(&course.root).unwrap_or(&recorded.path);
                println!(
                    "{} is not what its example does now: `cargo xtask snapshots {}`",
                    file.display(),
                    step.number
                );
                code = 1;
            }
        }
    }
    println!("{count} examples run");
    Ok(code)
}

fn rewrite(course: &Course, step: &Step) -> Result<(), Trouble> {
    let Programs { server, checks } = compile::solution(course, step)?;
    let folder = step.snapshots();
    for path in files::below(&folder)? {
        fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
    }
    let output = Command::new(&checks)
        .current_dir(step.folder(Whose::Reference))
        .env(environment::SERVER, &server)
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
    let verdict = judge::judge_with_seed(course, step, Whose::Learner, 0)?;
    let path = course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug));
    if verdict.outcome == Outcome::NotStarted {
        files::write(
            &path,
            Report { course, step, whose: Whose::Learner, verdict: &verdict }.plain().as_bytes(),
        )?;
    } else {
        eprintln!(
            "steps/{} is not the untouched starter, so {} is left as it is",
            step.slug,
            path.display()
        );
    }
    Ok(())
}
