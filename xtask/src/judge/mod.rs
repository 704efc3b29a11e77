//! Judges one step: compile, run the checks, and make one verdict of what they say.

use std::{path::Path, time::Duration, time::Instant};

use crate::{
    course::{
        Course, Step, Whose,
        source::{self, Source},
        starter,
    },
    judge::{
        conclude::{Before, conclude},
        run::run_checks,
    },
    process::{
        cargo_messages::RustcError,
        compile::{self, Compiled, Programs},
        server_copy::ServerCopy,
    },
    trouble::Trouble,
    tutor::diagnose,
    verdict::{Outcome, Verdict},
};

pub mod inputs;

mod conclude;
mod run;

/// How long all checks of a step may take together.
pub const STEP_LIMIT: Duration = Duration::from_mins(1);

/// Judges the step and saves the verdict. An unchanged, solved step is not run again unless `fresh`.
pub fn judge(course: &Course, step: &Step, whose: Whose, fresh: bool) -> Result<Verdict, Trouble> {
    judge_and_keep(course, step, whose, fresh).map(|(verdict, _)| verdict)
}

/// The same, with a copy of the server that was judged, if one was built.
pub fn judge_and_keep(
    course: &Course,
    step: &Step,
    whose: Whose,
    fresh: bool,
) -> Result<(Verdict, Option<ServerCopy>), Trouble> {
    let inputs = inputs::hash(course, step, whose)?;
    let last = Verdict::load(course, step, whose);
    if !fresh
        && let Some(last) = &last
        && last.inputs == inputs
        && last.outcome == Outcome::Solved
    {
        return Ok((last.clone(), None));
    }
    let began = Instant::now();
    let compiled = compile::compile(&course.root, &step.package(whose))?;
    let compile_ms = milliseconds(began);
    let (mut verdict, kept) = match compiled {
        Compiled::Refused { text, errors } => {
            let sources = source::written(step, whose)?;
            (refused(course, step, &sources, inputs, text, &errors)?, None)
        }
        Compiled::Ready(programs) => {
            let copy = ServerCopy::make(course, &programs.server)?;
            let untouched = whose == Whose::Learner && starter::is_untouched(step)?;
            let before_this = Verdict::load_checked(course, step, whose);
            let starter = Verdict::load_starter(course, step).filter(|_| whose == Whose::Learner);
            let before =
                Before { untouched, last: before_this.as_ref(), starter: starter.as_ref() };
            let Programs { checks, .. } = programs;
            let mut verdict =
                checked(course, step, whose, &[copy.path(), &checks], STEP_LIMIT, before)?;
            verdict.inputs = inputs;
            if verdict.outcome == Outcome::Failed {
                let sources = source::written(step, whose)?;
                diagnose::failures(course, step, &sources, &mut verdict, starter.as_ref())?;
            }
            (verdict, Some(copy))
        }
    };
    verdict.compile_ms = compile_ms;
    verdict.save(course, step, whose)?;
    Ok((verdict, kept))
}

/// Runs our checks of the step against any server, without a copy, a diagnosis or a saved verdict.
pub fn try_server(
    course: &Course,
    step: &Step,
    server: &Path,
    checks: &Path,
    limit: Duration,
) -> Result<Verdict, Trouble> {
    checked(course, step, Whose::Reference, &[server, checks], limit, Before::default())
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
    [server, program]: &[&Path; 2],
    limit: Duration,
    before: Before<'_>,
) -> Result<Verdict, Trouble> {
    let began = Instant::now();
    let heard = run_checks(course, step, whose, server, program, limit)?;
    let mut verdict = conclude(step, &step.checks()?, &heard, before);
    verdict.checks_ms = milliseconds(began);
    Ok(verdict)
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
