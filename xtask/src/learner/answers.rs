//! `.workshop/answers.json`: what the learner has answered to the book's questions. Nothing of it leaves the machine.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    course::Course,
    files,
    learner::{lock::Lock, remembered},
    trouble::Trouble,
};

const VERSION: u32 = 1;

/// Bytes of a name or an answer that a page sends.
const LONGEST: usize = 120;

/// Answers that are kept: the book asks a hundred questions, and a changed one is a new one.
const MOST: usize = 2000;

/// The answers of all pages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Answers {
    version: u32,
    /// The id of a choice, or what was typed, by `PAGE/QUESTION`.
    answers: BTreeMap<String, String>,
}

impl Answers {
    /// Reads them; a learner who has just begun has none.
    pub fn load(course: &Course) -> Result<Self, Trouble> {
        let path = path(course);
        let cure = format!("Move {} away, then answer again.", path.display());
        remembered::load(&path, VERSION, "your answers", &cure)
    }

    /// The id of each choice, or what was typed, by `PAGE/QUESTION`.
    pub fn by_question(&self) -> &BTreeMap<String, String> {
        &self.answers
    }

    /// Remembers what was chosen or typed.
    pub fn commit(
        course: &Course,
        page: &str,
        question: &str,
        choice: &str,
    ) -> Result<(), Trouble> {
        is_name(page)?;
        is_name(question)?;
        is_answer(choice)?;
        Self::change(course, |answers| {
            let key = format!("{page}/{question}");
            if answers.len() >= MOST && !answers.contains_key(&key) {
                let why = format!("{MOST} answers are kept already");
                return Err(Trouble::Usage(why));
            }
            answers.insert(key, choice.to_owned());
            Ok(())
        })
    }

    /// Forgets the answers of a page: they are to be given again.
    pub fn forget(course: &Course, page: &str) -> Result<(), Trouble> {
        is_name(page)?;
        Self::change(course, |answers| {
            let prefix = format!("{page}/");
            answers.retain(|key, _| !key.starts_with(&prefix));
            Ok(())
        })
    }

    /// Nobody else writes between what is read here and what is written.
    fn change(
        course: &Course,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let _lock = Lock::hold(course)?;
        let mut answers = Self::load(course)?;
        change(&mut answers.answers)?;
        answers.version = VERSION;
        files::write_json(&path(course), &answers)
    }
}

fn is_name(name: &str) -> Result<(), Trouble> {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.len() > LONGEST || !name.bytes().all(letters) {
        return Err(Trouble::Usage(format!("`{name}` is not the name of a page or a question")));
    }
    Ok(())
}

/// What a learner types is one line.
fn is_answer(answer: &str) -> Result<(), Trouble> {
    if answer.is_empty() || answer.len() > LONGEST || answer.contains(char::is_control) {
        let why = format!("an answer is one line of at most {LONGEST} bytes");
        return Err(Trouble::Usage(why));
    }
    Ok(())
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("answers.json")
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::*;
    use crate::learner::testing::Scratch;

    #[track_caller]
    fn is_done(result: Result<(), Trouble>) {
        result.unwrap_or_else(|trouble| panic!("{trouble}"));
    }

    #[test]
    fn what_is_answered_is_kept_until_the_page_is_to_be_answered_again() {
        let scratch = Scratch::new("answers");
        let course = &scratch.course;
        thread::scope(|scope| {
            for question in ["why", "how", "when"] {
                scope.spawn(move || {
                    is_done(Answers::commit(course, "03-bearer-token", question, "1f"));
                    is_done(Answers::commit(course, "03", question, "2f"));
                });
            }
        });
        is_done(Answers::commit(course, "03", "why", "3f"));
        let kept = Answers::load(course).expect("they are there");
        assert_eq!((kept.answers.len(), kept.answers["03/why"].as_str()), (6, "3f"));
        is_done(Answers::forget(course, "03"));
        let kept = Answers::load(course).expect("they are there");
        let keys: Vec<&str> = kept.answers.keys().map(String::as_str).collect();
        assert_eq!(keys, ["how", "when", "why"].map(|name| format!("03-bearer-token/{name}")));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_reported_and_stays() {
        let scratch = Scratch::new("answers-broken");
        let course = &scratch.course;
        files::create_folder(&course.lasting()).expect("a folder");
        for text in ["{\"version\": 1, \"answers\": {\"a/b\"", "{\"version\": 2}", "\u{fffd}"] {
            files::write(&path(course), text.as_bytes()).expect("a file");
            for result in [Answers::commit(course, "a", "b", "c"), Answers::forget(course, "a")] {
                let trouble = result.expect_err("it cannot be read").to_string();
                assert!(trouble.contains("answers.json away, then answer again"), "{trouble}");
            }
            assert_eq!(fs::read_to_string(path(course)).expect("it is there"), text);
        }
    }

    #[test]
    fn names_are_short_and_plain() {
        let scratch = Scratch::new("answers-names");
        for name in ["", "a/b", "..\\x", "a b", "é", &"x".repeat(LONGEST + 1)] {
            let refused = Answers::commit(&scratch.course, "page", name, "c");
            assert!(matches!(refused, Err(Trouble::Usage(_))), "{name}");
        }
    }

    #[test]
    fn what_is_typed_is_one_short_line() {
        let scratch = Scratch::new("answers-typed");
        let typed = "=WWW-Authenticate: Bearer error=\"é\"";
        is_done(Answers::commit(&scratch.course, "page", "header", typed));
        for answer in ["", "=a\nb", "=\u{1b}[2J", &"x".repeat(LONGEST + 1)] {
            let refused = Answers::commit(&scratch.course, "page", "header", answer);
            assert!(matches!(refused, Err(Trouble::Usage(_))), "{answer}");
        }
        let kept = Answers::load(&scratch.course).expect("they are there");
        assert_eq!(kept.by_question()["page/header"], typed);
    }
}
