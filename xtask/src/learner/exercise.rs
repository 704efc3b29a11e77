//! The break-in that was drawn last: its key, and hints for its holes.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose, source::EXERCISE},
    files,
    learner::{
        break_in::{self, Exercise},
        merged::Contents,
    },
    trouble::Trouble,
    tutor::Mistake,
    verdict::{Verdict, report},
};

/// What was wrong in the exercise when it was made.
#[derive(Serialize, Deserialize)]
pub struct Key {
    /// The number that it was drawn by.
    pub seed: u64,
    /// Its holes.
    pub holes: Vec<KeyHole>,
    /// The checks that failed.
    failing: Vec<String>,
}

/// A hole of the exercise.
#[derive(Serialize, Deserialize)]
pub struct KeyHole {
    /// The slug of the step that the mistake is from.
    pub step: String,
    /// The mistake's name.
    pub mistake: String,
    /// The checks that fail with it.
    pub attacks: Vec<String>,
}

impl Key {
    /// The key of an exercise, and of what the checks said of it.
    pub fn new(seed: u64, exercise: &Exercise, verdict: &Verdict) -> Self {
        let hole = |hole: &break_in::Hole| KeyHole {
            step: hole.mistake.step.clone(),
            mistake: hole.mistake.name.clone(),
            attacks: hole.attacks.clone(),
        };
        let failing = verdict.failing().map(|check| check.name.clone()).collect();
        Self { seed, holes: exercise.holes.iter().map(hole).collect(), failing }
    }

    /// The key of the last exercise, if there was one.
    pub fn load(course: &Course) -> Result<Option<Self>, Trouble> {
        let path = path(course);
        if !path.exists() {
            return Ok(None);
        }
        serde_json::from_str(&files::read(&path)?).map(Some).map_err(|error| {
            Trouble::Environment(format!(
                "{} cannot be read ({error}): delete it, then `cargo xtask break-in --new`",
                path.display()
            ))
        })
    }

    /// Keeps it.
    pub fn save(&self, course: &Course) -> Result<(), Trouble> {
        files::write_json(&path(course), self)
    }
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("break-in.json")
}

/// The line that the code of an exercise begins with. Whatever brings other code, brings another line or none: so it is
/// the code that says what it is.
pub fn mark(seed: u64) -> String {
    format!("{EXERCISE}{seed}. Hints are for this one as long as its number is here.\n")
}

/// Whether these files of a step are an exercise that was drawn, whichever.
pub fn is_drawn(contents: &Contents) -> bool {
    let begins = |(path, bytes): &(PathBuf, Vec<u8>)| {
        path.ends_with("main.rs") && bytes.starts_with(EXERCISE.as_bytes())
    };
    contents.iter().any(begins)
}

/// The hints for a check that fails, if the learner's code is an exercise that was drawn: their name, and they, the
/// gentlest first.
pub fn hints(
    course: &Course,
    step: &Step,
    check: &str,
) -> Result<Option<(String, Vec<String>)>, Trouble> {
    if !break_in::is_attacked(step) {
        return Ok(None);
    }
    let Some(key) = Key::load(course)? else { return Ok(None) };
    let main = step.folder(Whose::Learner).join("src").join("main.rs");
    let code = fs::read(&main).map_err(|error| Trouble::io("read", &main, &error))?;
    let code = String::from_utf8_lossy(&code);
    if code.lines().next() != Some(mark(key.seed).trim_end()) {
        return Ok(None);
    }
    let behind = |hole: &&KeyHole| hole.attacks.iter().any(|attack| attack == check);
    if let Some(hole) = key.holes.iter().find(behind) {
        return of_hole(course, hole).map(Some);
    }
    let was_whole = !key.failing.iter().any(|failing| failing == check);
    Ok(was_whole.then(|| {
        let words = "This check passed when the break-in was drawn, so none of its six holes shows here. \
             What have you changed since?";
        (format!("{check}/passed"), vec![words.to_owned()])
    }))
}

fn of_hole(course: &Course, hole: &KeyHole) -> Result<(String, Vec<String>), Trouble> {
    let step = course.step(&hole.step)?;
    let Mistake { name, says, why, read, .. } = Mistake::read(step, &hole.mistake)?;
    let place = format!(
        "Step {} had an answer to this attack. Read again what it was, and look for it in this code: {}#{read}",
        step.number,
        report::page(step)
    );
    Ok((format!("{}/{name}", step.slug), vec![place, why, says]))
}
