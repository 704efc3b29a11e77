//! What CI tries of many: another part for each commit.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    process::Command,
};

use xtask::{
    course::{Course, Step},
    process::call,
    trouble::Trouble,
    tutor::records::{Record, Records},
};

use crate::bank;

/// The commit, which draws.
pub(crate) fn commit(course: &Course) -> Result<String, Trouble> {
    let mut git = Command::new("git");
    let output = call::output(git.args(["rev-parse", "HEAD"]).current_dir(&course.root))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where something comes in the order into which the commit shuffles.
pub(crate) fn place(commit: &str, what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (commit, what).hash(&mut hasher);
    hasher.finish()
}

/// The step that the commit draws.
pub(crate) fn step(course: &Course) -> Result<&Step, Trouble> {
    let commit = commit(course)?;
    let first = course.steps.iter().min_by_key(|step| place(&commit, ("step", step.number)));
    first.ok_or_else(|| Trouble::Environment("there is no step".to_owned()))
}

/// One of so many mistakes is drawn, whatever it shows.
const ONE_OF: usize = 20;

/// The mistakes that are drawn, by the number of their step and their name: one in [`ONE_OF`] of those on record, and as
/// many more as it takes to have one for each check that is drawn.
pub(crate) fn mistakes(commit: &str, steps: &[&Step]) -> Result<BTreeSet<(u8, String)>, Trouble> {
    let mut known: Vec<(u8, String, Record)> = Vec::new();
    for step in steps {
        let records: Records = bank::still_known(step)?;
        known.extend(records.into_iter().map(|(name, record)| (step.number, name, record)));
    }
    known.sort_by_cached_key(|(step, name, _)| place(commit, (step, name)));
    let anyway = known.len() / ONE_OF;
    let mut shown = BTreeSet::new();
    let mut drawn = BTreeSet::new();
    for (index, (step, name, record)) in known.into_iter().enumerate() {
        let checks: Vec<String> = match record {
            Record::Checks(picture) => picture.symptoms.into_keys().collect(),
            Record::Rustc(_) => Vec::new(),
        };
        let is_wanted = |name: &String| check(commit, name) && !shown.contains(name);
        if index < anyway || checks.iter().any(is_wanted) {
            shown.extend(checks);
            drawn.insert((step, name));
        }
    }
    Ok(drawn)
}

/// Whether the commit draws this check, as one commit in two does.
fn check(commit: &str, name: &str) -> bool {
    place(commit, ("check", name)).is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use std::env;

    use xtask::tutor::records;

    use super::*;

    #[test]
    fn each_check_that_is_drawn_is_shown_by_a_mistake_and_half_of_them_are() {
        let here = env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let steps: Vec<&Step> = course.steps.iter().collect();
        let commit = commit(&course).unwrap_or_else(|trouble| panic!("{trouble}"));
        let drawn = mistakes(&commit, &steps).unwrap_or_else(|trouble| panic!("{trouble}"));
        let (mut all, mut of_drawn, mut count) = (BTreeSet::new(), BTreeSet::new(), 0);
        for step in steps {
            let records = records::load(step).unwrap_or_else(|trouble| panic!("{trouble}"));
            for (name, record) in records {
                count += 1;
                let Record::Checks(picture) = record else { continue };
                if drawn.contains(&(step.number, name)) {
                    of_drawn.extend(picture.symptoms.keys().cloned());
                }
                all.extend(picture.symptoms.into_keys());
            }
        }
        let wanted: BTreeSet<String> =
            all.iter().filter(|name| check(&commit, name)).cloned().collect();
        assert!(wanted.is_subset(&of_drawn), "{:?}", wanted.difference(&of_drawn));
        assert!(
            (all.len() / 4..all.len() * 3 / 4).contains(&wanted.len()),
            "{} of {}",
            wanted.len(),
            all.len()
        );
        assert!((count / ONE_OF..count / 5).contains(&drawn.len()), "{} of {count}", drawn.len());
    }

    #[test]
    fn a_check_is_drawn_by_about_half_of_all_commits() {
        for name in ["refuses_a_missing_header", "lists_the_items"] {
            let times = (0..60).filter(|commit| check(&format!("commit {commit}"), name)).count();
            assert!((15..45).contains(&times), "{name}: {times} of 60");
        }
    }
}
