//! `cargo xtask mutants`: the solutions with one small fault each, judged by the checks.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use lexopt::Arg::{Long, Value};
use similar::TextDiff;

use crate::{
    call,
    compile::cargo,
    course::{Course, Step, Whose},
    files,
    mutants::{self, Count, DEMANDED, Outcome},
    trouble::Trouble,
    verbs::usage,
};

/// What `cargo xtask mutants --help` prints.
pub const HELP: &str = "\
cargo xtask mutants [STEP…] [--new]

Has cargo-mutants change one small thing at a time in the solutions (a `!`, an `&&`, a
whole function), and runs the checks on each. A mutant that no check catches is missed:
a check is missing, or it is listed in xtask/mutants.toml with the reason. Exit 1 if one
is missed and not listed, if one is listed and not missed, or if fewer than 95 % of those
that compile are caught.

  STEP   only these steps; by default all, which takes hours
  --new  only in lines that the step before does not have: half of them

The sources are copied; cargo-mutants is installed into target/workshop/mutants when it
is missing (needs the network).";

/// The version whose mutants `xtask/mutants.toml` names.
const VERSION: &str = "27.1.0";

/// How long the checks of one mutant may take, in seconds: a mutant may never answer, and each exchange waits.
const TIMEOUT: &str = "180";

/// Mutates every chosen solution, even after a failure, and gives 1 if one is not as demanded.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut steps, mut new) = (Vec::new(), false);
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Long("new") => new = true,
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    if steps.is_empty() {
        steps.extend(&course.steps);
    }
    let listed = mutants::survivors(course)?;
    let program = install(course)?;
    let mut counts: Vec<(String, Count)> = Vec::new();
    let mut problems = Vec::new();
    for step in steps {
        let outcomes = mutate(course, step, &program, new)?;
        problems.extend(mutants::surprises(step, &outcomes, &listed, new));
        counts.push((step.slug.clone(), Count::of(&outcomes)));
    }
    let all = counts.iter().fold(Count::default(), |sum, (_, count)| sum.plus(count));
    counts.push(("together".to_owned(), all));
    println!("\n{:24}{:>8}{:>8}{:>8}{:>9}", "step", "viable", "caught", "missed", "timeout");
    for (name, count) in &counts {
        let Count { caught, missed, timeout } = count;
        println!("{name:24}{:>8}{caught:>8}{missed:>8}{timeout:>9}", count.viable());
        if !count.suffices() {
            problems.push(format!("{name}: fewer than {DEMANDED} % are caught"));
        }
    }
    if !problems.is_empty() {
        println!("\n{}", problems.join("\n"));
    }
    Ok(u8::from(!problems.is_empty()))
}

/// Puts cargo-mutants below target/, if it is not there.
fn install(course: &Course) -> Result<PathBuf, Trouble> {
    let folder = course.target().join("workshop").join("mutants");
    let name = if cfg!(windows) { "cargo-mutants.exe" } else { "cargo-mutants" };
    let program = folder.join("bin").join(name);
    if !program.exists() {
        let mut install = Command::new(cargo());
        install.args(["install", "--locked", "--version", VERSION, "--root"]);
        call::must(install.arg(&folder).arg("cargo-mutants"))?;
    }
    Ok(program)
}

/// Runs cargo-mutants on the solution; what it says meanwhile is shown.
fn mutate(
    course: &Course,
    step: &Step,
    program: &Path,
    new: bool,
) -> Result<Vec<Outcome>, Trouble> {
    let package = step.package(Whose::Reference);
    let folder = course.target().join("workshop").join("mutants").join(&package);
    files::create_folder(&folder)?;
    println!("\nSolution {}: {}", step.number, step.title);
    let mut call = Command::new(program);
    call.args(["mutants", "--package", &package, "--no-shuffle"])
        .args(["--timeout", TIMEOUT, "--output"])
        .arg(&folder)
        .current_dir(&course.root)
        // The copy has another path, but third-party crates need not be compiled again.
        .env("CARGO_TARGET_DIR", course.target())
        .env("RUST_TEST_THREADS", "8")
        .env("INSTA_UPDATE", "no");
    if let Some(before) = course.before(step).filter(|_| new) {
        let path = folder.join("new.diff");
        files::write(&path, difference(before, step)?.as_bytes())?;
        call.arg("--in-diff").arg(path);
    }
    call.args(["--", "--test", "verify"]);
    // Its exit code tells of missed mutants, too; the outcomes say more.
    call::succeeds(&mut call)?;
    let outcomes = mutants::outcomes(&folder.join("mutants.out").join("outcomes.json"))?;
    if mutants::baseline_passes(&outcomes) {
        return Ok(outcomes);
    }
    Err(Trouble::Environment(format!(
        "{package} does not pass its own checks.\nNext:  cargo xtask verify {} --solutions",
        step.number
    )))
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
