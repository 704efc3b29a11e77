//! Judges one step: compile, run the checks, and make one verdict of what they say.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{self, Command, Stdio},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::{
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    files,
    group::Group,
    hints::Check,
    inputs, interrupt,
    mistakes::diagnosis,
    server_copy::ServerCopy,
    starter,
    trouble::Trouble,
    verdict::{CheckResult, Outcome, Verdict},
};

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
    if !fresh
        && let Some(last) = Verdict::load(course, step, whose)
        && last.inputs == inputs
        && last.outcome == Outcome::Solved
    {
        return Ok((last, None));
    }
    let checks = step.checks()?;
    let began = Instant::now();
    let compiled = compile::compile(&course.root, &step.package(whose))?;
    let mut verdict = Verdict::blank(&step.slug, inputs);
    verdict.compile_ms = milliseconds(began);
    let mut kept = None;
    match compiled {
        Compiled::Refused { text, errors } => {
            verdict.compiler = Some(text);
            verdict.compiler_diagnosis = diagnosis::of_errors(course, step, &errors)?;
        }
        Compiled::Ready { server, checks: program } => {
            let copy = ServerCopy::of(course, &server)?;
            let began = Instant::now();
            let heard = run(course, step, whose, copy.path(), &program, STEP_LIMIT)?;
            verdict.checks_ms = milliseconds(began);
            let untouched = whose == Whose::Learner && starter::is_untouched(step)?;
            conclude(&mut verdict, &checks, heard, untouched);
            if verdict.outcome == Outcome::Failed {
                diagnosis::of_checks(course, step, &mut verdict)?;
            }
            kept = Some(copy);
        }
    }
    verdict.save(course, step, whose)?;
    Ok((verdict, kept))
}

/// Holds any server against the step's checks, without a copy, a diagnosis or a saved verdict.
pub fn hold(
    course: &Course,
    step: &Step,
    server: &Path,
    checks: &Path,
    limit: Duration,
) -> Result<Verdict, Trouble> {
    let mut verdict = Verdict::blank(&step.slug, String::new());
    let heard = run(course, step, Whose::Reference, server, checks, limit)?;
    conclude(&mut verdict, &step.checks()?, heard, false);
    Ok(verdict)
}

/// What the checks said, and whether they came to their end.
struct Heard {
    lines: Vec<Line>,
    in_time: bool,
}

/// One line of the file that the harness writes.
#[derive(Debug, Deserialize)]
struct Line {
    name: String,
    passed: bool,
    ours: bool,
    expected: Option<String>,
    actual: Option<String>,
    reproduce: Option<String>,
}

#[derive(Clone)]
enum Event {
    Ended,
    Interrupted,
}

fn run(
    course: &Course,
    step: &Step,
    whose: Whose,
    server: &Path,
    program: &Path,
    limit: Duration,
) -> Result<Heard, Trouble> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    // Neither `watch` in another terminal nor a run beside this one may write into our file.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}-{}-{number}.lines", step.package(whose), process::id());
    let lines = course.target().join("workshop").join(name);
    files::write(&lines, b"")?;
    let mut command = Command::new(program);
    command
        .current_dir(step.folder(whose))
        // The checks wait for answers more than they compute.
        .args(["--test-threads", "8"])
        .env("WORKSHOP_SERVER", server)
        .env("WORKSHOP_VERDICT", &lines)
        .env("INSTA_WORKSPACE_ROOT", &course.root)
        .env("INSTA_UPDATE", "no")
        .env("INSTA_FORCE_PASS", "0")
        .env("INSTA_OUTPUT", "none")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut group = Group::start(command).map_err(|error| Trouble::io("start", program, &error))?;
    let (sender, events) = mpsc::channel();
    if let Some(mut stdout) = group.leader().stdout().take() {
        let sender = sender.clone();
        thread::spawn(move || {
            // The pipe closes when the checks end; what stands in it is told better in the verdict.
            std::io::copy(&mut stdout.by_ref(), &mut std::io::sink()).ok();
            sender.send(Event::Ended).ok();
        });
    }
    let guard = interrupt::send(sender, Event::Interrupted);
    let event = events.recv_timeout(limit);
    let stopped = group.stop();
    drop(guard);
    stopped.map_err(|error| Trouble::io("stop", program, &error))?;
    let heard = read_lines(&lines);
    fs::remove_file(&lines).map_err(|error| Trouble::io("remove", &lines, &error))?;
    if matches!(event, Ok(Event::Interrupted)) {
        return Err(Trouble::Interrupted);
    }
    let in_time = !matches!(event, Err(RecvTimeoutError::Timeout));
    Ok(Heard { lines: heard?, in_time })
}

fn read_lines(path: &Path) -> Result<Vec<Line>, Trouble> {
    let text = files::read(path)?;
    let parse = |line: &str| {
        serde_json::from_str(line).map_err(|error| {
            Trouble::Environment(format!(
                "a check wrote a line that cannot be read ({error}): {line}"
            ))
        })
    };
    text.lines().map(parse).collect()
}

/// Fills in the checks and the outcome: a function of what was heard and nothing else.
fn conclude(verdict: &mut Verdict, checks: &[Check], heard: Heard, untouched: bool) {
    let Heard { lines, in_time } = heard;
    let mut problems: Vec<String> = Vec::new();
    for line in &lines {
        if line.ours {
            problems.push(format!("{}: {}", line.name, line.actual.as_deref().unwrap_or_default()));
        }
        if !checks.iter().any(|check| check.name == line.name) {
            problems.push(format!("hints.md has no heading for the check `{}`", line.name));
        }
    }
    for check in checks {
        let line = lines.iter().find(|line| line.name == check.name);
        if line.is_none() && in_time {
            problems.push(format!("the check `{}` said nothing", check.name));
        }
        verdict.checks.push(match line {
            Some(line) => CheckResult {
                name: check.name.clone(),
                tier: check.tier,
                passed: line.passed,
                expected: line.expected.clone(),
                actual: line.actual.clone(),
                reproduce: line.reproduce.clone(),
                diagnosis: None,
            },
            None => CheckResult {
                name: check.name.clone(),
                tier: check.tier,
                passed: false,
                expected: Some(format!("all checks of the step within {} s", STEP_LIMIT.as_secs())),
                actual: Some("the time was up before this check ended".to_owned()),
                reproduce: None,
                diagnosis: None,
            },
        });
    }
    let failing = |check: &&Check| {
        verdict.checks.iter().any(|result| result.name == check.name && !result.passed)
    };
    let as_shipped = untouched && checks.iter().all(|check| failing(&check) == check.new);
    verdict.outcome = if !problems.is_empty() {
        Outcome::Broken
    } else if as_shipped && verdict.first_failure().is_some() {
        Outcome::NotStarted
    } else if verdict.first_failure().is_some() {
        Outcome::Failed
    } else {
        Outcome::Solved
    };
    if !problems.is_empty() {
        verdict.problem = Some(problems.join("\n"));
    }
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
