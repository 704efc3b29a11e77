//! Mutants of a solution, cargo-mutants' and our own, what the checks say to them, and those that no check need catch.

use std::collections::BTreeMap;

use diffy::Patch;
use serde::Deserialize;
use xtask::{
    course::{Course, Step, Whose, interval, marks::View, source::Source, starter},
    files, judge,
    trouble::Trouble,
    verdict::Outcome,
};

use crate::{
    changed::{self, Built},
    mutations::{self, Kind},
};

/// In percent, of the mutants that compile.
pub(crate) const DEMANDED: usize = 95;

/// One small change to a solution, in the form of `cargo mutants --list --json --diff`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mutant {
    /// The place and what is changed there: `solutions/…/main.rs:40:5: replace && with || in …`.
    name: String,
    /// Relative to the workspace.
    file: String,
    /// A unified diff on that file, marker lines included.
    diff: String,
    /// What kind of change it is.
    #[serde(skip)]
    kind: Kind,
}

/// Whom a solution may have as its users.
const USERS: [&str; 3] = ["alice", "bob", "carol"];

/// Our own mutants of the step.
pub(crate) fn own(course: &Course, step: &Step) -> Result<Vec<Mutant>, Trouble> {
    let folder = step.folder(Whose::Reference);
    let sources = files::below(&folder.join("src"))?;
    let mut texts: Vec<String> =
        sources.iter().map(|path| files::read(path)).collect::<Result<_, _>>()?;
    // From step 7 on they have a file of their own.
    texts.extend(files::read(&folder.join("users.json")).ok());
    let is_user = |name: &&str| texts.iter().any(|text| text.contains(&format!("\"{name}\"")));
    let users: Vec<&str> = USERS.into_iter().filter(is_user).collect();
    let mut mutants = Vec::new();
    for (path, source) in sources.iter().zip(&texts) {
        let file = path.strip_prefix(&course.root).unwrap_or(path).display().to_string();
        mutants.extend(mutations::all(source, &users).into_iter().map(|mutation| Mutant {
            name: format!("{file}:{}: {}", mutation.line, mutation.words),
            diff: diffy::create_patch(source, &mutation.text).to_string(),
            file: file.clone(),
            kind: mutation.kind,
        }));
    }
    Ok(mutants)
}

impl Mutant {
    /// What kind of change it is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// What is changed, without the place.
    pub(crate) fn words(&self) -> &str {
        self.name.split_once(": ").map_or(&self.name, |(_, words)| words)
    }

    /// The solution with this change.
    fn make(&self, course: &Course, step: &Step) -> Result<Vec<Source>, Trouble> {
        let told = |why: String| Trouble::Environment(format!("the mutant {}: {why}", self.name));
        // Its head names the change where a patch names a file.
        let hunks = self.diff.find("@@ ").map_or("", |begin| &self.diff[begin..]);
        let patch = Patch::from_str(hunks).map_err(|error| told(error.to_string()))?;
        let file = course.root.join(&self.file);
        // A mutant may swallow one of two marker lines; they are comments, and may stay.
        let text =
            diffy::apply(&files::read(&file)?, &patch).map_err(|error| told(error.to_string()))?;
        let mut sources = starter::sources(step, View::Solution)?;
        let own = sources
            .iter_mut()
            .find(|source| step.folder(Whose::Reference).join(&source.path) == file)
            .ok_or_else(|| told(format!("solution {} has no such file", step.number)))?;
        own.text = text;
        Ok(sources)
    }
}

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A check failed.
    Caught,
    /// All checks passed.
    Missed,
    /// It does not compile.
    Unviable,
}

/// Builds the mutants of the step and runs its checks against each.
pub(crate) fn judge(course: &Course, step: &Step, mutants: &[Mutant]) -> Result<Vec<End>, Trouble> {
    let checks = changed::checks(course, step)?;
    let changed: Vec<_> =
        mutants.iter().map(|mutant| mutant.make(course, step)).collect::<Result<_, _>>()?;
    let ends = changed::each(course, step, &changed, |_, built| match built {
        Built::Refused(_) => Ok(End::Unviable),
        Built::Program(server) => {
            let verdict = judge::try_server(course, step, &server, &checks, judge::STEP_LIMIT)?;
            match verdict.outcome {
                Outcome::Solved => Ok(End::Missed),
                Outcome::Broken => Err(Trouble::Environment(verdict.problem.unwrap_or_default())),
                _ => Ok(End::Caught),
            }
        }
    })?;
    changed::remove(course)?;
    Ok(ends)
}

/// How many mutants came to which end.
#[derive(Default)]
pub(crate) struct Count {
    /// A check failed.
    pub(crate) caught: usize,
    /// All checks passed.
    pub(crate) missed: usize,
}

impl Count {
    /// Counts them.
    pub(crate) fn new(ends: &[End]) -> Self {
        let count = |wanted| ends.iter().filter(|end| **end == wanted).count();
        Self { caught: count(End::Caught), missed: count(End::Missed) }
    }

    /// The sum of both.
    #[must_use]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self { caught: self.caught + other.caught, missed: self.missed + other.missed }
    }

    /// How many compile.
    pub(crate) fn viable(&self) -> usize {
        self.caught + self.missed
    }

    /// Whether enough are caught.
    pub(crate) fn suffices(&self) -> bool {
        self.caught * 100 >= self.viable() * DEMANDED
    }
}

