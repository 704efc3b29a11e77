//! Where FastAPI departs from our wire contract: a reviewed file says why, a recorded run says how.
//!
//! `xtask/peers/fastapi/departures.toml` lists the departures; `xtask/peers/fastapi/answers/NN-slug.json` holds what
//! FastAPI answered to every check that it fails, written by `cargo xtask fastapi --write`.

use std::{collections::BTreeMap, path::PathBuf};

use protocol::exchange::Exchange;
use serde::{Deserialize, Serialize};
use xtask::{
    course::{Course, Step, interval},
    files,
    trouble::Trouble,
};

/// One way in which FastAPI differs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// What is sent or looked at, as Markdown.
    pub case: String,
    /// Why we differ, as Markdown.
    pub why: String,
    /// Where that is written: an RFC with its section, mostly.
    pub source: String,
    /// A header's name or a JSON pointer, if only this part of the answer is meant.
    pub part: Option<String>,
    /// The checks that show it, by the steps that it holds for: `"3-9" = ["refuses_…"]`.
    pub checks: BTreeMap<String, Vec<String>>,
}

/// What FastAPI did where a check asks for something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// What the check asks for, if it says so in words and not by a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Vec<String>>,
    /// The exchange (or a sentence), line by line.
    pub actual: Vec<String>,
}

/// What was recorded for a step, by the names of the checks.
pub type RecordedStep = BTreeMap<String, Recorded>;

impl Recorded {
    /// What FastAPI did, if that is an exchange.
    pub fn exchange(&self) -> Option<Exchange> {
        Exchange::parse(&self.actual.join("\n"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    departure: Vec<Departure>,
}

impl Departure {
    /// The checks of the step that show it.
    pub fn checks(&self, step: &Step) -> impl Iterator<Item = &str> {
        let of_step = self.checks.iter().filter(|(steps, _)| {
            interval::parse(steps).is_ok_and(|steps| steps.contains(&step.number))
        });
        of_step.flat_map(|(_, checks)| checks).map(String::as_str)
    }

    /// The first step that shows it, and its first check there.
    pub fn first<'c, 'd>(&'d self, course: &'c Course) -> Option<(&'c Step, &'d str)> {
        course.steps.iter().find_map(|step| Some((step, self.checks(step).next()?)))
    }
}

/// The departures, in the order of their file.
pub fn read(course: &Course) -> Result<Vec<Departure>, Trouble> {
    let path = course.root.join("xtask").join("peers").join("fastapi").join("departures.toml");
    let file: File = toml::from_str(&files::read(&path)?).map_err(|error| {
        Trouble::Environment(format!("{} cannot be used: {error}", path.display()))
    })?;
    Ok(file.departure)
}

/// What was recorded for the step; nothing, if there is no record.
pub fn answers(course: &Course, step: &Step) -> Result<RecordedStep, Trouble> {
    let path = record(course, step);
    if !path.exists() {
        return Ok(RecordedStep::new());
    }
    serde_json::from_str(&files::read(&path)?).map_err(|error| {
        Trouble::Environment(format!(
            "{} cannot be used: {error}.\nNext:  cargo xtask fastapi --write",
            path.display()
        ))
    })
}

/// Where the step's answers are recorded.
pub fn record(course: &Course, step: &Step) -> PathBuf {
    let folder = course.root.join("xtask").join("peers").join("fastapi").join("answers");
    folder.join(format!("{}.json", step.slug))
}

/// What is wrong with the file itself: steps and checks that do not exist.
pub fn misnamed(course: &Course, departures: &[Departure]) -> Result<Vec<String>, Trouble> {
    let mut problems = Vec::new();
    for departure in departures {
        problems.extend(departure.checks.keys().filter_map(|steps| interval::parse(steps).err()));
        if departure.first(course).is_none() {
            problems.push(format!("\"{}\" names no check of any step", departure.case));
        }
        for step in &course.steps {
            let known = step.checks()?;
            for name in departure.checks(step) {
                if !known.iter().any(|check| check.name == name) {
                    problems.push(format!(
                        "step {} has no check `{name}`, which \"{}\" names",
                        step.number, departure.case
                    ));
                }
            }
        }
    }
    Ok(problems)
}

/// Compares the departures of a step with the checks that FastAPI fails: each must explain the other.
pub fn unexplained(departures: &[Departure], step: &Step, answers: &RecordedStep) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, answer) in answers {
        if !departures.iter().any(|departure| departure.checks(step).any(|check| check == name)) {
            problems.push(format!(
                "step {}, {name}: FastAPI fails this check, and no departure explains it. It did this:\n\n{}\n\n\
                 If that is FastAPI's way, name the check under a departure.",
                step.number,
                answer.actual.join("\n")
            ));
        }
    }
    for departure in departures {
        for name in departure.checks(step).filter(|name| !answers.contains_key(*name)) {
            problems.push(format!(
                "step {}, {name}: FastAPI passes this check, so it does not show the departure \"{}\". \
                 Take it out there.",
                step.number, departure.case
            ));
        }
    }
    problems
}
