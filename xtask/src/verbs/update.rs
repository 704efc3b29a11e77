//! `cargo xtask update`: a newer workshop, with the learner's code.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use lexopt::Arg::{Long, Value};
use protocol::invisible::harmless;

use crate::{
    course::{Course, Whose},
    files, judge,
    learner::{
        lock::Lock,
        merged::Merged,
        progress::Progress,
        update::{self, Plan},
    },
    process::{call, compile},
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
is copied to .workshop first.

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
    let undone = update::undo(course, &Lock::hold(course)?)?;
    Verdict::forget_all(course)?;
    println!("Everything is as it was before the last update.");
    println!(
        "What this took away is kept in {}, and your code in .workshop/backups.",
        undone.display()
    );
    Ok(0)
}

fn bring(course: &Course, from: Option<&str>) -> Result<u8, Trouble> {
    let folder = course.temporary().join("update");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Trouble::io("remove", &folder, &error))?;
    }
    files::create_folder(&folder)?;
    let (root, name) = fetch(course, from, &folder)?;
    let newer = Course::open(&root)?;
    let lock = Lock::hold(course)?;
    let plan = Plan::new(course, &newer)?;
    if plan.files() == 0 && plan.steps.is_empty() {
        println!("This is the newest workshop that {name} has. Nothing was changed.");
        return Ok(0);
    }
    plan.apply(course, &newer, &lock)?;
    drop(lock);
    Verdict::forget_all(course)?;
    println!("Up to date with {name}: {} files of the workshop have changed.", plan.files());
    let conflicts = show_merges(&plan);
    println!("Nothing was committed. Take it back:  cargo xtask update --undo\n");
    let judged = u8::from(conflicts);
    Ok(judge_again(course, &plan)?.max(judged))
}

/// Says in which steps the learner's code has changed, and where both sides have; gives whether that is anywhere.
fn show_merges(plan: &Plan) -> bool {
    let mut conflicts = false;
    for (step, merged) in &plan.steps {
        println!("Your code of step {} has what is new in its starter.", step.number);
        for (path, lines) in &merged.conflicts {
            conflicts = true;
            for line in lines {
                println!("  conflict  steps/{}/{}:{line}", step.slug, path.display());
                show_lines(merged, path, *line);
            }
        }
    }
    if conflicts {
        println!(
            "In a conflict yours is above `=======`, and ours below: keep what is right, and delete the marks."
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
    if solved.is_empty() {
        println!("Next:  cargo xtask learn");
        return Ok(0);
    }
    if plan.changes_xtask() {
        let numbers = solved.iter().map(|step| step.number.to_string());
        let mut cargo = Command::new(compile::cargo());
        cargo.args(["run", "--quiet", "-p", "xtask", "--", "verify"]).args(numbers);
        let status = cargo.current_dir(&course.root).stdin(Stdio::null()).status();
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

/// The newer workshop in a folder, and what it is called.
fn fetch(course: &Course, from: Option<&str>, into: &Path) -> Result<(PathBuf, String), Trouble> {
    let path = from.map(Path::new);
    if let Some(archive) = path.filter(|path| path.is_file()) {
        unpack(archive, "-xz", into)?;
        let root = files::in_folder(into)?.into_iter().find(|path| path.is_dir());
        let root = root.ok_or_else(|| {
            Trouble::Usage(format!("{} has no folder with a workshop in it", archive.display()))
        })?;
        return Ok((root, archive.display().to_string()));
    }
    if let Some(folder) = path.filter(|path| path.is_dir() && !path.join(".git").exists()) {
        return Ok((folder.to_owned(), folder.display().to_string()));
    }
    // In a folder of somebody else's repository git would take theirs.
    let is_clone = course.root.join(".git").exists();
    let remote = match from {
        Some(remote) if is_clone => Some(remote.to_owned()),
        None if is_clone => default_remote(course)?,
        _ => None,
    };
    let remote = remote.ok_or_else(|| {
        Trouble::Usage(
            "there is no remote of git to update from. Name an archive or a folder, or in a clone an address: \
             `cargo xtask update workshop-offline.tar.gz`"
                .to_owned(),
        )
    })?;
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(&course.root);
        git
    };
    call::must_succeed(git().args(["fetch", "--quiet", &remote, "HEAD"]))?;
    let tar = into.join("newer.tar");
    call::must_succeed(
        git().args(["archive", "FETCH_HEAD", "--format=tar", "--output"]).arg(&tar),
    )?;
    let root = into.join("newer");
    files::create_folder(&root)?;
    unpack(&tar, "-x", &root)?;
    Ok((root, format!("`{remote}`")))
}

/// Through a pipe: to some tars, what is before a colon in a name (`C:`) is another machine.
fn unpack(archive: &Path, flags: &str, into: &Path) -> Result<(), Trouble> {
    let file = File::open(archive).map_err(|error| Trouble::io("open", archive, &error))?;
    let mut tar = Command::new("tar");
    let status = tar.args([&format!("{flags}f"), "-"]).current_dir(into).stdin(file).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Trouble::Usage(format!("{} is no archive of a workshop", archive.display()))),
        Err(error) => Err(call::could_not_start(&tar, &error)),
    }
}

fn default_remote(course: &Course) -> Result<Option<String>, Trouble> {
    let mut git = Command::new("git");
    git.arg("remote").current_dir(&course.root).stderr(Stdio::null());
    let remotes = call::output(&mut git)?;
    let remotes = String::from_utf8_lossy(&remotes.stdout).into_owned();
    let named = |name: &&str| remotes.lines().any(|remote| remote == *name);
    Ok(["upstream", "origin"].into_iter().find(named).map(str::to_owned))
}
