//! What a call printed, and its exit code.

use std::{fmt::Display, process};

use serde_json::Value;

/// One call that has ended.
pub(crate) struct Output {
    /// -1 if a signal ended it.
    pub(crate) code: i32,
    /// Standard output, then standard error.
    pub(crate) text: String,
    stdout: String,
}

impl Output {
    pub(crate) fn new(output: &process::Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr);
        Self {
            code: output.status.code().unwrap_or(-1),
            text: format!("{stdout}\n{stderr}"),
            stdout,
        }
    }

    /// Of the two streams of a child that was listened to as it ran.
    pub(crate) fn heard(code: Option<i32>, text: String) -> Self {
        Self { code: code.unwrap_or(-1), stdout: String::new(), text }
    }

    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert!(self.code == code, "exit {} instead of {code}, after:\n{}", self.code, self.text);
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, words: impl Display) -> &Self {
        let words = words.to_string();
        assert!(self.text.contains(&words), "`{words}` is not in:\n{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn never_says(&self, words: impl Display) -> &Self {
        let words = words.to_string();
        assert!(!self.text.contains(&words), "`{words}` is in:\n{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn says_once(&self, words: &str) -> &Self {
        self.says_times(words, 1)
    }

    #[track_caller]
    pub(crate) fn says_times(&self, words: &str, wanted: usize) -> &Self {
        let times = self.text.matches(words).count();
        assert!(times == wanted, "`{words}` is there {times} times in:\n{}", self.text);
        self
    }

    /// The same, without standard error.
    pub(crate) fn printed(&self) -> &str {
        &self.stdout
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("standard output is not JSON ({error}):\n{}", self.text),
        }
    }
}
