//! `cargo xtask update`: a newer workshop, with the learner's code.

use std::{fs, path::Path, process::Command};

use lexopt::Arg::{Long, Value};
use protocol::invisible::harmless;

use crate::{
    course::{Course, Step, Whose},
    files, judge,
    learner::{
        lock::Lock,
        merged::Merged,
        newer::{self, Newer},
        progress::Progress,
        undo,
        update::Plan,
    },
    process::{call, compile, toolchain},
    session::{book::Books, watched},
    trouble::Trouble,
    verbs::verb::Verb,
    verdict::{Outcome, Verdict},
};

/// `cargo xtask update`.
pub(super) const VERB: Verb = Verb {
    name: "update",
    about: "a newer workshop, your code included (--undo takes it back)",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask update [FROM] [--undo]

Brings the workshop up to date. What has changed in a starter is merged with your code,
and the steps that you have solved are judged again. Makes no commit. All that is replaced
is copied to .workshop first. If nothing compiles any more, `.workshop/updates/xtask
update --undo` needs no compiler.

  FROM     a remote of git or its address, the archive workshop-offline.tar.gz, or a
           folder with a workshop. Without FROM: the remote `upstream`, else `origin`
  --undo   everything as it was before the last update, byte by byte";

/// Updates, or takes the last update back.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut from, mut undo) = (None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("undo") => undo = true,
            Value(value) if from.is_none() => from = Some(value.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    refuse_while_something_runs(course)?;
    match (from, undo) {
        (Some(_), true) => Err(Trouble::Arguments("--undo takes nothing".to_owned())),
        (None, true) => take_back(course),
        (from, false) => bring(course, from.as_deref()),
    }
}

fn refuse_while_something_runs(course: &Course) -> Result<(), Trouble> {
    if watched::slugs(course).is_empty() && Books::in_checkout(course).served().is_empty() {
        return Ok(());
    }
    Err(Trouble::Usage(
        "`learn` or `watch` is running here, and would compile a workshop that is half old and half new. Nothing was \
         changed.\nNext:  end it with q in its terminal, then the same command again"
            .to_owned(),
    ))
}

fn take_back(course: &Course) -> Result<u8, Trouble> {
    let undone = undo::undo(course, &Lock::hold(course)?)?;
    Verdict::forget_all(course)?;
    println!("Everything is as it was before the last update.");
    println!(
        "What this took away is kept in {}, and your code in .workshop/backups.",
        undone.display()
    );
    Ok(0)
}

fn bring(course: &Course, from: Option<&str>) -> Result<u8, Trouble> {
    if undo::was_cut_short(course)? {
        return Err(Trouble::Usage(
            "the last update ended before it had changed everything. Nothing was changed now.\n\
             Next:  cargo xtask update --undo, then the same command again"
                .to_owned(),
        ));
    }
    let folder = course.temporary().join("update");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Trouble::io("remove", &folder, &error))?;
    }
    files::create_folder(&folder)?;
    let Newer { root, name } = newer::fetch(course, from, &folder)?;
    let newest = || println!("This is the newest workshop that {name} has. Nothing was changed.");
    let Some(root) = root else {
        newest();
        return Ok(0);
    };
    let newer = Course::open(&root)?;
    refuse_an_older_rust_than(&newer.rust_version()?)?;
    let lock = Lock::hold(course)?;
    let plan = Plan::new(course, &newer)?;
    if plan.is_empty() {
        newest();
        return Ok(0);
    }
    plan.apply(course, &newer, &lock)?;
    drop(lock);
    Verdict::forget_all(course)?;
    println!("Up to date with {name}: {} files of the workshop have changed.", plan.files());
    let conflicts = show_merges(&plan);
    println!("Nothing was committed. Take it back:  cargo xtask update --undo\n");
    let judged = judge_again(course, &plan)?;
    if let Some(step) = conflicts.first() {
        println!("Next:  decide the conflicts, then cargo xtask verify {}", step.number);
        return Ok(judged.max(1));
    }
    if judged == 0 {
        println!("Next:  cargo xtask learn");
    }
    Ok(judged)
}

fn refuse_an_older_rust_than(needed: &str) -> Result<(), Trouble> {
    match toolchain::rustc().filter(|found| !toolchain::is_enough(found, needed)) {
        None => Ok(()),
        Some(found) => Err(Trouble::Environment(format!(
            "the newer workshop needs Rust {needed}, and here is {found}. Nothing was changed.\n\
             Next:  rustup update stable, then the same command again"
        ))),
    }
}

