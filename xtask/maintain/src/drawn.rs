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

/// One of so many mistakes is drawn, whatever it shows.
const ONE_OF: usize = 20;

/// The mistakes that are drawn, by the number of their step and their name: one in [`ONE_OF`] of those on record, and as
/// many more as it takes to have one for each check that catches any: about a ninth in all.
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
        if index < anyway || checks.iter().any(|check| !shown.contains(check)) {
            shown.extend(checks);
            drawn.insert((step, name));
        }
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use std::env;

    use xtask::tutor::records;

    use super::*;

    #[test]
    fn each_check_that_catches_a_mistake_is_shown_by_one_that_is_drawn() {
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
        assert_eq!(of_drawn, all);
        assert!((count / ONE_OF..count / 4).contains(&drawn.len()), "{} of {count}", drawn.len());
    }
}
