//! `cargo xtask fastapi`: FastAPI's tutorial, judged by the checks of our steps.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use protocol::said::Said;
use workshop_book::fastapi::{self, Recorded, RecordedStep};
use xtask::{
    course::{Course, Step},
    files, judge,
    process::{compile, group::Group, listening},
    trouble::Trouble,
    verbs::verb::steps_and_flags,
    verdict::CheckResult,
};

use crate::python;

/// What `cargo xtask fastapi --help` prints.
pub(super) const HELP: &str = "\
cargo xtask fastapi [STEP…] [--write]

Serves the steps as FastAPI's tutorial has them, judges that by our checks, and
compares: each check that FastAPI fails must be explained in
xtask/peers/fastapi/departures.toml, each departure named there must show, and FastAPI must
answer what was recorded in xtask/peers/fastapi/answers. The book's tables are made of these.

  STEP     only these steps, by default every one that has an xtask/peers/fastapi/step_NN.py
  --write  record what FastAPI answers; read the difference in git before you commit it

Needs python3, the network (PyPI) and a Unix shell.";

/// How long all checks of a step may take together: nobody waits for them at a desk.
const LIMIT: Duration = Duration::from_mins(5);

/// Tries every step, even after a failure, and gives 1 if one differs from what is documented.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut steps, [write]) = steps_and_flags(course, arguments, ["write"])?;
    let all = steps.is_empty();
    if all {
        steps.extend(course.steps.iter().filter(|step| tutorial(course, step).exists()));
    }
    let departures = fastapi::read(course)?;
    let mut problems = fastapi::misnamed(course, &departures)?;
    let nursery = Nursery::start(course)?;
    for step in steps {
        let recorded = fastapi::answers(course, step)?;
        let found = found(course, step, &nursery, &recorded)?;
        println!("step {}: FastAPI fails {} checks", step.number, found.len());
        problems.extend(fastapi::unexplained(&departures, step, &found));
        if write {
            save(course, step, &found)?;
        } else {
            problems.extend(changes(step, &recorded, &found));
        }
    }
    if problems.is_empty() {
        println!("FastAPI departs from us as documented, and in nothing else.");
        return Ok(0);
    }
    println!("\n{}\n", problems.join("\n\n"));
    println!("The departures are in xtask/peers/fastapi/departures.toml.");
    Ok(1)
}

/// The step as FastAPI's tutorial has it.
fn tutorial(course: &Course, step: &Step) -> PathBuf {
    folder(course).join(format!("step_{:02}.py", step.number))
}

fn folder(course: &Course) -> PathBuf {
    python::folder(course, "fastapi")
}

/// The process that forks FastAPI's servers, and the interpreter that asks it for one.
struct Nursery {
    python: PathBuf,
    folder: PathBuf,
    _group: Group,
}

impl Nursery {
    fn start(course: &Course) -> Result<Self, Trouble> {
        let python = python::environment(course, "fastapi")?;
        let folder = course.temporary().join("fastapi");
        let mut command = Command::new(&python);
        command.arg(self::folder(course).join("nursery.py")).current_dir(&folder);
        let (group, _) = listening::start(command)?;
        Ok(Self { python, folder, _group: group })
    }

