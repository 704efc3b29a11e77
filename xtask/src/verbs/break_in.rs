//! `cargo xtask break-in`: another six holes for the last step.

use std::{
    path::Path,
    sync::mpsc,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    course::{Course, Step, Whose, hints, marks::View, starter},
    judge,
    learner::{
        backup,
        break_in::{self, Exercise, HOLES},
        exercise::{self, Key},
        lock::Lock,
        progress::Progress,
    },
    process::interrupt,
    trouble::Trouble,
    tutor::Mistake,
    verbs::verb::Verb,
    verdict::{Outcome, Verdict},
};
use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

/// `cargo xtask break-in`.
pub(super) const VERB: Verb =
    Verb { name: "break-in", about: "the last step once more, with other holes", help: HELP, run };

const HELP: &str = "\
cargo xtask break-in --new [SEED] | --tell

The last step once more, with other holes: six mistakes, drawn from those that the
workshop knows, at most two from one step, in our code. Each lets an attack succeed,
alone too. Find and close them; `cargo xtask hint` gives hints for these holes.

  --new [SEED]   put a fresh exercise into the last step; your code there is copied to
                 .workshop/backups first. The same number gives everybody the same one
  --tell         the key: what was wrong in the exercise of the last --new";

enum Wanted {
    New(u64),
    Tell,
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
    let candidates = break_in::candidates(course, step)?;
    let solution = starter::sources(step, View::Solution)?;
    let Some(mut exercise) = break_in::draw(&solution, &candidates, seed) else {
        return Err(unfit(&format!("no {HOLES} holes fit together for the number {seed}")));
    };
    if let Some(main) = exercise.sources.iter_mut().find(|source| source.path.ends_with("main.rs"))
    {
        main.text.insert_str(0, &exercise::mark(seed));
    }
    let (sender, interrupts) = mpsc::channel();
    // Until the holes are checked, Ctrl-C must not leave them there.
    let guard = interrupt::send(sender, ());
    let kept = backup::replace(course, step, &exercise.sources, &Lock::hold(course)?)?;
    let judged = judge::judge(course, step, Whose::Learner, true);
    let fits = match judged {
        _ if interrupts.try_recv().is_ok() => Err(Trouble::Interrupted),
        Ok(verdict) => hidden(&exercise, &verdict).map_or(Ok(verdict), |why| Err(unfit(&why))),
        Err(trouble) => Err(trouble),
    };
    let verdict = match fits {
        Ok(verdict) => verdict,
        Err(trouble) => {
            backup::bring_back(course, step, &kept, &Lock::hold(course)?)?;
            eprintln!("The exercise was not made: {} is as it was.", step.main_rs().display());
            return Err(trouble);
        }
    };
    drop(guard);
    Progress::forget(course, step, &Lock::hold(course)?)?;
    Key::new(seed, &exercise, &verdict).save(course)?;
    announce(step, seed, &kept);
    Ok(0)
}

fn unfit(why: &str) -> Trouble {
    Trouble::Environment(format!(
        "{why}. Try another number; if none will do, \
         `cargo xtask mistakes` says what is wrong with the bank."
    ))
}

/// An attack that does not succeed with all holes open, though it does with its own alone.
fn hidden(exercise: &Exercise, verdict: &Verdict) -> Option<String> {
    if verdict.outcome != Outcome::Failed {
        return Some(format!("the checks end otherwise than they should, {:?}", verdict.outcome));
    }
    let passes = |name: &&String| verdict.check(name).is_none_or(|check| check.passed);
    let passing = exercise.holes.iter().flat_map(|hole| &hole.attacks).find(passes)?;
    Some(format!("`{}` sees none of the holes here", hints::words(passing)))
}

fn announce(step: &Step, seed: u64, kept: &Path) {
    let number = step.number;
    println!("{HOLES} fresh holes are in {} (exercise {seed}).", step.main_rs().display());
    println!("Your code is kept in {}.\n", kept.display());
    println!(
        "Next:  read that file as a reviewer would, then `cargo xtask verify {number}`: it shows an attack that succeeds."
    );
    println!("When you have closed them all, or have given up:  cargo xtask break-in --tell");
}

fn tell(course: &Course) -> Result<u8, Trouble> {
    let Some(key) = Key::load(course)? else {
        return Err(Trouble::Usage(
            "there is no exercise yet: `cargo xtask break-in --new`".to_owned(),
        ));
    };
    println!("Exercise {}:", key.seed);
    for hole in key.holes {
        let step = course.step(&hole.step)?;
        let mistake = Mistake::read(step, &hole.mistake)?;
        let attacks: Vec<_> = hole.attacks.iter().map(|check| hints::words(check)).collect();
        println!(
            "\nStep {}, {}\n  {}\n  {}",
            step.number,
            attacks.join("; "),
            mistake.says,
            mistake.why
        );
    }
    Ok(0)
}
