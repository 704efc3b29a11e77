//! What a failure means, and which known mistake it looks like.
//!
//! A mistake is a plausible wrong solution: a patch that a check must catch, with what a tutor says to it.
//!
//! `solutions/NN-slug/mistakes/NAME.patch` is a head and a unified diff on the solution without its
//! marker lines:
//!
//! ```text
//! Check: refuses_another_scheme
//! Says: You read the second word and never the first.
//! Why: RFC 9110 §11.4: the scheme says what the token is; a long reason
//!   goes on in a line that begins with spaces.
//! Read: task-3-let-the-right-requests-in
//! Evidence: in from_request_parts: .split($$).nth(1)
//! Lacks: "$$earer"
//!
//! --- a/src/main.rs
//! +++ b/src/main.rs
//! ```
//!
//! `Evidence:` and `Lacks:`, any number of each, say what the source shows (see [`evidence`]). A mistake without them is
//! never named.
//!
//! A mistake that must not compile has `Error: E0195` in place of `Check`; an error without a code,
//! as macros make them, is `Error: none`.

use std::path::{Path, PathBuf};

use crate::{
    course::{Step, Whose},
    files,
    trouble::Trouble,
    tutor::evidence::Evidence,
};

mod constants;
pub mod diagnose;
pub mod evidence;
pub mod matrix;
pub mod picture;
pub mod records;
pub mod seen;

mod alike;
mod explanation;
mod pattern;
mod scope;
mod symptom;
mod tokens;

/// One mistake of the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The patch's file name without its ending: `second-word-only`.
    pub name: String,
    /// The step that it is made in.
    pub step: String,
    /// Who catches it.
    pub caught_by: CaughtBy,
    /// The tutor's sentence.
    pub says: String,
    /// Why it is wrong, with the section that says so.
    pub why: String,
    /// The section of the step's page to read again, by its id.
    pub read: String,
    /// The lines `Evidence:` and `Lacks:`, each with its key; without any the mistake is never named.
    pub clues: Vec<(String, String)>,
    /// The unified diff, head included.
    pub patch: String,
}

/// Who catches a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaughtBy {
    /// The check of this name.
    Check(String),
    /// rustc, with this code if it gives one.
    Rustc(Option<String>),
}

impl Mistake {
    /// Where the mistake stands.
    pub fn path(step: &Step, name: &str) -> PathBuf {
        folder(step).join(format!("{name}.patch"))
    }

    /// Reads one mistake of the step.
    pub fn read(step: &Step, name: &str) -> Result<Self, Trouble> {
        let path = Self::path(step, name);
        parse(step, name, &files::read(&path)?).map_err(|why| unusable(&path, &why))
    }

    /// What the source of a learner with this mistake of the step shows, read from its clues.
    pub fn evidence(&self, step: &Step) -> Result<Option<Evidence>, Trouble> {
        let clues = self.clues.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        Evidence::parse(clues).map_err(|why| {
            unusable(&Self::path(step, &self.name), &format!("has in its head {why}"))
        })
    }
}

/// Every mistake of the step, by name; and everything that is wrong with the others.
pub fn mistakes(step: &Step) -> Result<(Vec<Mistake>, Vec<Trouble>), Trouble> {
    let mut mistakes = Vec::new();
    let mut troubles = Vec::new();
    let folder = folder(step);
    for path in files::below(&folder)?.iter().filter(|path| path.parent() == Some(&folder)) {
        if path.extension().is_some_and(|extension| extension == "patch")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            let read = Mistake::read(step, name);
            match read.and_then(|mistake| mistake.evidence(step).map(|_| mistake)) {
                Ok(mistake) => mistakes.push(mistake),
                Err(trouble) => troubles.push(trouble),
            }
        }
    }
    Ok((mistakes, troubles))
}

/// `solutions/NN-slug/mistakes`.
pub fn folder(step: &Step) -> PathBuf {
    step.folder(Whose::Reference).join("mistakes")
}

fn unusable(path: &Path, why: &str) -> Trouble {
    Trouble::Environment(format!("{} {why}.", path.display()))
}

/// The head ends where the diff begins.
fn parse(step: &Step, name: &str, text: &str) -> Result<Mistake, String> {
    let text = text.replace("\r\n", "\n");
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take_while(|line| !line.starts_with("--- a/")) {
        if line.trim().is_empty() {
            continue;
        }
        match (line.starts_with(' '), fields.last_mut(), line.split_once(": ")) {
            (true, Some((_, field)), _) => {
                field.push(' ');
                field.push_str(line.trim());
            }
            (false, _, Some((key, field))) => {
                fields.push((key.to_owned(), field.trim().to_owned()))
            }
            _ => return Err(format!("has a line in its head that is not `Key: text`: `{line}`")),
        }
    }
    let known = ["Check", "Error", "Says", "Why", "Read", "Evidence", "Lacks"];
    if let Some((key, _)) = fields.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return Err(format!("has `{key}:` in its head; there is only {}", known.join(", ")));
    }
    let field = |wanted: &str| {
        let mut found = fields.iter().filter(|(key, text)| key == wanted && !text.is_empty());
        match (found.next(), found.next()) {
            (Some((_, text)), None) => Ok(text.clone()),
            (None, _) => Err(format!("lacks the line `{wanted}: …` in its head")),
            _ => Err(format!("has two lines `{wanted}: …` in its head")),
        }
    };
    let caught_by = match (field("Check"), field("Error")) {
        (Ok(check), Err(_)) => CaughtBy::Check(check),
        (Err(_), Ok(code)) => CaughtBy::Rustc(Some(code).filter(|code| code != "none")),
        (Ok(_), Ok(_)) => return Err("has both `Check:` and `Error:` in its head".to_owned()),
        (Err(why), Err(_)) => return Err(format!("{why}, or `Error: …` if it must not compile")),
    };
    let (says, why, read) = (field("Says")?, field("Why")?, field("Read")?);
    fields.retain(|(key, _)| ["Evidence", "Lacks"].contains(&key.as_str()));
    let (name, step) = (name.to_owned(), step.slug.clone());
    Ok(Mistake { name, step, caught_by, says, why, read, clues: fields, patch: text })
}
