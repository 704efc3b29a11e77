//! `cargo xtask rebase`: carry the patches on solutions over to the solutions as they are now.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use lexopt::Arg::Value;

use xtask::{
    course::{
        Course, Step, Whose,
        marks::{self, View},
        patch,
        source::Source,
        starter,
    },
    files,
    process::call,
    trouble::Trouble,
};

use crate::rebase::{self, Rebased};

/// What `cargo xtask rebase --help` prints.
pub(super) const HELP: &str = "\
cargo xtask rebase REV [STEP…]

Carries solutions/*/mistakes/*.patch and solutions/*/holes/*.patch over to the solutions as they
are now, by a merge of three: the solution at the commit REV, the same with the patch, and the
solution now. A patch that still fits is left alone. One in conflict is left alone, too, and
listed with the lines: `ours` are those of the solution now, `original` those at REV, `theirs`
the patch's. Exit 1 if there is one.

Read the difference in git, then run `cargo xtask mistakes`: a patch that can be carried over
need not be the same mistake any more.";

/// Rebases the patches of every chosen step and gives 1 if one cannot be carried over.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut rev, mut steps) = (None, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if rev.is_none() => rev = Some(name.to_string_lossy().into_owned()),
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(other.unexpected().into()),
        }
    }
    let rev = rev.ok_or_else(|| Trouble::Arguments("name a commit".to_owned()))?;
    if steps.is_empty() {
        steps.extend(&course.steps);
    }
    let mut stuck = 0;
    for step in steps {
        let count = of_step(course, step, &rev)?;
        println!(
            "Solution {}: {} fit as they are, {} carried over, {} in conflict",
            step.number, count.fit, count.carried, count.stuck
        );
        stuck += count.stuck;
    }
    Ok(u8::from(stuck > 0))
}

#[derive(Default)]
struct Count {
    fit: usize,
    carried: usize,
    stuck: usize,
}

impl Count {
    /// Writes a patch that was carried over, and tells of all that is to be read.
    fn file(&mut self, path: &Path, end: &Result<Rebased, String>) -> Result<(), Trouble> {
        let place = path.display();
        match end {
            Ok(Rebased { patch: None, .. }) => self.fit += 1,
            Ok(Rebased { patch: Some(text), same_lines, .. }) => {
                files::write(path, text.as_bytes())?;
                self.carried += 1;
                if !same_lines {
                    println!("{place} changes other lines than before: read it");
                }
            }
            Err(why) => {
                self.stuck += 1;
                println!("{place} is left as it was: {why}");
            }
        }
        Ok(())
    }
}

fn of_step(course: &Course, step: &Step, rev: &str) -> Result<Count, Trouble> {
    let mut before = sources_at(course, step, rev)?;
    let mut now = starter::sources(step, View::Solution)?;
    let mut count = Count::default();
    for path in patches(step, "mistakes")? {
        count.file(&path, &rebase::rebase(&files::read(&path)?, &before, &now))?;
    }
    // Each hole is a patch on the solution with those before it.
    for path in patches(step, "holes")? {
        let text = files::read(&path)?;
        let end = rebase::rebase(&text, &before, &now);
        count.file(&path, &end)?;
        patch::apply(&text, &mut before).ok();
        if let Ok(rebased) = end {
            now = rebased.sources;
        }
    }
    Ok(count)
}

/// The patches on the solution; variants are on the base of the cases, which never changes.
fn patches(step: &Step, folder: &str) -> Result<Vec<PathBuf>, Trouble> {
    let folder = step.folder(Whose::Reference).join(folder);
    let mut paths = files::below(&folder)?;
    paths.retain(|path| path.parent() == Some(&folder));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "patch"));
    Ok(paths)
}

/// The step's solution at a commit, without its marker lines.
fn sources_at(course: &Course, step: &Step, rev: &str) -> Result<Vec<Source>, Trouble> {
    let folder = format!("solutions/{}/", step.slug);
    let names = git(course, &["ls-tree", "-r", "--name-only", rev, &format!("{folder}src")])?;
    if names.is_empty() {
        return Err(Trouble::Usage(format!("solution {} is not in {rev}", step.number)));
    }
    let source = |name: &str| {
        let text = git(course, &["show", &format!("{rev}:./{name}")])?;
        let text = marks::strip(&text, View::Solution)
            .map_err(|bad| Trouble::Environment(format!("{name} at {rev}, {bad}")))?;
        let path = name.strip_prefix(&folder).unwrap_or(name).split('/').collect();
        Ok(Source { path, text })
    };
    names.lines().map(source).collect()
}

fn git(course: &Course, arguments: &[&str]) -> Result<String, Trouble> {
    let mut git = Command::new("git");
    let output = call::output(git.args(arguments).current_dir(&course.root))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Trouble::Usage(format!("git {}: {}", arguments.join(" "), said.trim_end())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
