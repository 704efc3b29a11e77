//! What a failing server looks like: for each check that fails, how its answer differs.
//!
//! Two servers with the same mistake give the same picture, though their code differs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    tutor::symptom,
    verdict::{CheckResult, Verdict},
};

/// For each check that fails, what was received instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<AlikeFailures>", into = "Vec<AlikeFailures>")]
pub struct Picture {
    /// The check's name, or [`EVERY`]; and its symptom.
    pub symptoms: BTreeMap<String, Vec<String>>,
}

/// Stands for all checks of a step, where all of them fail alike: the server did not start.
pub const EVERY: &str = "*";

/// Checks that fail alike; a picture in a file is a list of these.
#[derive(Clone, Serialize, Deserialize)]
struct AlikeFailures {
    checks: Vec<String>,
    came: Vec<String>,
}

impl Picture {
    /// What the verdict shows, of those failing checks that count.
    pub fn take(verdict: &Verdict, counts: impl Fn(&CheckResult) -> bool) -> Self {
        let failing = verdict.failing().filter(|check| counts(check));
        let symptoms: BTreeMap<_, _> =
            failing.map(|check| (check.name.clone(), symptom::read(check))).collect();
        let mut different: Vec<_> = symptoms.values().collect();
        different.dedup();
        match different.as_slice() {
            [same] if symptoms.len() == verdict.checks.len() => {
                Self { symptoms: [(EVERY.to_owned(), (*same).clone())].into() }
            }
            _ => Self { symptoms },
        }
    }

    /// The same after some of the checks were run again: the others stay as they are here.
    #[must_use]
    pub fn seen_again(&self, verdict: &Verdict) -> Self {
        if self.symptoms.contains_key(EVERY) {
            return Self::take(verdict, |_| true);
        }
        let ran = |name: &String| verdict.checks.iter().any(|check| check.name == *name);
        let mut symptoms = self.symptoms.clone();
        symptoms.retain(|name, _| !ran(name));
        let failing = verdict.failing();
        symptoms.extend(failing.map(|check| (check.name.clone(), symptom::read(check))));
        Self { symptoms }
    }

    /// How the answer differs at this check.
    pub fn at(&self, check: &str) -> Option<&Vec<String>> {
        self.symptoms.get(check).or_else(|| self.symptoms.get(EVERY))
    }

    /// What is to be seen in both.
    #[must_use]
    pub fn also_in(&self, other: &Self) -> Self {
        let both = |(check, symptom): &(&String, &Vec<String>)| {
            other.symptoms.get(*check) == Some(*symptom)
        };
        let symptoms = self.symptoms.iter().filter(both);
        Self {
            symptoms: symptoms.map(|(check, symptom)| (check.clone(), symptom.clone())).collect(),
        }
    }
}

impl From<Vec<AlikeFailures>> for Picture {
    fn from(list: Vec<AlikeFailures>) -> Self {
        let each = |shown: AlikeFailures| {
            shown
                .checks
                .into_iter()
                .map(move |check| (check, shown.came.clone()))
                .collect::<Vec<_>>()
        };
        Self { symptoms: list.into_iter().flat_map(each).collect() }
    }
}

impl From<Picture> for Vec<AlikeFailures> {
    fn from(picture: Picture) -> Self {
        let mut list: Self = Vec::new();
        for (check, came) in picture.symptoms {
            match list.iter_mut().find(|shown| shown.came == came) {
                Some(shown) => shown.checks.push(check),
                None => list.push(AlikeFailures { checks: vec![check], came }),
            }
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{CheckResult, testing};

    fn check(name: &str, expected: &str, actual: &str) -> CheckResult {
        testing::check(name, expected, actual)
    }

    fn picture(checks: Vec<CheckResult>) -> Picture {
        Picture::take(&testing::failed(checks), |_| true)
    }

    const WANTED: &str = "GET / HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer\n";
    const CAME: &str = "GET / HTTP/1.1\n\nHTTP/1.1 403 Forbidden\nwww-authenticate: Bearer\n";

    #[test]
    fn of_an_exchange_the_picture_has_what_differs() {
        let picture = picture(vec![check("one", WANTED, CAME), check("two", WANTED, "")]);
        let symptom = ["- HTTP/1.1 401 Unauthorized", "+ HTTP/1.1 403 Forbidden"];
        assert_eq!(
            picture.symptoms,
            [("one".to_owned(), symptom.map(str::to_owned).into())].into()
        );
    }

    #[test]
    fn lines_and_times_in_words_do_not_count() {
        let at =
            |line: u32| picture(vec![check("one", "x", &format!("stopped at src/main.rs:{line}"))]);
        assert_eq!(at(41), at(173));
        assert_eq!(at(41).at("any check").map(Vec::len), Some(1), "all checks fail alike");
    }

    #[test]
    fn a_check_that_was_not_run_again_shows_what_it_did() {
        let before = picture(vec![check("one", "a", "b"), check("two", "a", "c")]);
        let again = testing::failed(vec![check("one", "a", "d")]);
        let both = picture(vec![check("one", "a", "d"), check("two", "a", "c")]);
        assert_eq!(before.seen_again(&again), both);
    }

    #[test]
    fn a_picture_is_the_same_after_it_was_written() {
        let picture = picture(vec![
            check("one", WANTED, CAME),
            check("two", WANTED, CAME),
            check("three", "a", "b"),
            check("four", "a", ""),
        ]);
        let text = serde_json::to_string(&picture).expect("it can be written");
        assert_eq!(text.matches("403").count(), 1, "{text}");
        assert_eq!(serde_json::from_str::<Picture>(&text).expect("it can be read"), picture);
    }
}
