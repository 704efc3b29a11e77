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

    /// Whether all of it is to be seen in `other` too.
    pub fn is_part_of(&self, other: &Self) -> bool {
        self.symptoms.iter().all(|(check, symptom)| other.symptoms.get(check) == Some(symptom))
    }

    /// Whether the same checks fail, with the same status lines, in both. Where no status differs: with the same first
    /// line, if the check speaks in words, or else with the same lines but for names that the server made up.
    pub fn is_like(&self, other: &Self) -> bool {
        self.symptoms.keys().eq(other.symptoms.keys())
            && self.symptoms.iter().all(|(check, symptom)| {
                let own = gist(symptom);
                !own.is_empty() && other.symptoms.get(check).is_some_and(|other| gist(other) == own)
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
        actual
            .lines()
            .map(|line| without_secrets(&without_numbers(&without_folder(&without_package(line)))))
            .collect()
    };
    lines.into_iter().take(KEPT).collect()
}

/// What a symptom says without the learner's own words.
fn gist(symptom: &[String]) -> Vec<String> {
    let is_of_an_exchange = |line: &String| line.starts_with("+ ") || line.starts_with("- ");
    if let Some(words) = symptom.first().filter(|line| !is_of_an_exchange(line)) {
        return vec![words.clone()];
    }
    let statuses: Vec<_> =
        symptom.iter().filter(|line| line.contains(" HTTP/1.1 ")).cloned().collect();
    if statuses.is_empty() {
        symptom.iter().map(|line| without_key(line)).collect()
    } else {
        statuses
    }
}

/// Of a line that came, without the key: `+ "oauth": {` becomes `+ "…": {`.
fn without_key(line: &str) -> String {
    match line.split_once("\":") {
        Some((key, rest)) if line.starts_with("+ ") => {
            let indent = key.split_once('"').map_or(key, |(indent, _)| indent);
            format!("{indent}\"…\":{rest}")
        }
        _ => line.to_owned(),
    }
}

/// `stopped at steps/03-bearer-token/src/main.rs:9: …` without the folder, which differs with the machine
/// and with whose code it is: `stopped at src/main.rs:9: …`. A crate keeps its name.
fn without_folder(line: &str) -> String {
    let Some((before, (place, after))) = line
        .split_once("stopped at ")
        .and_then(|(before, rest)| Some((before, rest.split_once(".rs:")?)))
    else {
        return line.to_owned();
    };
    let place = place.replace('\\', "/");
    let file = match place.rsplit_once("src/") {
        Some((folder, file)) => format!("{}src/{file}", crate_of(folder).unwrap_or_default()),
        None => place,
    };
    format!("{before}stopped at {file}.rs:{after}")
}

/// `[steps/08-signed-tokens/src/main.rs:7:5] …`, as `dbg!` prints it, without the package that it is in.
fn without_package(line: &str) -> String {
    const MAIN: &str = "src/main.rs";
    let line = line.replace("src\\main.rs", MAIN);
    let Some((before, after)) = line.split_once(MAIN) else { return line };
    let before = before.trim_end_matches(|letter| !" [(`".contains(letter));
    format!("{before}{MAIN}{after}")
}

/// `axum-0.8.9/`, where the folder is a crate's; a step's folder has no version.
fn crate_of(folder: &str) -> Option<String> {
    let name = folder.trim_end_matches('/').rsplit('/').next()?;
    let (_, version) = name.rsplit_once('-')?;
    version.contains('.').then(|| format!("{name}/"))
}

/// A token, a key or a hash is another one in every run: `…`. Numbers are `#` by now.
fn without_secrets(line: &str) -> String {
    const SHORTEST: usize = 20;
    let ends_word = |letter: char| !(letter.is_ascii_alphanumeric() || "#_-.".contains(letter));
    let random = |word: &str| word.len() >= SHORTEST && word.contains('#');
    line.split_inclusive(ends_word)
        .map(|piece| {
            let word = piece.trim_end_matches(ends_word);
            if random(word) { piece.replacen(word, "…", 1) } else { piece.to_owned() }
        })
        .collect()
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
    fn what_is_random_does_not_count() {
        let printed = |secret: &str| symptom(&check("one", "x", &format!("key = \"{secret}\"")));
        assert_eq!(printed("9f86d081884c7d659a2feaa0c55ad015"), ["key = \"…\""]);
        assert_eq!(printed("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.x-4"), ["key = \"…\""]);
        assert_eq!(
            printed("a_long_word_without_any_number"),
            ["key = \"a_long_word_without_any_number\""]
        );
    }

    #[test]
    fn the_folder_of_a_panic_does_not_count() {
        let at = |place: &str| symptom(&check("one", "x", &format!("stopped at {place}: no")));
        assert_eq!(at("steps/03-x/src/main.rs:41"), ["stopped at src/main.rs:#: no"]);
        assert_eq!(at(r"steps\03-x\src\main.rs:4"), at("mistake-03-y/src/main.rs:173"));
        let of_a_crate = |home: &str| at(&format!("{home}axum-0.8.9/src/a.rs:7"));
        assert_eq!(of_a_crate("/home/ann/.cargo/"), ["stopped at axum-#.#.#/src/a.rs:#: no"]);
        assert_eq!(of_a_crate("C:\\cargo\\"), of_a_crate(""));
        assert_eq!(at("nowhere"), ["stopped at nowhere: no"]);
    }

    #[test]
    fn names_that_the_server_made_up_need_not_be_the_same() {
        let named = |name: &str| {
            let answer = |name: &str| format!("GET / HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{name}\n");
            let other = check("two", "x", "");
            picture(vec![check("one", &answer("\"OAuth2\": {"), &answer(name)), other])
        };
        let known = named("\"oauth\": {");
        assert!(known.is_like(&named("\"Oauth2\": {")));
        assert!(!known.is_like(&named("\"Oauth2\": null")));
        assert!(!named("\"a\": \"b\"").is_like(&named("\"a\": \"c\"")));
    }

    #[test]
    fn the_package_that_prints_itself_does_not_count() {
        let printed = |package: &str| {
            symptom(&check("one", "x", &format!("[{package}src/main.rs:7:5] &token = \"abc\"")))
        };
        assert_eq!(printed("steps/08-x/"), ["[src/main.rs:#:#] &token = \"abc\""]);
        assert_eq!(printed("steps/08-x/"), printed("changed-08-1/"));
        assert_eq!(symptom(&check("one", "x", "[steps\\3\\src\\main.rs:7")), ["[src/main.rs:#"]);
    }

    #[test]
    fn the_learners_own_words_need_not_be_the_same() {
        let printed = |words: &str| picture(vec![check("one", "x", words), check("two", "x", "")]);
        let known = printed("a token is printed:\ntoken = abc");
        assert!(known.is_like(&printed("a token is printed:\ncame with abc")));
        assert!(!known.is_like(&printed("a password is printed:\ntoken = abc")));
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
