//! `cargo xtask starters`: make `steps/*/src` from the solutions.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use xtask::{
    course::{
        Course, Step, Whose,
        marks::View,
        source::{self, Source},
        starter,
    },
    files,
    process::call,
    trouble::Trouble,
    verbs::verb::steps_and_flags,
};

/// What `cargo xtask starters --help` prints.
pub(super) const HELP: &str = "\
cargo xtask starters [STEP…] [--check]

Makes the starters, steps/*/src, from the marker lines in solutions/*/src.
Only folders that are unchanged in git are written.

  --check   write nothing; exit 1 if a starter is not what its solution makes,
            or if solution, stripped solution or starter is not as rustfmt has it,
            or if a step and its solution depend on different crates";

/// Writes or checks every starter.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (named, [check]) = steps_and_flags(course, arguments, ["check"])?;
    let steps = if named.is_empty() { course.steps.iter().collect() } else { named };
    let mut drifted = Vec::new();
    for step in &steps {
        let made = starter::sources(step, View::Starter)?;
        if check {
            drifted.extend(problems(course, step, &made)?);
        } else if let Some(file) = source::first_difference(step, &made)? {
            write(course, step, &made)?;
            println!("steps/{}/{} is made again", step.slug, file.display());
        }
    }
    for problem in &drifted {
        eprintln!("{problem}");
    }
    if check && drifted.is_empty() {
        println!("{} starters are what their solutions make", steps.len());
    }
    Ok(u8::from(!drifted.is_empty()))
}

fn problems(course: &Course, step: &Step, made: &[Source]) -> Result<Vec<String>, Trouble> {
    let mut problems = Vec::new();
    if let Some(file) = source::first_difference(step, made)? {
        problems.push(format!(
            "steps/{}/{} is not what the solution makes: change the solution, then `cargo xtask starters`",
            step.slug,
            file.display()
        ));
    }
    let solution = step.folder(Whose::Reference);
    for path in files::below(&solution.join("src"))? {
        problems.extend(format_problem(course, &path.display().to_string(), &files::read(&path)?)?);
    }
    let stripped = starter::sources(step, View::Solution)?;
    for (what, sources) in [("stripped solution", stripped.as_slice()), ("starter", made)] {
        for source in sources {
            let name = format!("the {what} of {}, {}", step.slug, source.path.display());
            problems.extend(format_problem(course, &name, &source.text)?);
        }
    }
    if dependencies(&step.folder(Whose::Learner))? != dependencies(&solution)? {
        problems
            .push(format!("steps/{0} and solutions/{0} have different dependencies", step.slug));
    }
    Ok(problems)
}

fn format_problem(course: &Course, name: &str, text: &str) -> Result<Option<String>, Trouble> {
    let broken = |error: std::io::Error| {
        Trouble::Environment(format!(
            "rustfmt could not be run ({error}): `rustup component add rustfmt`"
        ))
    };
    let mut child = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--config-path"])
        .arg(&course.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(broken)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes()).map_err(broken)?;
    }
    let output = child.wait_with_output().map_err(broken)?;
    // Reading from a pipe, rustfmt tells a difference by its output, not by its status.
    if output.status.success() && output.stdout.is_empty() {
        return Ok(None);
    }
    let said = [output.stdout, output.stderr].concat();
    Ok(Some(format!("{name} is not as rustfmt has it:\n{}", String::from_utf8_lossy(&said))))
}

fn dependencies(folder: &Path) -> Result<Option<toml::Value>, Trouble> {
    let path = folder.join("Cargo.toml");
    let manifest: toml::Table = toml::from_str(&files::read(&path)?).map_err(|error| {
        Trouble::Environment(format!("{}: {}", path.display(), error.message()))
    })?;
    Ok(manifest.get("dependencies").cloned())
}

/// Replaces the starter, unless that would lose a learner's work.
fn write(course: &Course, step: &Step, made: &[Source]) -> Result<(), Trouble> {
    let src = step.folder(Whose::Learner).join("src");
    if src.exists() && is_changed_in_git(course, &src)? {
        return Err(Trouble::Environment(format!(
            "steps/{}/src has changes that are not in git, so it is left alone. `cargo xtask reset {}` puts the \
             starter back and keeps a copy of yours.",
            step.slug, step.number
        )));
    }
    source::replace(step, made)
}

fn is_changed_in_git(course: &Course, folder: &Path) -> Result<bool, Trouble> {
    let mut git = Command::new("git");
    // What git ignores is not kept by it either.
    git.args(["status", "--porcelain", "--ignored", "--"]).arg(folder).current_dir(&course.root);
    let output = call::output(&mut git)?;
    if output.status.success() {
        return Ok(!output.stdout.is_empty());
    }
    Err(Trouble::Environment(format!(
        "`starters` overwrites only what git can bring back, and git says of {}:\n{}\
         Work in a clone. Or, for one step: `cargo xtask reset STEP`, which keeps a copy.",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    )))
}
