//! What cargo-mutants found in a solution, held against the list of mutants that no check need catch.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use crate::{
    course::{Course, Step},
    files, interval,
    trouble::Trouble,
};

/// In percent, of the mutants that compile.
pub const DEMANDED: usize = 95;

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

/// Reads `mutants.out/outcomes.json`.
pub fn outcomes(path: &Path) -> Result<Vec<Outcome>, Trouble> {
    let read: Outcomes = serde_json::from_str(&files::read(path)?).map_err(|error| {
        Trouble::Environment(format!("{} cannot be used: {error}", path.display()))
    })?;
    Ok(read.outcomes)
}

/// Whether the checks pass without a mutant.
pub fn baseline_passes(outcomes: &[Outcome]) -> bool {
    let baseline = outcomes.iter().find(|outcome| outcome.mutant().is_none());
    baseline.is_some_and(|outcome| outcome.summary == Summary::Success)
}

/// One mutant (or none), judged.
#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    scenario: Scenario,
    summary: Summary,
}

#[derive(Debug, Clone, Deserialize)]
enum Scenario {
    Baseline,
    Mutant { name: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Summary {
    CaughtMutant,
    MissedMutant,
    Timeout,
    /// It does not compile.
    Unviable,
    Success,
    Failure,
}

impl Outcome {
    /// What was changed: `replace && with || in …`.
    fn mutant(&self) -> Option<&str> {
        match &self.scenario {
            Scenario::Baseline => None,
            Scenario::Mutant { name } => {
                Some(name.split_once(": ").map_or(name, |(_, words)| words))
            }
        }
    }

    /// Whether no check has caught it.
    fn is_missed(&self) -> bool {
        self.summary == Summary::MissedMutant
    }
}

/// How many mutants came to which end.
#[derive(Default)]
pub struct Count {
    /// A check failed.
    pub caught: usize,
    /// All checks passed.
    pub missed: usize,
    /// The checks did not end.
    pub timeout: usize,
}

impl Count {
    /// Counts them.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let count = |summary| outcomes.iter().filter(|one| one.summary == summary).count();
        Self {
            caught: count(Summary::CaughtMutant),
            missed: count(Summary::MissedMutant),
            timeout: count(Summary::Timeout),
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            caught: self.caught + other.caught,
            missed: self.missed + other.missed,
            timeout: self.timeout + other.timeout,
        }
    }

    /// How many compile.
    pub fn viable(&self) -> usize {
        self.caught + self.missed + self.timeout
    }

    /// Whether enough are caught. A mutant that never ends is: the learner sees a red check.
    pub fn suffices(&self) -> bool {
        (self.caught + self.timeout) * 100 >= self.viable() * DEMANDED
    }
}

/// A mutant that no check need catch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivor {
    /// The steps that have it: `7-9`, or `8`.
    steps: String,
    /// As cargo-mutants names it, without file and line.
    mutant: String,
    /// Why no check need catch it.
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivors {
    #[serde(default)]
    survivor: Vec<Survivor>,
}

/// The list, `xtask/mutants.toml`.
pub fn survivors(course: &Course) -> Result<Vec<Survivor>, Trouble> {
    let path = course.root.join("xtask").join("mutants.toml");
    let broken =
        |why: &str| Trouble::Environment(format!("{} cannot be used: {why}", path.display()));
    let read: Survivors =
        toml::from_str(&files::read(&path)?).map_err(|error| broken(&error.to_string()))?;
    for survivor in &read.survivor {
        interval::parse(&survivor.steps).map_err(|why| broken(&why))?;
        if survivor.reason.trim().is_empty() {
            return Err(broken(&format!("`{}` has no reason", survivor.mutant)));
        }
    }
    Ok(read.survivor)
}

/// Mutants that were missed and are not listed, and the other way round; if only `some` mutants of the step
/// were made, nothing is said of those that were not.
pub fn surprises(
    step: &Step,
    outcomes: &[Outcome],
    listed: &[Survivor],
    some: bool,
) -> Vec<String> {
    let of_step = |survivor: &&Survivor| {
        interval::parse(&survivor.steps).is_ok_and(|steps| steps.contains(&step.number))
    };
    let listed: Vec<&str> =
        listed.iter().filter(of_step).map(|survivor| survivor.mutant.as_str()).collect();
    let mut missed: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.is_missed()) {
        *missed.entry(outcome.mutant().unwrap_or_default()).or_default() += 1;
    }
    let unlisted = missed.iter().filter(|(mutant, _)| !listed.contains(*mutant));
    let unlisted = unlisted.map(|(mutant, times)| {
        format!(
            "step {}: no check catches `{mutant}` (at {times} places). Add a check, or list it in \
             xtask/mutants.toml with the reason.",
            step.number
        )
    });
    let made = |mutant: &str| outcomes.iter().any(|outcome| outcome.mutant() == Some(mutant));
    let caught = listed.iter().filter(|mutant| !some || made(mutant));
    let caught = caught.filter(|mutant| !missed.contains_key(**mutant)).map(|mutant| {
        format!(
            "step {}: xtask/mutants.toml lists `{mutant}`, but a check catches it now, or it is gone: \
             take it out.",
            step.number
        )
    });
    unlisted.chain(caught).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP_3: &str = "replace && with || in f";

    fn outcome(name: &str, summary: &str) -> Outcome {
        let name = format!("solutions/03-bearer-token/src/main.rs:40:5: {name}");
        let json = serde_json::json!({"scenario": {"Mutant": {"name": name}}, "summary": summary});
        serde_json::from_value(json).expect("as cargo-mutants writes it")
    }

    fn listed(steps: &str) -> Vec<Survivor> {
        vec![Survivor {
            steps: steps.to_owned(),
            mutant: STEP_3.to_owned(),
            reason: "both say the same".to_owned(),
        }]
    }

    fn step() -> Step {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        course.step("3").unwrap_or_else(|trouble| panic!("{trouble}")).clone()
    }

    #[test]
    fn a_missed_mutant_is_told_unless_it_is_listed_for_the_step() {
        let outcomes = [outcome(STEP_3, "MissedMutant"), outcome("delete ! in f", "CaughtMutant")];
        let told = surprises(&step(), &outcomes, &listed("8"), false);
        assert!(told.len() == 1 && told[0].contains(STEP_3), "{told:?}");
        assert_eq!(surprises(&step(), &outcomes, &listed("3-9"), false), Vec::<String>::new());
    }

    #[test]
    fn a_listed_mutant_that_is_caught_is_told() {
        let told = surprises(&step(), &[outcome(STEP_3, "CaughtMutant")], &listed("3"), true);
        assert!(told.len() == 1 && told[0].contains("take it out"), "{told:?}");
        assert_eq!(surprises(&step(), &[], &listed("3"), true), Vec::<String>::new());
        assert_eq!(surprises(&step(), &[], &listed("3"), false).len(), 1);
    }

    #[test]
    fn of_those_that_compile_95_in_a_hundred_are_demanded() {
        assert!(Count { caught: 18, missed: 1, timeout: 1 }.suffices());
        assert!(!Count { caught: 18, missed: 2, timeout: 0 }.suffices());
        let outcomes = [outcome("a", "Unviable"), outcome("b", "Timeout")];
        assert_eq!(Count::of(&outcomes).viable(), 1);
    }
}
