//! `cargo xtask break-in`: another six holes for the last step.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};
use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose, hints, source},
    files, judge,
    learner::{
        backup,
        break_in::{self, Exercise, HOLES, Hole},
        progress::Progress,
    },
    trouble::Trouble,
    tutor::{Mistake, matrix},
    verbs::verb::Verb,
    verdict::{Outcome, Verdict},
};

/// `cargo xtask break-in`.
pub(super) const VERB: Verb =
    Verb { name: "break-in", about: "the last step once more, with other holes", help: HELP, run };

const HELP: &str = "\
cargo xtask break-in --new [SEED] | --tell

The last step once more, with other holes: six mistakes, drawn from those that the
workshop knows, one from each of six steps, in our code. Find and close them.

  --new [SEED]   put a fresh exercise into the last step; your code there is copied to
                 .workshop/backups first. The same number gives everybody the same one
  --tell         the key: what was wrong in the exercise of the last --new";

/// How many draws are tried before we say that the bank is at fault.
const DRAWS: usize = 20;

enum Wanted {
    New(u64),
    Tell,
}

/// What `--tell` needs to know.
#[derive(Serialize, Deserialize)]
struct Key {
    seed: u64,
    holes: Vec<KeyHole>,
}

#[derive(Serialize, Deserialize)]
struct KeyHole {
    step: String,
    mistake: String,
    check: String,
}

/// Makes an exercise, or tells what was wrong in it.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    match parse(arguments)? {
        Some(Wanted::New(seed)) => make(course, seed),
        Some(Wanted::Tell) => tell(course),
        None => Err(Trouble::Arguments("say `--new` or `--tell`".to_owned())),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Result<Option<Wanted>, lexopt::Error> {
    let mut wanted = None;
    while let Some(argument) = arguments.next()? {
        match (argument, &mut wanted) {
            (Long("new"), wanted @ None) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH);
                *wanted = Some(Wanted::New(now.map_or(1, |since| since.as_secs() % 10_000)));
            }
            (Long("tell"), wanted @ None) => *wanted = Some(Wanted::Tell),
            (Value(number), Some(Wanted::New(seed))) => *seed = number.parse()?,
            (other, _) => return Err(other.unexpected()),
        }
    }
    Ok(wanted)
}

fn make(course: &Course, seed: u64) -> Result<u8, Trouble> {
    let step = break_in::step(course)?;
    let mut candidates = break_in::candidates(course, step)?;
    let kept = backup::save(course, step)?;
    for _ in 0..DRAWS {
        let Some(exercise) = break_in::draw(course, step, &candidates, seed)? else { break };
        source::replace(step, &exercise.sources)?;
        let verdict = judge::judge(course, step, Whose::Learner, true)?;
        let unfit = unfit(course, &exercise, &verdict)?;
        if unfit.is_empty() {
            return announce(course, step, seed, &exercise, &kept);
        }
        candidates.retain(|hole| !unfit.contains(&hole.mistake.name));
    }
    let (_, sources) = backup::load(course, step)?;
    source::replace(step, &sources)?;
    Err(Trouble::Environment(format!(
        "with the number {seed} no {HOLES} holes fit together, so step {} is as it was. Try another number; \
         if none will do, `cargo xtask mistakes` says what is wrong with the bank.",
        step.number
    )))
}

/// Holes that no exercise can use: their check does not see them here, or a happy path does.
fn unfit(course: &Course, exercise: &Exercise, verdict: &Verdict) -> Result<Vec<String>, Trouble> {
    let names = |holes: &mut dyn Iterator<Item = &Hole>| {
        holes.map(|hole| hole.mistake.name.clone()).collect::<Vec<_>>()
    };
    if verdict.outcome != Outcome::Failed {
        // Which of them does not compile here is not told; the last one drawn makes room.
        return Ok(names(&mut exercise.holes.iter().rev().take(1)));
    }
    let fails = |name: &str| verdict.check(name).is_some_and(|check| !check.passed);
    let happy = matrix::happy_path(&course.root)?;
    let mut unseen = exercise.holes.iter().filter(|hole| !fails(&hole.check));
    let unseen = names(&mut unseen);
    if unseen.is_empty() && happy.iter().any(|check| fails(check)) {
        return Ok(names(&mut exercise.holes.iter().rev().take(1)));
    }
    Ok(unseen)
}

fn announce(
    course: &Course,
    step: &Step,
    seed: u64,
    exercise: &Exercise,
    kept: &Path,
) -> Result<u8, Trouble> {
    Progress::load(course)?.forget(course, step)?;
    let hole = |hole: &Hole| KeyHole {
        step: hole.mistake.step.clone(),
        mistake: hole.mistake.name.clone(),
        check: hole.check.clone(),
    };
    let key = Key { seed, holes: exercise.holes.iter().map(hole).collect() };
    files::write_json(&key_path(course), &key)?;
    let number = step.number;
    println!("{HOLES} fresh holes are in {} (exercise {seed}).", step.main_rs().display());
    println!("Your code is kept in {}.\n", kept.display());
    println!(
        "Next:  read that file as a reviewer would, then `cargo xtask verify {number}`: it shows an attack that succeeds."
    );
    println!("When you have closed them all, or have given up:  cargo xtask break-in --tell");
    Ok(0)
}

fn tell(course: &Course) -> Result<u8, Trouble> {
    let path = key_path(course);
    if !path.exists() {
        return Err(Trouble::Usage(
            "there is no exercise yet: `cargo xtask break-in --new`".to_owned(),
        ));
    }
    let key: Key = serde_json::from_str(&files::read(&path)?).map_err(|error| {
        Trouble::Environment(format!(
            "{} cannot be read ({error}): delete it, then `cargo xtask break-in --new`",
            path.display()
        ))
    })?;
    println!("Exercise {}:", key.seed);
    for hole in key.holes {
        let step = course.step(&hole.step)?;
        let mistake = Mistake::read(step, &hole.mistake)?;
        println!(
            "\nStep {}, {}\n  {}\n  {}",
            step.number,
            hints::words(&hole.check),
            mistake.says,
            mistake.why
        );
    }
    Ok(0)
}

fn key_path(course: &Course) -> PathBuf {
    course.lasting().join("break-in.json")
}
