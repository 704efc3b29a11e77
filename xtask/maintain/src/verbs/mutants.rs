//! `cargo xtask mutants`: the solutions with one small fault each, judged by the checks.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use similar::TextDiff;

use xtask::{
    course::{Course, Step, Whose},
    files,
    process::{call, compile::cargo},
    trouble::Trouble,
    verbs::verb::steps_and_flags,
};

use crate::{
    mutants::{self, Count, DEMANDED, Mutant},
    mutations::Kind,
};

/// What `cargo xtask mutants --help` prints.
pub(super) const HELP: &str = "\
cargo xtask mutants [STEP…] [--new]

Makes one small change to a solution at a time and judges it by the checks: those that
cargo-mutants names (a `!`, an `&&`, a whole function), a guard that accepts a malformed header,
a condition that is another for one user. A mutant that no check catches is missed:
a check is missing, or it is listed in xtask/maintain/mutants.toml with the reason. Exit 1 if one
is missed and not listed, if one is listed and not missed, or if fewer than 95 % of those
that compile are caught.

  STEP   only these steps
  --new  only in lines that the step before does not have: half of them

The sources are copied; cargo-mutants is installed into target/workshop/mutants when it
is missing (needs the network).";

/// The version whose mutants `xtask/maintain/mutants.toml` names.
const VERSION: &str = "27.1.0";

/// Mutates every chosen solution, even after a failure, and gives 1 if one is not as demanded.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut steps, [new]) = steps_and_flags(course, arguments, ["new"])?;
    if steps.is_empty() {
        steps.extend(&course.steps);
    }
    let listed = mutants::survivors(course)?;
    let program = install(course)?;
    let mut counts: Vec<(String, Count)> = Vec::new();
    let mut all = Count::default();
    let mut surprises = Vec::new();
    for step in steps {
        let mut mutants = list(course, step, &program, new)?;
        mutants.extend(own(course, step, new)?);
        println!("Solution {}: {} mutants", step.number, mutants.len());
        let ends = mutants::judge(course, step, &mutants)?;
        surprises.extend(mutants::surprises(step, &mutants, &ends, &listed, new));
        let count = Count::new(&ends);
        all = all.plus(&count);
        counts.push((step.slug.clone(), count));
        for (kind, name) in Kind::ALL {
            let of_kind = mutants.iter().zip(&ends).filter(|(mutant, _)| mutant.kind() == kind);
            let ends: Vec<_> = of_kind.map(|(_, end)| *end).collect();
            counts.push((format!("  {name}"), Count::new(&ends)));
        }
    }
    counts.push(("together".to_owned(), all));
    println!("\n{:24}{:>8}{:>8}{:>8}", "step", "viable", "caught", "missed");
    let mut problems = Vec::new();
    for (name, count) in &counts {
        let Count { caught, missed } = count;
        println!("{name:24}{:>8}{caught:>8}{missed:>8}", count.viable());
        if !name.starts_with(' ') && !count.suffices() {
            problems.push(format!("{name}: fewer than {DEMANDED} % are caught"));
        }
    }
    for (kind, name) in Kind::ALL {
        let of_kind: Vec<_> = surprises.iter().filter(|(other, _)| *other == kind).collect();
        if !of_kind.is_empty() {
            problems.push(format!(
                "{name}: add a check, or list the mutant in xtask/maintain/mutants.toml with the reason"
            ));
            problems.extend(of_kind.into_iter().map(|(_, told)| format!("  {told}")));
        }
    }
    if !problems.is_empty() {
        println!("\n{}", problems.join("\n"));
    }
    Ok(u8::from(!problems.is_empty()))
}

/// Our own mutants of the step; if only the new ones are wanted, without those that the step before has.
fn own(course: &Course, step: &Step, new: bool) -> Result<Vec<Mutant>, Trouble> {
    let mut mutants = mutants::own(course, step)?;
    if let Some(before) = course.before(step).filter(|_| new) {
        let known = mutants::own(course, before)?;
        mutants.retain(|mutant| known.iter().all(|known| known.words() != mutant.words()));
    }
    Ok(mutants)
}

/// Puts cargo-mutants below target/, if it is not there.
fn install(course: &Course) -> Result<PathBuf, Trouble> {
    let folder = course.temporary().join("mutants");
    let name = if cfg!(windows) { "cargo-mutants.exe" } else { "cargo-mutants" };
    let program = folder.join("bin").join(name);
    if !program.exists() {
        let mut install = Command::new(cargo());
        install.args(["install", "--locked", "--version", VERSION, "--root"]);
        call::must_succeed(install.arg(&folder).arg("cargo-mutants"))?;
    }
    Ok(program)
}

/// What cargo-mutants would change in the solution.
fn list(course: &Course, step: &Step, program: &Path, new: bool) -> Result<Vec<Mutant>, Trouble> {
    let mut call = Command::new(program);
    call.args(["mutants", "--list", "--json", "--diff", "--package"])
        .arg(step.package(Whose::Reference))
        .current_dir(&course.root);
    if let Some(before) = course.before(step).filter(|_| new) {
        let path = course.temporary().join("mutants").join("new.diff");
        files::write(&path, difference(before, step)?.as_bytes())?;
        call.arg("--in-diff").arg(path);
    }
    let said = call
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Trouble::io("start", program, &error))?;
    let unusable = |why: String| Trouble::Environment(format!("`{call:?}` {why}"));
    if !said.status.success() {
        return Err(unusable("failed; see its output above".to_owned()));
    }
    serde_json::from_slice(&said.stdout).map_err(|error| unusable(format!("gave no list: {error}")))
}

/// What the step's solution has that the one before does not, as a patch.
fn difference(before: &Step, step: &Step) -> Result<String, Trouble> {
    let main =
        |step: &Step| files::read(&step.folder(Whose::Reference).join("src").join("main.rs"));
    let (old, new) = (main(before)?, main(step)?);
    let (from, to) = (name(before), name(step));
    Ok(TextDiff::from_lines(&old, &new).unified_diff().header(&from, &to).to_string())
}

fn name(step: &Step) -> String {
    format!("solutions/{}/src/main.rs", step.slug)
}