    /// A program that the checks can start as any server.
    fn launcher(&self, course: &Course, step: &Step) -> Result<PathBuf, Trouble> {
        let path = self.folder.join(format!("launch-{:02}", step.number));
        let script = format!(
            "#!/bin/sh\nexec \"{}\" -I -S \"{}\" \"{}\" step_{:02} \"$@\"\n",
            self.python.display(),
            folder(course).join("launch.py").display(),
            self.folder.display(),
            step.number
        );
        files::write(&path, script.as_bytes())?;
        make_executable(&path)?;
        Ok(path)
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|error| Trouble::io("make executable", path, &error))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<(), Trouble> {
    let message = "`fastapi` forks its servers: run it on Linux or macOS";
    Err(Trouble::Environment(message.to_owned()))
}

/// The checks that FastAPI fails, with what it did. On a busy machine an answer may be late: what is not as
/// recorded must be so twice.
fn found(
    course: &Course,
    step: &Step,
    nursery: &Nursery,
    recorded: &RecordedStep,
) -> Result<RecordedStep, Trouble> {
    let first = found_once(course, step, nursery, recorded)?;
    if first == *recorded {
        return Ok(first);
    }
    let as_recorded = |name: &String| first.get(name) == recorded.get(name);
    let mut found = found_once(course, step, nursery, recorded)?;
    found.retain(|name, _| !as_recorded(name));
    let settled = first.iter().filter(|(name, _)| as_recorded(name));
    found.extend(settled.map(|(name, answer)| (name.clone(), answer.clone())));
    Ok(found)
}

fn found_once(
    course: &Course,
    step: &Step,
    nursery: &Nursery,
    recorded: &RecordedStep,
) -> Result<RecordedStep, Trouble> {
    let checks = compile::solution(course, step)?.checks;
    let launcher = nursery.launcher(course, step)?;
    let verdict = judge::try_server(course, step, &launcher, &checks, LIMIT)?;
    if let Some(problem) = verdict.problem {
        return Err(Trouble::Environment(problem));
    }
    let failed = verdict.checks.into_iter().filter(|check| !check.passed).map(|check| {
        let answer = answer(&check);
        // The same words with other numbers are no other answer: a port, a time.
        let known = recorded.get(&check.name).filter(|known| same(known, &answer));
        (check.name, known.cloned().unwrap_or(answer))
    });
    Ok(failed.collect())
}

fn answer(check: &CheckResult) -> Recorded {
    let lines = |said: &Said| said.text().lines().map(str::to_owned).collect();
    let words = check.expected.as_ref().filter(|said| matches!(said, Said::Words(_)));
    Recorded {
        expected: words.map(lines),
        actual: check.actual.as_ref().map(lines).unwrap_or_default(),
    }
}

/// Whether both say the same; numbers count in an exchange only.
fn same(one: &Recorded, other: &Recorded) -> bool {
    let words = |lines: &[String]| lines.join("\n").replace(|c: char| c.is_ascii_digit(), "");
    let both = |answer: &Recorded| (answer.expected.as_deref().map(words), words(&answer.actual));
    let loose = one.exchange().is_none() && other.exchange().is_none();
    one == other || loose && both(one) == both(other)
}

/// Where FastAPI's answers are not what was recorded.
fn changes(step: &Step, recorded: &RecordedStep, found: &RecordedStep) -> Vec<String> {
    let names: BTreeMap<_, _> = recorded.iter().chain(found).collect();
    let changed = names.keys().filter(|name| recorded.get(**name) != found.get(**name));
    let tell = |name: &&&String| {
        let show = |answer: Option<&Recorded>| {
            answer.map_or("(the check passes)".to_owned(), |answer| answer.actual.join("\n"))
        };
        format!(
            "step {}, {name}: this was recorded:\n\n{}\n\nand this came:\n\n{}\n\n\
             If that is right, `cargo xtask fastapi {} --write` records it.",
            step.number,
            show(recorded.get(**name)),
            show(found.get(**name)),
            step.number
        )
    };
    changed.collect::<Vec<_>>().iter().map(tell).collect()
}

fn save(course: &Course, step: &Step, found: &RecordedStep) -> Result<(), Trouble> {
    files::write_json(&fastapi::record(course, step), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> Recorded {
        Recorded { expected: None, actual: text.lines().map(str::to_owned).collect() }
    }

    #[test]
    fn numbers_count_in_an_exchange_only() {
        assert!(same(&says("3: held up"), &says("14: held up")));
        assert!(!same(&says("3: held up"), &says("3: let go")));
        let expects = |expected: &str| Recorded {
            expected: Some(vec![expected.to_owned()]),
            ..says("it took 1189 ms")
        };
        assert!(same(&expects("within 980 ms"), &expects("within 1046 ms")));
        assert!(!same(&expects("within 980 ms"), &expects("after 980 ms")));
        let exchange = |status: u16| says(&format!("GET / HTTP/1.1\n\nHTTP/1.1 {status} X"));
        assert!(same(&exchange(200), &exchange(200)));
        assert!(!same(&exchange(200), &exchange(401)));
    }
}
