//! `cargo xtask steady`: do the checks that depend on time say the same at every run, on a machine that is busy?

use std::{
    collections::BTreeMap,
    hint,
    num::NonZero,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

use protocol::said::Said;
use xtask::{
    course::{Course, Step},
    judge::{self, Part},
    process::compile::{self, Programs},
    trouble::Trouble,
    tutor::{self, CaughtBy},
    verdict::Verdict,
};

use crate::{
    bank,
    changed::{self, Built},
    side_by_side::so_many_at_once,
};

/// What `cargo xtask steady --help` prints.
pub(super) const HELP: &str = "\
cargo xtask steady STEP… [--runs NUMBER] [--mistakes NUMBER] [--at-once NUMBER] [--only CHECK]

Runs the checks of these steps that depend on time again and again, beside four busy threads for
each core: those of modules whose name ends with `timing`. The solution must pass at every run, and
each mistake may pass the check that catches it once at most, which is run alone. Run it when you
touch such a check. Exit 1 if a check cried wolf or slept.

  --runs NUMBER      how often for the solution; 500 by default
  --mistakes NUMBER  how often for each mistake; 50 by default, and 0 for none
  --at-once NUMBER   so many runs at a time, 1 by default; with more, the machine is busier still,
                     and the work ends sooner
  --only CHECK       the checks with this in their path, and the mistakes that they catch";

/// A mistake may pass so often.
const SLEPT: usize = 1;

/// Judges each solution and each mistake many times, and tells what failed and what passed.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    let (mut runs, mut mistakes, mut at_once) = (500_u32, 50_u32, NonZero::<usize>::MIN);
    let mut which = judge::TIMING.to_owned();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            Long("runs") => runs = arguments.value()?.parse()?,
            Long("mistakes") => mistakes = arguments.value()?.parse()?,
            Long("at-once") => at_once = arguments.value()?.parse()?,
            Long("only") => which = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if steps.is_empty() {
        return Err(Trouble::Arguments("name at least one step".to_owned()));
    }
    let mut code = 0;
    for step in steps {
        let Programs { server, checks } = compile::solution(course, step)?;
        let judge = |server: &Path, check: &str| {
            judge::try_some(course, step, server, &checks, Part::Only(&[check.to_owned()]))
        };
        let mut failures = Failures::new();
        for verdict in verdicts(runs, at_once, || judge(&server, &which))? {
            count(&verdict, &mut failures);
        }
        println!("Solution {}: {runs} runs, {} checks that failed", step.number, failures.len());
        for (name, (times, said)) in failures {
            println!("  {name}: {times} times, at last: {said}");
            code = 1;
        }
        let built = if mistakes == 0 {
            Vec::new()
        } else {
            build_mistakes(course, step, &judge(&server, &which)?)?
        };
        for (name, check, wrong) in &built {
            let verdicts = verdicts(mistakes, at_once, || judge(wrong, check))?;
            let green = |verdict: &&Verdict| verdict.check(check).is_some_and(|check| check.passed);
            let passed = verdicts.iter().filter(green).count();
            println!("  {name}: {mistakes} runs, {passed} of them green ({check})");
            code = code.max(u8::from(passed > SLEPT));
        }
        if !built.is_empty() {
            changed::remove(course)?;
        }
    }
    Ok(code)
}

/// The step's mistakes that a check among these catches: the name of each, the check, and the server.
fn build_mistakes(
    course: &Course,
    step: &Step,
    timed: &Verdict,
) -> Result<Vec<(String, String, PathBuf)>, Trouble> {
    let (found, _) = tutor::mistakes(step)?;
    let (mut names, mut sources) = (Vec::new(), Vec::new());
    for mistake in found {
        if let CaughtBy::Check(check) = &mistake.caught_by
            && timed.check(check).is_some()
        {
            names.push((mistake.name.clone(), check.clone()));
            sources.push(bank::make(step, &mistake)?);
        }
    }
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let servers = changed::each(course, step, &sources, |_, built| match built {
        Built::Program(server) => Ok(server),
        Built::Refused(_) => Err(Trouble::Environment(format!(
            "a mistake of step {0} does not compile: `cargo xtask mistakes {0}`",
            step.number
        ))),
    })?;
    let with_names = names.into_iter().zip(servers);
    Ok(with_names.map(|((name, check), server)| (name, check, server)).collect())
}

/// For each check that failed: how often, and what it showed the last time.
type Failures = BTreeMap<String, (u32, String)>;

fn count(verdict: &Verdict, failures: &mut Failures) {
    for check in verdict.failing() {
        let (times, said) = failures.entry(check.name.clone()).or_default();
        *times += 1;
        check.actual.as_ref().map_or("", Said::text).clone_into(said);
    }
    if let Some(problem) = &verdict.problem {
        let (times, said) = failures.entry("(the workshop)".to_owned()).or_default();
        *times += 1;
        said.clone_from(problem);
    }
}

/// As many verdicts of one server, while the machine is busy.
fn verdicts(
    runs: u32,
    at_once: NonZero<usize>,
    judge: impl Fn() -> Result<Verdict, Trouble> + Sync,
) -> Result<Vec<Verdict>, Trouble> {
    let done = AtomicU32::new(0);
    let run = |_| {
        let verdict = judge()?;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(50) && done < runs {
            println!("  {done} of {runs}");
        }
        Ok(verdict)
    };
    while_busy(|| so_many_at_once(at_once, 0..runs, run))
}

/// Does the work beside four threads for each core that do nothing but keep it busy.
fn while_busy<T>(work: impl FnOnce() -> T) -> T {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 * cores {
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
