//! `cargo xtask steady`: do the checks say the same at every run, on a machine that is busy?

use std::{
    collections::BTreeMap,
    hint,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

use protocol::said::Said;
use xtask::{
    course::{Course, Step, Whose},
    judge,
    trouble::Trouble,
    verdict::Verdict,
};

/// What `cargo xtask steady --help` prints.
pub(super) const HELP: &str = "\
cargo xtask steady STEP… [--runs NUMBER]

Runs all checks of these solutions again and again, beside two busy threads for each core,
and counts the failures. A solution is right, so each of them is a check that cries wolf.
Run it when you touch a check that measures time. Exit 1 if a check failed.

  --runs NUMBER   how often; 200 by default";

/// Judges each solution many times, and tells what failed.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    let mut runs = 200_u32;
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            Long("runs") => runs = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if steps.is_empty() {
        return Err(Trouble::Arguments("name at least one step".to_owned()));
    }
    let mut code = 0;
    for step in steps {
        let failures = while_busy(|| count_failures(course, step, runs))?;
        println!("Solution {}: {runs} runs, {} checks that failed", step.number, failures.len());
        for (name, (times, said)) in failures {
            println!("  {name}: {times} times, at last: {said}");
            code = 1;
        }
    }
    Ok(code)
}

/// For each check that failed: how often, and what came the last time.
type Failures = BTreeMap<String, (u32, String)>;

fn count_failures(course: &Course, step: &Step, runs: u32) -> Result<Failures, Trouble> {
    let mut failures = Failures::new();
    for run in 1..=runs {
        let verdict = judge::judge(course, step, Whose::Reference, true)?;
        count(&verdict, &mut failures);
        if run % 10 == 0 {
            println!("Solution {}: {run} of {runs}", step.number);
        }
    }
    Ok(failures)
}

fn count(verdict: &Verdict, failures: &mut Failures) {
    for check in verdict.failing() {
        let (times, said) = failures.entry(check.name.clone()).or_default();
        *times += 1;
        check.actual.as_ref().map_or("", Said::text).clone_into(said);
    }
    if let Some(problem) = verdict.problem.as_ref().or(verdict.compiler.as_ref()) {
        let (times, said) = failures.entry("(the workshop)".to_owned()).or_default();
        *times += 1;
        said.clone_from(problem);
    }
}

/// Does the work beside two threads for each core that do nothing but keep it busy.
fn while_busy<T>(work: impl FnOnce() -> T) -> T {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 * cores {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    hint::spin_loop();
                }
            });
        }
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}
