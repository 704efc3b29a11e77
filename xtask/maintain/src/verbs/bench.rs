//! `cargo xtask bench`: how long a learner waits, beside what bare cargo takes.
#![allow(clippy::disallowed_methods, reason = "files are saved as an editor saves them")]

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use lexopt::{Arg::Long, ValueExt};

use xtask::{
    course::{Course, Step, Whose},
    files,
    trouble::Trouble,
};

use crate::bench::{
    book,
    copy::{Bench, STEP, clear, finish},
    peers::{self, counts::Counts},
    rows::{median, print_ratio, print_row},
    running::Running,
};

/// What `cargo xtask bench --help` prints.
pub(super) const HELP: &str = "\
cargo xtask bench [--cold]
cargo xtask bench --book
cargo xtask bench --peers [--saves NUMBER] [--colds NUMBER]

How long a learner waits, as ratios against bare cargo in the same minutes on the same
machine. It works on a copy of the workshop below target/workshop/bench, so no file of
yours is touched. A missed goal is shown, but is no failure: exit 0. What could not be
measured is: exit 4.

  --cold          also the first `verify` with nothing compiled (two whole builds)
  --book          only the book: its build beside plain mdBook's, and the time from a save
                  until the page can be fetched
  --peers         beside Rustlings and workshop-runner, which it installs below
                  target/workshop/peers; writes book/src/peers.md (Linux, needs crates.io,
                  git and `script`; commit first: what is cloned is what is committed)
  --saves NUMBER  saves of each kind, and warm starts; 7 by default
  --colds NUMBER  clones and installations with nothing compiled; 7 by default";

/// Saves that are measured, each beside a bare build.
const SAVES: usize = 9;

/// Runs of `verify` that are measured on a solved step.
const RUNS: usize = 20;

/// Measures, and prints a line for each thing measured.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut cold, mut only_book) = (false, false);
    let (mut beside_peers, mut counts) = (false, Counts::DEFAULT);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("cold") => cold = true,
            Long("book") => only_book = true,
            Long("peers") => beside_peers = true,
            Long("saves") => counts.saves = arguments.value()?.parse()?,
            Long("colds") => counts.colds = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if beside_peers {
        peers::measure(course, counts)?;
        return Ok(0);
    }
    if counts != Counts::DEFAULT {
        return Err(Trouble::Arguments("--saves and --colds go with --peers".to_owned()));
    }
    if only_book {
        book(course)?;
        return Ok(0);
    }
    let bench = Bench::set_up(course)?;
    println!("Compiling a copy of the workshop in {}", bench.folder.display());
    warm_up(&bench)?;
    print_row("", "measured", "goal", "");
    unchanged_step(&bench)?;
    save_to_verdict(&bench)?;
    compiled_again(&bench)?;
    if cold {
        from_nothing(&bench)?;
    }
    book(course)?;
    Ok(0)
}

fn book(course: &Course) -> Result<(), Trouble> {
    book::measure(course, &course.temporary().join("bench").join("book"))
}

/// Compiles what the measurements need, with cargo's progress on the screen.
fn warm_up(bench: &Bench) -> Result<(), Trouble> {
    finish(bench.xtask(&["solution", STEP, "--apply"]), &[0])?;
    for arguments in [&["verify", "--all"][..], &["verify", "--all", "--solutions"]] {
        let mut command = bench.xtask(arguments);
        command.stderr(Stdio::inherit());
        finish(command, &[0, 1])?;
    }
    let mut build = bench.build_bare()?;
    build.stderr(Stdio::inherit());
    finish(build, &[0]).map(drop)
}

fn unchanged_step(bench: &Bench) -> Result<(), Trouble> {
    let verify = || bench.xtask(&["verify", STEP]);
    finish(verify(), &[0])?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        finish(verify(), &[0])?;
        times.push(began.elapsed());
    }
    let took = median(times).as_secs_f64() * 1000.0;
    let what = format!("verify {STEP}, solved and unchanged");
    print_row(&what, &format!("{took:.0} ms"), "<= 50 ms", &format!("median of {RUNS}"));
    Ok(())
}

