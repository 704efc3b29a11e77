//! A fresh break-in: mistakes of the bank, drawn at random, as holes in the last solution.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{
    course::{Course, Step, Whose, marks::View, patch, source::Source, starter},
    trouble::Trouble,
    tutor::{CaughtBy, Mistake, matrix, records},
};

/// How many holes an exercise has.
pub const HOLES: usize = 6;

/// A mistake of an earlier step that fits the step under attack.
#[derive(Debug, Clone)]
pub struct Hole {
    /// The mistake, with the check that catches it.
    pub mistake: Mistake,
    /// The check of the step under attack that catches it too.
    pub check: String,
}

/// A draw: its code and its key.
pub struct Exercise {
    /// The learner's `src/`.
    pub sources: Vec<Source>,
    /// What is wrong with it, one hole a step.
    pub holes: Vec<Hole>,
}

/// The step that is repaired and not written: its solution has a folder `holes`.
pub fn step(course: &Course) -> Result<&Step, Trouble> {
    let has_holes = |step: &&Step| step.folder(Whose::Reference).join("holes").is_dir();
    course.steps.iter().rev().find(has_holes).ok_or_else(|| {
        Trouble::Environment("no solution has a folder `holes`, so there is no break-in".to_owned())
    })
}

/// The mistakes that a happy path does not show, whose check the attacked step still has, and whose patch
/// can be carried into its solution.
pub fn candidates(course: &Course, attacked: &Step) -> Result<Vec<Hole>, Trouble> {
    let checks = attacked.checks()?;
    let solution = starter::sources(attacked, View::Solution)?;
    let mut candidates = Vec::new();
    for step in course.steps.iter().filter(|step| step.number < attacked.number) {
        let matrix = matrix::from_records(course, step, &records::load(step)?)?;
        for row in matrix.rows.iter().filter(|row| row.passes_the_happy_path) {
            let mistake = Mistake::read(step, &row.mistake)?;
            if let CaughtBy::Check(check) = mistake.caught_by.clone()
                && checks.iter().any(|known| known.name == check)
                && carried(step, &mistake, &solution)?.is_some()
            {
                candidates.push(Hole { mistake, check });
            }
        }
    }
    Ok(candidates)
}

/// Draws an exercise. The same seed and candidates give the same one; it is `None` if too few fit together.
pub fn draw(
    course: &Course,
    attacked: &Step,
    candidates: &[Hole],
    seed: u64,
) -> Result<Option<Exercise>, Trouble> {
    let mut shuffled: Vec<&Hole> = candidates.iter().collect();
    shuffled.sort_by_key(|hole| rank(seed, &hole.mistake));
    let mut sources = starter::sources(attacked, View::Solution)?;
    let mut holes: Vec<Hole> = Vec::new();
    for hole in shuffled {
        let taken =
            |other: &Hole| other.mistake.step == hole.mistake.step || other.check == hole.check;
        if holes.len() == HOLES || holes.iter().any(taken) {
            continue;
        }
        let step = course.step(&hole.mistake.step)?;
        if let Some(with) = carried(step, &hole.mistake, &sources)? {
            sources = with;
            holes.push(hole.clone());
        }
    }
    Ok((holes.len() == HOLES).then_some(Exercise { sources, holes }))
}

/// The mistake of an earlier step in later code; `None` if that has other lines there.
fn carried(
    step: &Step,
    mistake: &Mistake,
    later: &[Source],
) -> Result<Option<Vec<Source>>, Trouble> {
    let earlier = starter::sources(step, View::Solution)?;
    Ok(patch::carry(&mistake.patch, &earlier, later, diffy::merge).ok())
}

/// A number that looks random, and is the same on every machine.
fn rank(seed: u64, mistake: &Mistake) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, &mistake.step, &mistake.name).hash(&mut hasher);
    hasher.finish()
}
