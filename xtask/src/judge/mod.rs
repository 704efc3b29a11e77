//! Judges one step: compile, run the checks, and make one verdict of what they say.

use std::{
    cell::RefCell,
    panic,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{
    course::{
        Course, Step, Whose,
        gaps::Gaps,
        source::{self, Source},
        starter,
    },
    judge::{
        conclude::{Before, conclude},
        inputs::Rest,
        run::{Run, run_checks},
        so_far::SoFar,
    },
    process::{
        built::Sources,
        cancel::Cancel,
        cargo_messages::RustcError,
        compile::{self, Compiled, Programs},
        server_copy::ServerCopy,
    },
    session::checking,
    trouble::Trouble,
    tutor::diagnose,
    verdict::{Outcome, Verdict},
};

pub use run::Part;

pub mod inputs;
pub mod so_far;

mod conclude;
mod run;
mod seed;
mod tasks;

/// How long all checks of a step may take together.
pub const STEP_LIMIT: Duration = Duration::from_mins(1);

/// What the paths of checks that depend on time have in common: their module's name ends with it.
pub const TIMING: &str = "timing::";

/// Judges the step and saves the verdict. An unchanged, solved step is not run again unless `fresh`.
pub fn judge(course: &Course, step: &Step, whose: Whose, fresh: bool) -> Result<Verdict, Trouble> {
    judge_showing(course, step, whose, Asked { fresh, seed: None }, &|_| ())
}

/// Judges the step with values drawn from this seed, even if nothing has changed, and saves the verdict.
pub fn judge_with_seed(
    course: &Course,
    step: &Step,
    whose: Whose,
    seed: u64,
) -> Result<Verdict, Trouble> {
    judge_showing(course, step, whose, Asked { fresh: true, seed: Some(seed) }, &|_| ())
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Judge even if nothing has changed since the step was solved.
    pub fresh: bool,
    /// Draw values from this seed, which is a reason to judge as well.
    pub seed: Option<u64>,
}

/// The same; `so_far` hears what the quick checks say while the slow ones run.
pub fn judge_showing(
    course: &Course,
    step: &Step,
    whose: Whose,
    asked: Asked,
    so_far: &dyn Fn(&SoFar),
) -> Result<Verdict, Trouble> {
    let hears = Hears { so_far, cancel: &Cancel::default() };
    judge_from(course, step, whose, asked, &hears).map(|(verdict, _)| verdict)
}

/// Judges the learner's code even if nothing has changed, until it is cancelled; `so_far` hears what the quick checks
/// say while the slow ones run. With a copy of the server that was judged, if one was built.
pub fn judge_until(
    course: &Course,
    step: &Step,
    cancel: &Cancel,
    so_far: &dyn Fn(&SoFar),
) -> Result<(Verdict, Option<ServerCopy>), Trouble> {
    let asked = Asked { fresh: true, seed: None };
    judge_from(course, step, Whose::Learner, asked, &Hears { so_far, cancel })
}

/// Who hears of a judgement, and who may end it.
struct Hears<'h> {
    so_far: &'h dyn Fn(&SoFar),
    cancel: &'h Cancel,
}

fn judge_from(
    course: &Course,
    step: &Step,
    whose: Whose,
    Asked { fresh, seed }: Asked,
    Hears { so_far, cancel }: &Hears<'_>,
) -> Result<(Verdict, Option<ServerCopy>), Trouble> {
    if !fresh
        && seed.is_none()
        && let Some(last) = Verdict::load(course, step, whose)
        && last.outcome == Outcome::Solved
        && last.inputs == inputs::hash(course, step, whose)?
    {
        return Ok((last, None));
    }
    let began = Instant::now();
    let (built, rest) = thread::scope(|scope| {
        // What changes while cargo runs makes the verdict one on what was there before.
        let rest = scope.spawn(|| Rest::now(course, step));
        let built = build(course, step, whose, cancel);
        (built, rest.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)))
    });
    let Build { came, sources, code, untouched } = built?;
    let compile_ms = milliseconds(began);
    let inputs = rest?.with(&sources);
    let (mut verdict, kept) = match came {
        Came::Refused { text, errors } => {
            (refused(course, step, &code, inputs, text, &errors)?, None)
        }
        Came::Ready { server, checks } => {
            let before_this = Verdict::load_checked(course, step, whose);
            let starter = Verdict::load_starter(course, step).filter(|_| whose == Whose::Learner);
            // Code that was put back to the beginning has no history.
            let last = before_this.as_ref().filter(|_| !untouched);
            let before = Before { untouched, last, starter: starter.as_ref() };
            let note = RefCell::new(None);
            let tell = |said: &SoFar| {
                if whose == Whose::Learner {
                    // Without it, the pages show the last verdict until the next one is there.
                    note.replace(checking::note(course, step, &said.in_words()).ok());
                }
                so_far(said);
            };
            let run = Run {
                server: server.path(),
                program: &checks,
                limit: STEP_LIMIT,
                seed: seed.unwrap_or_else(|| seed::next(whose, before_this.as_ref())),
                part: Part::All,
                so_far: &tell,
                cancel,
            };
            let mut verdict = checked(course, step, whose, &run, before)?;
            verdict.inputs = inputs;
            tasks::look_at(&mut verdict, &Gaps::of(step)?, &code, starter.as_ref());
            // The holes of an exercise are to be found by their attacks.
            if verdict.outcome == Outcome::Failed && !source::is_exercise(&code) {
                diagnose::failures(course, step, &code, &mut verdict, starter.as_ref())?;
            }
            (verdict, Some(server))
        }
    };
    verdict.compile_ms = compile_ms;
    verdict.save(course, step, whose)?;
    Ok((verdict, kept))
}

