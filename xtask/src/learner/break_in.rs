//! A fresh break-in: mistakes of the bank, drawn at random, as holes in the last solution.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

use crate::{
    course::{Course, Step, Whose, marks::View, merge, patch, source::Source, starter},
    files,
    trouble::Trouble,
    tutor::{Mistake, matrix, records},
};

/// How many holes an exercise has.
pub const HOLES: usize = 6;

/// How many of them are of one step at most.
pub const OF_ONE_STEP: usize = 2;

/// A mistake of an earlier step that is a hole in the step under attack.
#[derive(Debug, Clone)]
pub struct Hole {
    /// The mistake.
    pub mistake: Mistake,
    /// The checks of the step under attack that fail with this hole alone.
    pub attacks: Vec<String>,
    /// The solution of that step with this hole alone.
    pub alone: Vec<Source>,
}

/// A draw: its code and its key.
pub struct Exercise {
    /// The learner's `src/`.
    pub sources: Vec<Source>,
    /// What is wrong with it.
    pub holes: Vec<Hole>,
}

/// By `step/mistake`: the checks of the step under attack that fail with this mistake alone, where one of them is an
/// attack that succeeds. `cargo xtask mistakes` puts it on record.
pub type Attacks = BTreeMap<String, Vec<String>>;

/// The step that is repaired and not written: its solution has a folder `holes`.
pub fn step(course: &Course) -> Result<&Step, Trouble> {
    course.steps.iter().rev().find(|step| is_attacked(step)).ok_or_else(|| {
        Trouble::Environment("no solution has a folder `holes`, so there is no break-in".to_owned())
    })
}

/// Whether this is such a step.
pub fn is_attacked(step: &Step) -> bool {
    holes(step).is_dir()
}

/// The file that has the [`Attacks`] on the step.
pub fn record(attacked: &Step) -> PathBuf {
    holes(attacked).join("attacks.json")
}

fn holes(step: &Step) -> PathBuf {
    step.folder(Whose::Reference).join("holes")
}

/// Reads the attacks that are on record; there are none before the first time.
pub fn attacks(attacked: &Step) -> Result<Attacks, Trouble> {
    let path = record(attacked);
    if !path.exists() {
        return Ok(Attacks::new());
    }
    serde_json::from_str(&files::read(&path)?).map_err(|error| Trouble::ours(&path, error))
}

/// The name of a mistake among those of all steps: `step/mistake`.
pub fn name(mistake: &Mistake) -> String {
    format!("{}/{}", mistake.step, mistake.name)
}

/// The mistakes of earlier steps that a happy path does not show and that can be carried into the solution of this
/// one, with what becomes of it.
pub fn carried_mistakes(
    course: &Course,
    attacked: &Step,
) -> Result<Vec<(Mistake, Vec<Source>)>, Trouble> {
    let solution = starter::sources(attacked, View::Solution)?;
    let mut found = Vec::new();
    for step in course.steps.iter().filter(|step| step.number < attacked.number) {
        let matrix = matrix::from_records(course, step, &records::load(step)?)?;
        for row in matrix.rows.iter().filter(|row| row.passes_the_happy_path) {
            let mistake = Mistake::read(step, &row.mistake)?;
            if let Some(sources) = carried(step, &mistake, &solution)? {
                found.push((mistake, sources));
            }
        }
    }
    Ok(found)
}

/// The mistakes that are attacks on this step, from the record.
pub fn candidates(course: &Course, attacked: &Step) -> Result<Vec<Hole>, Trouble> {
    let solution = starter::sources(attacked, View::Solution)?;
    let hole = |(name, attacks): (String, Vec<String>)| {
        let (step, mistake) = name.split_once('/').unwrap_or_default();
        let step = course.step(step)?;
        let mistake = Mistake::read(step, mistake)?;
        let alone = carried(step, &mistake, &solution)?.ok_or_else(|| {
            let why = format!("`{name}` does not fit the solution any more");
            Trouble::ours(&record(attacked), why)
        })?;
        Ok(Hole { mistake, attacks, alone })
    };
    attacks(attacked)?.into_iter().map(hole).collect()
}

/// Draws an exercise. The same seed and candidates give the same one; it is `None` if too few fit together. No check
/// fails for two of its holes, so each failure has one cause; and no function has two, since one may hide the other.
pub fn draw(solution: &[Source], candidates: &[Hole], seed: u64) -> Option<Exercise> {
    let mut shuffled: Vec<&Hole> = candidates.iter().collect();
    shuffled.sort_by_cached_key(|hole| rank(seed, &hole.mistake));
    let mut holes: Vec<Hole> = Vec::new();
    let mut changed = BTreeSet::new();
    let mut sources = solution.to_vec();
    for hole in shuffled {
        let same_step = |other: &&Hole| other.mistake.step == hole.mistake.step;
        let shares = |other: &Hole| other.attacks.iter().any(|check| hole.attacks.contains(check));
        if holes.len() == HOLES
            || holes.iter().filter(same_step).count() == OF_ONE_STEP
            || holes.iter().any(shares)
        {
            continue;
        }
        let functions = functions(solution, hole);
        if changed.is_disjoint(&functions)
            && let Some(with) = open(solution, hole, &sources)
        {
            sources = with;
            changed.extend(functions);
            holes.push(hole.clone());
        }
    }
    (holes.len() == HOLES).then_some(Exercise { sources, holes })
}

/// The functions of the solution that the hole changes, each as its file and the line that it begins on; what is in no
/// function is in the one before it.
fn functions(solution: &[Source], hole: &Hole) -> BTreeSet<(PathBuf, usize)> {
    let mut found = BTreeSet::new();
    for source in solution {
        let Some(alone) = hole.alone.iter().find(|alone| alone.path == source.path) else {
            continue;
        };
        let lines: Vec<&str> = source.text.lines().collect();
        let begins = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("fn ") || line.starts_with("async fn ")
        };
        let mut options = diffy::DiffOptions::new();
        let change = options.set_context_len(0).create_patch(&source.text, &alone.text);
        for hunk in change.hunks() {
            let range = hunk.old_range();
            let last = range.start().max(range.end() - 1).min(lines.len());
            let function = lines[..last].iter().rposition(begins).unwrap_or_default();
            found.insert((source.path.clone(), function));
        }
    }
    found
}

/// The sources, which are the solution with other holes, with this hole too; `None` if one of the others has the same
/// lines.
pub fn open(solution: &[Source], hole: &Hole, sources: &[Source]) -> Option<Vec<Source>> {
    patch::join(solution, sources, &hole.alone, diffy::merge).ok()
}

/// The solution with the mistake of an earlier step; `None` if it has other words there.
fn carried(
    step: &Step,
    mistake: &Mistake,
    solution: &[Source],
) -> Result<Option<Vec<Source>>, Trouble> {
    let earlier = starter::sources(step, View::Solution)?;
    Ok(patch::carry(&mistake.patch, &earlier, solution, merge::by_words).ok())
}

/// A number that looks random, and is the same on every machine.
fn rank(seed: u64, mistake: &Mistake) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, &mistake.step, &mistake.name).hash(&mut hasher);
    hasher.finish()
}
