//! `cargo xtask windows`: what learners run, compiled for Windows and run under wine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use xtask::{
    course::{Course, Step, Whose},
    files, judge,
    process::call,
    trouble::Trouble,
    verbs::verb::steps_and_flags,
    verdict::Verdict,
};

use crate::{
    bench::peers::machine::Machine,
    drawn,
    windows::{
        bridge::Bridge,
        build, copy,
        prefix::Wine,
        systems,
        table::{self, Seen},
        toolchain::{self, Toolchain},
        walk::Walk,
    },
};

/// What `cargo xtask windows --help` prints.
pub(super) const HELP: &str = "\
cargo xtask windows [STEP…] [--verdicts] [--verbs] [--tests] [--drawn] [--write]

Compiles the command line, every step and every solution for Windows, without a warning, and
runs them as Windows programs under wine. Then checks and links what learners compile for the
systems that they have, as `cargo xtask systems` does, and prints a page with what was seen.

  --verdicts   only `verify` of every solution and every starter
  --verbs      only the verbs: hint, reset, solution, status, doctor, run
  --tests      only the runner's unit tests
  --drawn      what .ci/run does: the verdicts on one step, which the commit draws, and the verbs
  --write      writes the page to book/src/windows.md; needs all steps and all parts

Needs Debian's packages, and nothing of rustup's:
  apt-get install --no-install-recommends \\
    cargo-web rustc-web rust-web-src gcc-mingw-w64-x86-64 wine wine64
and for a Mac's linker python3 and the network: see `cargo xtask systems --help`.

All that it makes is in target/workshop/windows. STEP limits it to these steps.";

/// Builds, walks, prints; gives 1 if something is not as it should be.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut named, [verdicts, verbs, tests, drawn, write]) =
        steps_and_flags(course, arguments, ["verdicts", "verbs", "tests", "drawn", "write"])?;
    let whole = !(verdicts || verbs || tests || drawn);
    if drawn && !named.is_empty() {
        return Err(Trouble::Arguments("the commit draws the step for --drawn".to_owned()));
    }
    if drawn {
        named.push(drawn::step(course)?);
    }
    if write && !(whole && named.is_empty()) {
        return Err(Trouble::Arguments("--write needs all steps and all parts".to_owned()));
    }
    let machine = Machine::look()?;
    let folder = folder(course);
    let toolchain = Toolchain::find(course, &folder.join("target"))?;
    eprintln!("{}", toolchain::first_line(toolchain::LINKER, "--version")?);
    let mut clone = Course::open(&copy::make(course, &folder)?)?;
    let all = clone.steps.clone();
    clone.steps.retain(|step| named.is_empty() || named.iter().any(|one| one.slug == step.slug));
    // The verbs say the same in every step, so none is drawn for them.
    let of_verbs = if drawn { &all } else { &clone.steps };
    let example = of_verbs.get(2).or(of_verbs.last()).cloned();
    let example = example.ok_or_else(|| Trouble::Environment("there is no step".to_owned()))?;
    let bin = part("what wine lacks", || tools(course, &toolchain, &folder))?;
    let program =
        part("the command line, compiled", || build::command_line(&clone.root, &toolchain))?;
    let compile = || part("tests, compiled", || build::tests(&clone.root, &toolchain));
    let tests = if whole || tests { compile()? } else { Vec::new() };
    let bridge = Bridge::open(toolchain.clone())
        .map_err(|error| Trouble::Environment(format!("no bridge to cargo: {error}")))?;
    let random = bin.join("bcryptprimitives.dll");
    let wine = part("wine", || Wine::begin(&folder.join("prefix"), &bin, bridge, &random))?;
    let mut walk = Walk::new(&wine, &clone, &program);
    let mut seen = Seen::default();
    if whole || verdicts || drawn {
        seen.wine = part("solutions, judged", || walk.solutions())?;
        part("starters, judged", || walk.starters())?;
    }
    if whole || verbs || drawn {
        seen.save = part("verbs", || walk.verbs(&example))?;
        part("run", || walk.run(&example).and_then(|()| walk.program_in_use(&example)))?;
    }
    if !tests.is_empty() {
        seen.tests = part("tests", || walk.tests(&tests))?;
    }
    let (wrong, warnings) = (walk.wrong, wine.warnings());
    // Its server may keep a core busy, which the compiler can use.
    drop(wine);
    for warning in &warnings {
        eprintln!("{warning}");
    }
    if wrong > 0 || !warnings.is_empty() {
        eprintln!(
            "{wrong} went otherwise than they should, {} warnings; see above.",
            warnings.len()
        );
        return Ok(1);
    }
    if whole {
        part("checked for other systems", || systems::check(&clone, &toolchain))?;
        seen.linked = part("linked for a Mac", || systems::link(course, &clone, &toolchain))?;
        seen.here = part("on this system", || here(course, &clone.steps))?;
        seen.versions = versions(&machine)?;
        publish(course, &table::page(&clone.steps, &seen, &machine), write)?;
    }
    Ok(0)
}

/// Where everything is that is made for another system.
pub(super) fn folder(course: &Course) -> PathBuf {
    course.temporary().join("windows")
}

/// Does a part, and says how long it took.
pub(super) fn part<T>(name: &str, act: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    eprintln!("{name}:");
    let began = Instant::now();
    let done = act();
    eprintln!("{name}: {:.1} s", began.elapsed().as_secs_f64());
    done
}

/// Prints the page, or writes it where the book has it.
fn publish(course: &Course, page: &str, write: bool) -> Result<(), Trouble> {
    if !write {
        println!("{page}");
        return Ok(());
    }
    files::write(&course.root.join("book").join("src").join("windows.md"), page.as_bytes())?;
    println!("Written: book/src/windows.md");
    Ok(())
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
    let mut compile = Command::new(toolchain::LINKER);
    compile.args(["-shared", "-O2", "-o"]).arg(bin.join("bcryptprimitives.dll"));
    compile.arg(sources.join("prng.c")).arg("-ladvapi32");
    call::must_succeed(&mut compile).map_err(|trouble| toolchain::missing(&trouble))?;
    Ok(bin)
}

/// The solutions of these steps, judged on this system.
fn here(course: &Course, steps: &[Step]) -> Result<Vec<Verdict>, Trouble> {
    let judge =
        |step: &Step| judge::judge(course, course.step(&step.slug)?, Whose::Reference, false);
    steps.iter().map(judge).collect()
}

fn versions(machine: &Machine) -> Result<Vec<String>, Trouble> {
    Ok(vec![
        format!("on Linux: {}", machine.rustc),
        format!("for the other systems: Debian's {}", toolchain::rustc_version()?),
        format!("to run Windows programs: {}, set to Windows 10", Wine::version()?),
    ])
}