/// A build, with all that a verdict says about the code: read while it was as it was compiled.
struct Build {
    came: Came,
    sources: Sources,
    code: Vec<Source>,
    /// Whether the code is the starter as we shipped it.
    untouched: bool,
}

/// The outcome of a build; no other build can take the server away.
enum Came {
    Ready { server: ServerCopy, checks: PathBuf },
    Refused { text: String, errors: Vec<RustcError> },
}

/// Builds the step until nothing has been saved meanwhile: another terminal may have compiled a later save before the
/// server was copied.
fn build(course: &Course, step: &Step, whose: Whose, cancel: &Cancel) -> Result<Build, Trouble> {
    for _ in 0..compile::ROUNDS {
        let (compiled, sources) = compile::compile_until(course, step, whose, cancel)?;
        let came = match compiled {
            Compiled::Refused { text, errors } => Came::Refused { text, errors },
            Compiled::Ready(Programs { server, checks }) => {
                Came::Ready { server: ServerCopy::make(course, &server)?, checks }
            }
        };
        let code = source::written(step, whose)?;
        let untouched = whose == Whose::Learner && starter::is_untouched(step)?;
        if Sources::now(course, step, whose)? == sources {
            return Ok(Build { came, sources, code, untouched });
        }
    }
    Err(compile::restless(step, whose))
}

/// Runs our checks of the step against any server, without a copy, a diagnosis or a saved verdict.
pub fn try_server(
    course: &Course,
    step: &Step,
    server: &Path,
    checks: &Path,
    limit: Duration,
) -> Result<Verdict, Trouble> {
    let cancel = Cancel::default();
    let run = Run {
        server,
        program: checks,
        limit,
        seed: 0,
        part: Part::All,
        so_far: &|_| (),
        cancel: &cancel,
    };
    let mut verdict = checked(course, step, Whose::Reference, &run, Before::default())?;
    // It is a whole program: nothing of it is still to be written.
    verdict.tasks.iter_mut().for_each(|task| task.begun = true);
    Ok(verdict)
}

/// The same with this part of our checks: the verdict has no others.
pub fn try_some(
    course: &Course,
    step: &Step,
    server: &Path,
    checks: &Path,
    part: Part<'_>,
) -> Result<Verdict, Trouble> {
    let cancel = Cancel::default();
    let run = Run {
        server,
        program: checks,
        limit: STEP_LIMIT,
        seed: 0,
        part,
        so_far: &|_| (),
        cancel: &cancel,
    };
    let heard = run_checks(course, step, Whose::Reference, &run)?;
    let mut ran = step.checks()?;
    ran.retain(|check| heard.lines.iter().any(|line| line.name == check.name));
    if heard.in_time && !ran.is_empty() {
        let mut verdict = conclude(step, &ran, &heard, Before::default());
        verdict.tasks.iter_mut().for_each(|task| task.begun = true);
        return Ok(verdict);
    }
    let why = if heard.in_time { "are there" } else { "came to their end in time" };
    Err(Trouble::Environment(format!("no checks of step {} ({part:?}) {why}", step.number)))
}

fn refused(
    course: &Course,
    step: &Step,
    sources: &[Source],
    inputs: String,
    text: String,
    errors: &[RustcError],
) -> Result<Verdict, Trouble> {
    let mut verdict = Verdict::new(step, inputs, Outcome::DoesNotCompile);
    verdict.compiler = Some(anstream::adapter::strip_str(&text).to_string());
    verdict.compiler_in_colour = Some(text);
    verdict.compiler_mistake = diagnose::errors(course, step, sources, errors)?;
    Ok(verdict)
}

fn checked(
    course: &Course,
    step: &Step,
    whose: Whose,
    run: &Run<'_>,
    before: Before<'_>,
) -> Result<Verdict, Trouble> {
    let began = Instant::now();
    let heard = run_checks(course, step, whose, run)?;
    let mut verdict = conclude(step, &step.checks()?, &heard, before);
    verdict.seed = Some(run.seed);
    verdict.checks_ms = milliseconds(began);
    Ok(verdict)
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
