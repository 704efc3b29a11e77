//! One page: its directives expanded, everything wrong with it told by line.

use std::fmt;

use xtask::course::Course;

use crate::directives;

/// Something wrong on a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file below `book/src`.
    pub page: String,
    /// The line, from 1; 0 means the page as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "book/src/{}: {}", self.page, self.message),
            line => write!(f, "book/src/{}, line {line}: {}", self.page, self.message),
        }
    }
}

/// The page with every directive expanded; those in code blocks stand as they are.
pub fn expand(course: &Course, page: &str, markdown: &str) -> (String, Vec<Problem>) {
    let mut text = String::new();
    let mut problems = Vec::new();
    let mut fence: Option<&str> = None;
    for (index, line) in markdown.lines().enumerate() {
        let mark = line.trim_start();
        let opened = ["```", "~~~"].into_iter().find(|fence| mark.starts_with(fence));
        fence = match (fence, opened) {
            (None, opened) => opened,
            (Some(open), Some(close)) if open == close => None,
            (open, _) => open,
        };
        let directive = line.trim().strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"));
        let expanded = match directive {
            Some(directive) if fence.is_none() => directives::expand(course, directive),
            None if fence.is_none() && line.contains("{{#") => {
                Err("a directive must stand alone on its line".to_owned())
            }
            _ => Ok(line.to_owned()),
        };
        match expanded {
            Ok(lines) => {
                text.push_str(lines.trim_end_matches('\n'));
                text.push('\n');
            }
            Err(message) => {
                problems.push(Problem { page: page.to_owned(), line: index + 1, message })
            }
        }
    }
    (text, problems)
}
