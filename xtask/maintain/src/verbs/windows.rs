//! `cargo xtask windows`: what learners run, compiled for Windows and run under wine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use xtask::{
    course::{Course, Step, Whose},
    files, judge,
    process::call,
    trouble::Trouble,
    verbs::verb::steps_and_flags,
    verdict::Verdict,
};

use crate::windows::{
    bridge::Bridge,
    build, copy,
    prefix::Wine,
    table::{self, Seen},
    toolchain::{self, Toolchain},
    walk::Walk,
};

/// What `cargo xtask windows --help` prints.
pub(super) const HELP: &str = "\
cargo xtask windows [STEP…]

Compiles the command line, every step and every solution for Windows, without a warning, and
runs them as Windows programs under wine: verify, hint, reset, solution, status, doctor, run and
the runner's unit tests. Prints what was seen as a page, and what wine cannot show.

Needs Debian's packages, and nothing of rustup's:
  apt-get install --no-install-recommends \\
    cargo-web rustc-web rust-web-src gcc-mingw-w64-x86-64 wine wine64

All that it makes is in target/workshop/windows. STEP limits it to these steps.";

/// Builds, walks, prints; gives 1 if something is not as it should be.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (named, []) = steps_and_flags(course, arguments, [])?;
    let is_named = |step: &Step| named.is_empty() || named.iter().any(|one| one.slug == step.slug);
    let folder = course.temporary().join("windows");
    let toolchain = Toolchain::find(course, &folder.join("target"))?;
    let mut clone = Course::open(&copy::make(course, &folder)?)?;
    clone.steps.retain(is_named);
    let bin = tools(course, &toolchain, &folder)?;
    eprintln!("Compiling for Windows");
    let built = build::runner(&clone.root, &toolchain)?;
    let bridge = Bridge::open(toolchain)
        .map_err(|error| Trouble::Environment(format!("no bridge to cargo: {error}")))?;
    eprintln!("Windows programs under {}", Wine::version()?);
    let random = bin.join("bcryptprimitives.dll");
    let wine = Wine::begin(&folder.join("prefix"), &bin, bridge, &random)?;
    let mut walk = Walk::new(&wine, &clone, &built);
    let verdicts = walk.solutions()?;
    walk.starters()?;
    let step = clone.steps.get(2).or(clone.steps.last());
    let step = step.ok_or_else(|| Trouble::Environment("there is no step".to_owned()))?;
    let save = walk.verbs(step)?;
    walk.run(step)?;
    walk.program_in_use(step)?;
    let tests = walk.tests()?;
    let seen = Seen {
        here: here(course, &clone.steps)?,
        wine: verdicts,
        tests,
        save,
        versions: versions()?,
        date: date()?,
    };
    println!("{}", table::page(&clone.steps, &seen));
    let warnings = wine.warnings();
    for warning in &warnings {
        eprintln!("{warning}");
    }
    if walk.wrong > 0 {
        eprintln!("{} went otherwise than they should; see above.", walk.wrong);
    }
    Ok(u8::from(walk.wrong > 0 || !warnings.is_empty()))
}

/// A folder with `cargo.exe`, `rustc.exe` and the library that wine lacks.
fn tools(course: &Course, toolchain: &Toolchain, folder: &Path) -> Result<PathBuf, Trouble> {
    let sources = course.root.join("xtask").join("maintain").join("under-wine");
    let bin = folder.join("bin");
    files::create_folder(&bin)?;
    let program = build::program(toolchain, &sources)?;
    for name in ["cargo.exe", "rustc.exe"] {
        let to = bin.join(name);
        fs::copy(&program, &to).map_err(|error| Trouble::io("write", &to, &error))?;
    }
    let mut compile = Command::new("x86_64-w64-mingw32-gcc");
    compile.args(["-shared", "-O2", "-o"]).arg(bin.join("bcryptprimitives.dll"));
    compile.arg(sources.join("prng.c")).arg("-ladvapi32");
    call::must_succeed(&mut compile).map_err(|trouble| toolchain::missing(&trouble))?;
    Ok(bin)
}

/// The solutions of these steps, judged on this system.
fn here(course: &Course, steps: &[Step]) -> Result<Vec<Verdict>, Trouble> {
    eprintln!("The same solutions on this system");
    let judge =
        |step: &Step| judge::judge(course, course.step(&step.slug)?, Whose::Reference, false);
    steps.iter().map(judge).collect()
}

fn versions() -> Result<Vec<String>, Trouble> {
    Ok(vec![
        format!("on Linux: {}", toolchain::first_line("rustc", "--version")?),
        format!("for Windows: {}, {}", toolchain::rustc_version()?, toolchain::TARGET),
        Wine::version()?,
    ])
}

fn date() -> Result<String, Trouble> {
    toolchain::first_line("date", "--iso-8601")
}