fn save_to_verdict(bench: &Bench) -> Result<(), Trouble> {
    let main_rs = bench.copy.root.join(bench.copy.step(STEP)?.main_rs());
    let solution = files::read(&main_rs)?;
    // A failing check keeps the watch at this step; a solved one would make it go on to the next.
    let save = |number: usize| {
        let text = solution.replace("\"Lantern\"", &format!("\"Lantern {number}\""));
        if text == solution {
            return Err(Trouble::Environment(format!(
                "{} has no \"Lantern\" to change",
                main_rs.display()
            )));
        }
        fs::write(&main_rs, text).map_err(|error| Trouble::io("write", &main_rs, &error))
    };
    save(0)?;
    let watch = Running::start(bench, &["watch", STEP])?;
    watch.wait_for("Keys: ")?;
    finish(bench.build_bare()?, &[0])?;
    let (mut verdicts, mut builds) = (Vec::new(), Vec::new());
    for number in 1..=SAVES {
        let saved = Instant::now();
        save(number)?;
        // The report shows what came: so this verdict is on this save, and on no other.
        watch.wait_for(&format!("\"Lantern {number}\""))?;
        watch.wait_for("Next:  cargo xtask hint")?;
        verdicts.push(saved.elapsed());
        watch.wait_for("Keys: ")?;
        let build = bench.build_bare()?;
        let began = Instant::now();
        finish(build, &[0])?;
        builds.push(began.elapsed());
    }
    let what = format!("save to verdict in watch {STEP} / cargo build");
    print_ratio(&what, median(verdicts), median(builds), 1.25, &format!("medians of {SAVES}"));
    Ok(())
}

/// Third-party crates that verbs compile although all of them have been compiled before.
fn compiled_again(bench: &Bench) -> Result<(), Trouble> {
    let mut said = String::new();
    touch_sources(bench)?;
    said += &finish(bench.xtask(&["verify", "--all", "--fresh"]), &[0, 1])?;
    said += &finish(bench.xtask(&["verify", "--all", "--solutions", "--fresh"]), &[0])?;
    touch_sources(bench)?;
    for step in &bench.copy.steps {
        for whose in [&["--solution"][..], &[]] {
            let server = Running::start(bench, &[&["run", &step.slug], whose].concat())?;
            server.wait_for("Listening on ")?;
            said += &files::read(&server.log)?;
        }
    }
    let compiled = said.lines().filter(|line| line.trim_start().starts_with("Compiling "));
    // Cargo names the folder of the workshop's own packages, in parentheses.
    let (own, others): (Vec<&str>, Vec<&str>) = compiled.partition(|line| line.ends_with(')'));
    let expected = 4 * bench.copy.steps.len();
    if own.len() < expected {
        return Err(Trouble::Environment(format!(
            "cargo should have compiled {expected} of our packages again, but named only {}:\n{said}",
            own.len()
        )));
    }
    let what = "crates of others compiled after the warm-up";
    print_row(what, &others.len().to_string(), "0", &format!("beside {} of ours", own.len()));
    for line in others {
        println!("  {}", line.trim());
    }
    Ok(())
}

fn from_nothing(bench: &Bench) -> Result<(), Trouble> {
    let package = bench.copy.step("1")?.package(Whose::Learner);
    let bare = time_from_nothing(bench, &["test", "-p", &package, "--no-run"], &[0])?;
    let verify = time_from_nothing(bench, &["xtask", "verify", "1"], &[0, 1])?;
    print_ratio("first cargo xtask verify 1 / cargo test", verify, bare, 1.5, "once each");
    Ok(())
}

fn time_from_nothing(bench: &Bench, call: &[&str], codes: &[i32]) -> Result<Duration, Trouble> {
    let target = bench.folder.join("cold");
    clear(&target)?;
    let began = Instant::now();
    finish(bench.cargo(call, "cold"), codes)?;
    let took = began.elapsed();
    clear(&target)?;
    Ok(took)
}

/// As if every step and every solution had been saved with a line more: without a change nothing is compiled.
fn touch_sources(bench: &Bench) -> Result<(), Trouble> {
    let sources = |step: &Step, whose| step.folder(whose).join("src").join("main.rs");
    for step in &bench.copy.steps {
        for path in [sources(step, Whose::Learner), sources(step, Whose::Reference)] {
            let text = files::read(&path)? + "\n";
            fs::write(&path, text).map_err(|error| Trouble::io("write", &path, &error))?;
        }
    }
    Ok(())
}
