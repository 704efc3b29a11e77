//! A known mistake, as the learner who seems to have made it reads it.

use serde::{Deserialize, Serialize};

/// A mistake of the bank that a failure looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Its name in the bank: `second-word-only`.
    pub name: String,
    /// The tutor's sentence.
    pub says: String,
    /// Why it is wrong, with the section that says so.
    pub why: String,
    /// What to read again, relative to the book: `03-bearer-token.html#task-3-let-the-right-requests-in`.
    pub read: String,
    /// The file that shows it, relative to the checkout; none if no line was pointed to.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// What is in that line.
    pub code: Option<String>,
    /// The first line of rustc's error that it is about, where it is about one: rustc shows the place itself.
    pub error: Option<String>,
}

impl Diagnosis {
    /// The line that shows it: `steps/03-bearer-token/src/main.rs:87`.
    pub fn place(&self) -> Option<String> {
        let (file, line) = (self.file.as_ref()?, self.line?);
        Some(format!("{file}:{line}"))
    }
}