/// A mutant that no check need catch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Survivor {
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

/// The list, `xtask/maintain/mutants.toml`.
pub(crate) fn survivors(course: &Course) -> Result<Vec<Survivor>, Trouble> {
    let path = course.root.join("xtask").join("maintain").join("mutants.toml");
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

/// Mutants that were missed and are not listed, and the other way round, with their kind; if only `some` mutants of the
/// step were made, nothing is said of those that were not.
pub(crate) fn surprises(
    step: &Step,
    mutants: &[Mutant],
    ends: &[End],
    listed: &[Survivor],
    some: bool,
) -> Vec<(Kind, String)> {
    let of_step = |survivor: &&Survivor| {
        interval::parse(&survivor.steps).is_ok_and(|steps| steps.contains(&step.number))
    };
    let listed: Vec<&str> =
        listed.iter().filter(of_step).map(|survivor| survivor.mutant.as_str()).collect();
    let mut missed: BTreeMap<(Kind, &str), Vec<&str>> = BTreeMap::new();
    for (mutant, _) in mutants.iter().zip(ends).filter(|(_, end)| **end == End::Missed) {
        missed.entry((mutant.kind, mutant.words())).or_default().push(&mutant.name);
    }
    let unlisted = missed.iter().filter(|((_, words), _)| !listed.contains(words));
    let unlisted = unlisted.map(|((kind, _), places)| {
        let places = places.join("` and `");
        (*kind, format!("step {}: no check catches `{places}`", step.number))
    });
    let made = |words: &str| mutants.iter().any(|mutant| mutant.words() == words);
    let caught = listed.iter().filter(|words| !some || made(words));
    let caught = caught.filter(|words| missed.keys().all(|(_, missed)| missed != *words));
    let caught = caught.map(|words| {
        let told = format!(
            "step {}: xtask/maintain/mutants.toml lists `{words}`, but a check catches it now, or it is gone: \
             take it out",
            step.number
        );
        (Kind::Code, told)
    });
    unlisted.chain(caught).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWAP: &str = "replace && with || in f";

    fn mutant(words: &str) -> Mutant {
        let name = format!("solutions/03-bearer-token/src/main.rs:40:5: {words}");
        Mutant { name, file: String::new(), diff: String::new(), kind: Kind::Code }
    }

    fn listed(steps: &str) -> Vec<Survivor> {
        vec![Survivor {
            steps: steps.to_owned(),
            mutant: SWAP.to_owned(),
            reason: "both say the same".to_owned(),
        }]
    }

    fn course() -> Course {
        let here = std::env::current_dir().expect("a current folder");
        Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"))
    }

    fn told(mutants: &[(&str, End)], listed: &[Survivor], some: bool) -> Vec<String> {
        let (mutants, ends): (Vec<_>, Vec<_>) =
            mutants.iter().map(|(words, end)| (mutant(words), *end)).unzip();
        let step = course().step("3").unwrap_or_else(|trouble| panic!("{trouble}")).clone();
        let told = surprises(&step, &mutants, &ends, listed, some);
        told.into_iter().map(|(_, told)| told).collect()
    }

    #[test]
    fn a_missed_mutant_is_told_unless_it_is_listed_for_the_step() {
        let mutants = [(SWAP, End::Missed), ("delete ! in f", End::Caught)];
        let said = told(&mutants, &listed("8"), false);
        assert!(said.len() == 1 && said[0].contains(SWAP), "{said:?}");
        assert_eq!(told(&mutants, &listed("3-9"), false), Vec::<String>::new());
    }

    #[test]
    fn a_listed_mutant_that_is_caught_is_told() {
        let said = told(&[(SWAP, End::Caught)], &listed("3"), true);
        assert!(said.len() == 1 && said[0].contains("take it out"), "{said:?}");
        assert_eq!(told(&[], &listed("3"), true), Vec::<String>::new());
        assert_eq!(told(&[], &listed("3"), false).len(), 1);
    }

    #[test]
    fn of_those_that_compile_95_in_a_hundred_are_demanded() {
        assert!(Count { caught: 19, missed: 1 }.suffices());
        assert!(!Count { caught: 18, missed: 2 }.suffices());
        assert_eq!(Count::new(&[End::Unviable, End::Caught]).viable(), 1);
    }

    #[test]
    fn a_mutant_is_the_solution_with_its_change() {
        let course = course();
        let step = course.step("1").unwrap_or_else(|trouble| panic!("{trouble}"));
        let file = "solutions/01-open-route/src/main.rs";
        let source =
            files::read(&course.root.join(file)).unwrap_or_else(|trouble| panic!("{trouble}"));
        let changed = source.replace("Teapot", "Kettle");
        let diff = diffy::create_patch(&source, &changed).to_string();
        let diff = diff.replace("+++ modified", "+++ replace \"Teapot\" with \"Kettle\"");
        let mutant =
            Mutant { name: "it".to_owned(), file: file.to_owned(), diff, kind: Kind::Code };
        let made = mutant.make(&course, step).unwrap_or_else(|trouble| panic!("{trouble}"));
        let [source] = made.as_slice() else { panic!("one file") };
        assert_eq!(source.text, changed);
    }
}
