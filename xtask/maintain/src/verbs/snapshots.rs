//! `cargo xtask snapshots`: write down what the solutions answer.

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

/// What `cargo xtask snapshots --help` prints.
pub(super) const HELP: &str = "\
cargo xtask snapshots [STEP…]

Rewrites steps/*/tests/snapshots from the solutions, and book/verdicts from the
starters. For maintainers: read the difference in git before you commit it.";

/// Rewrites the snapshots of the steps, all of them by default.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut steps, []) = steps_and_flags(course, arguments, [])?;
    if steps.is_empty() {
        steps.extend(&course.steps);
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
    }
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
