//! What a failing server looks like: for each check that fails, how its answer differs.
//!
//! Two servers with the same mistake give the same picture, though their code differs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::verdict::{CheckResult, Verdict};

/// Lines of a difference that are kept; a mistake shows in the first ones.
const KEPT: usize = 24;

/// For each check that fails, what came instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Shown>", into = "Vec<Shown>")]
pub struct Picture {
    /// The check's name, or [`EVERY`]; and its symptom.
    pub symptoms: BTreeMap<String, Vec<String>>,
}

/// Stands for all checks of a step, where all of them fail alike: the server did not start.
pub const EVERY: &str = "*";

/// Checks that fail alike; a picture in a file is a list of these.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    checks: Vec<String>,
    came: Vec<String>,
}

impl Picture {
    /// What the verdict shows.
    pub fn of(verdict: &Verdict) -> Self {
        let failing = verdict.checks.iter().filter(|check| !check.passed);
        let symptoms: BTreeMap<_, _> =
            failing.map(|check| (check.name.clone(), symptom(check))).collect();
        let mut different: Vec<_> = symptoms.values().collect();
        different.dedup();
        match different.as_slice() {
            [same] if symptoms.len() == verdict.checks.len() => {
                Self { symptoms: [(EVERY.to_owned(), (*same).clone())].into() }
            }
            _ => Self { symptoms },
        }
    }

    /// How the answer differs at this check.
    pub fn at(&self, check: &str) -> Option<&Vec<String>> {
        self.symptoms.get(check).or_else(|| self.symptoms.get(EVERY))
    }

    /// Whether all of it is to be seen in `other` too.
    pub fn is_part_of(&self, other: &Self) -> bool {
        self.symptoms.iter().all(|(check, symptom)| other.symptoms.get(check) == Some(symptom))
    }

    /// Whether the same checks fail, with the same status lines, in both.
    pub fn is_like(&self, other: &Self) -> bool {
        let status = |symptom: &Vec<String>| -> Vec<String> {
            symptom.iter().filter(|line| line.contains(" HTTP/1.1 ")).cloned().collect()
        };
        self.symptoms.keys().eq(other.symptoms.keys())
            && self.symptoms.iter().all(|(check, symptom)| {
                let same = other.symptoms.get(check).map(&status);
                !status(symptom).is_empty() && same == Some(status(symptom))
            })
    }
}

impl From<Vec<Shown>> for Picture {
    fn from(list: Vec<Shown>) -> Self {
        let each = |shown: Shown| {
            shown
                .checks
                .into_iter()
                .map(move |check| (check, shown.came.clone()))
                .collect::<Vec<_>>()
        };
        Self { symptoms: list.into_iter().flat_map(each).collect() }
    }
}

impl From<Picture> for Vec<Shown> {
    fn from(picture: Picture) -> Self {
        let mut list: Self = Vec::new();
        for (check, came) in picture.symptoms {
            match list.iter_mut().find(|shown| shown.came == came) {
                Some(shown) => shown.checks.push(check),
                None => list.push(Shown { checks: vec![check], came }),
            }
        }
        list
    }
}

/// Of an exchange the lines that differ; of anything else its words, without numbers, which are never the same.
fn symptom(check: &CheckResult) -> Vec<String> {
    let expected = check.expected.as_deref().unwrap_or_default();
    let actual = check.actual.as_deref().unwrap_or_default();
    let is_exchange = |text: &str| text.contains("\nHTTP/1.1 ");
    let lines: Vec<String> = if is_exchange(expected) && is_exchange(actual) {
        let diff = TextDiff::from_lines(expected, actual);
        let line = |sign: &str, text: &str| format!("{sign} {}", text.trim_end());
        diff.iter_all_changes()
            .filter_map(|change| match change.tag() {
                ChangeTag::Equal => None,
                ChangeTag::Delete => Some(line("-", change.value())),
                ChangeTag::Insert => Some(line("+", change.value())),
            })
            .collect()
    } else {
        actual.lines().map(without_numbers).collect()
    };
    lines.into_iter().take(KEPT).collect()
}

fn without_numbers(line: &str) -> String {
    let mut text = String::new();
    for letter in line.trim_end().chars() {
        match letter {
            '0'..='9' if text.ends_with('#') => {}
            '0'..='9' => text.push('#'),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hints::Tier, verdict::Outcome};

    fn check(name: &str, expected: &str, actual: &str) -> CheckResult {
        CheckResult {
            name: name.to_owned(),
            tier: Tier::Core,
            passed: actual.is_empty(),
            expected: Some(expected.to_owned()),
            actual: Some(actual.to_owned()),
            reproduce: None,
            diagnosis: None,
        }
    }

    fn picture(checks: Vec<CheckResult>) -> Picture {
        let mut verdict = Verdict::blank("03-bearer-token", String::new());
        verdict.outcome = Outcome::Failed;
        verdict.checks = checks;
        Picture::of(&verdict)
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