/// Says in which steps the learner's code has changed, and where both sides have; gives these.
fn show_merges(plan: &Plan) -> Vec<&Step> {
    let is_whole = |(_, merged): &&(Step, Merged)| merged.conflicts.is_empty();
    let whole: Vec<_> = plan.steps.iter().filter(is_whole).collect();
    if !whole.is_empty() {
        let numbers: Vec<_> = whole.iter().map(|(step, _)| step.number.to_string()).collect();
        let plural = if numbers.len() == 1 { "" } else { "s" };
        println!(
            "Your code of step{plural} {} has what is new in the starter.",
            numbers.join(", ")
        );
    }
    let mut conflicts = Vec::new();
    for (step, merged) in plan.steps.iter().filter(|step| !is_whole(step)) {
        println!("In step {} you and the new starter have changed the same lines:", step.number);
        conflicts.push(step);
        for (path, lines) in &merged.conflicts {
            for line in lines {
                println!("  conflict  steps/{}/{}:{line}", step.slug, path.display());
                show_lines(merged, path, *line);
            }
        }
    }
    if !conflicts.is_empty() {
        println!(
            "In a conflict your lines are above `=======`, and those of the new starter below it: keep what is right, and \
             delete the three marks."
        );
    }
    for path in &plan.kept {
        let ours = Path::new("solutions").join(path.strip_prefix("steps").unwrap_or(path));
        println!(
            "{} stays yours, though ours has changed in the same lines: compare it with {}",
            path.display(),
            ours.display()
        );
    }
    conflicts
}

/// The lines in conflict, from this one on.
fn show_lines(merged: &Merged, path: &Path, line: usize) {
    let Some((_, bytes)) = merged.contents.iter().find(|(name, _)| name == path) else { return };
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().skip(line - 1).collect();
    let end = lines.iter().position(|line| line.starts_with(">>>>>>>"));
    for line in &lines[..end.map_or(0, |end| end + 1)] {
        println!("    {}", harmless(line));
    }
}

/// Judges the steps that were solved, with the runner that is new too.
fn judge_again(course: &Course, plan: &Plan) -> Result<u8, Trouble> {
    let newer = Course::open(&course.root)?;
    let progress = Progress::load(course)?;
    let solved: Vec<_> = newer.steps.iter().filter(|step| progress.is_solved(step)).collect();
    // Windows writes no program that is running, so there the new runner comes with the next command.
    if plan.changes_xtask() && !cfg!(windows) {
        println!(
            "`cargo xtask` itself is new and is compiled now. What you have solved is then judged again.\n"
        );
        build_the_new_runner(course)?;
    }
    if solved.is_empty() {
        return Ok(0);
    }
    if plan.changes_xtask() {
        let mut arguments = vec!["verify".to_owned()];
        arguments.extend(solved.iter().map(|step| step.number.to_string()));
        if cfg!(windows) {
            println!("Judge again what you have solved:  cargo xtask {}", arguments.join(" "));
            return Ok(0);
        }
        let mut cargo = Command::new(compile::cargo());
        cargo.args(["run", "--quiet", "-p", "xtask", "--"]).args(arguments);
        let status = cargo.current_dir(&course.root).status();
        let code = status.map_err(|error| compile::no_cargo(&error))?.code();
        return Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(4));
    }
    let mut code = 0;
    for step in solved {
        let verdict = judge::judge(&newer, step, Whose::Learner, true)?;
        let stands = match verdict.outcome {
            Outcome::Solved => "still solved".to_owned(),
            _ => format!("no longer solved:  cargo xtask verify {}", step.number),
        };
        println!("Step {}: {stands}", step.number);
        code = code.max(verdict.outcome.exit_code());
    }
    Ok(code)
}

/// Where the newer runner does not compile, nobody can call its `--undo`.
fn build_the_new_runner(course: &Course) -> Result<(), Trouble> {
    let mut cargo = Command::new(compile::cargo());
    cargo.args(["build", "--quiet", "-p", "xtask"]).current_dir(&course.root);
    if call::succeeds(&mut cargo)? {
        return Ok(());
    }
    let runner = undo::runner(course);
    let runner = runner.strip_prefix(&course.root).unwrap_or(&runner).display();
    Err(Trouble::Environment(format!(
        "the newer workshop does not compile here: see above. If crates are missing, connect to the network, then call \
         `cargo xtask status`.\nTake it back, which needs no compiler:  {runner} update --undo"
    )))
}
