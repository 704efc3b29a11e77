//! One page: its directives expanded, everything wrong with it told by line.

use std::fmt;

use mdbook_markdown::{MarkdownOptions, new_cmark_parser, pulldown_cmark::Parser};
use xtask::course::Course;

use crate::{directives, question};

/// A page of the book as mdBook lists it, its directives expanded.
#[derive(Debug)]
pub struct Page {
    /// The file below `book/src`: `03-bearer-token.md`.
    pub name: String,
    /// What mdBook is given.
    pub markdown: String,
    lines: Vec<Line>,
}

/// A line of the expanded Markdown.
#[derive(Debug)]
struct Line {
    /// The line of the file that it comes from, from 1.
    number: usize,
    /// Whether a directive made it.
    made: bool,
    /// Where it begins.
    start: usize,
}

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

impl Page {
    /// A page without directives.
    pub(crate) fn plain(name: &str, markdown: &str) -> Self {
        let mut page = Self::empty(name);
        (1..).zip(markdown.lines()).for_each(|(number, line)| page.push(number, line));
        page
    }

    fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), markdown: String::new(), lines: Vec::new() }
    }

    /// The line of the page's file that stands at `offset` of the expanded Markdown.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.at(offset).map_or(0, |line| line.number)
    }

    /// Whether a directive made what stands at `offset`.
    pub(crate) fn is_made(&self, offset: usize) -> bool {
        self.at(offset).is_some_and(|line| line.made)
    }

    fn at(&self, offset: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= offset);
        self.lines.get(after.checked_sub(1)?)
    }

    /// Puts text into the Markdown at these offsets, in ascending order. It holds no end of a line.
    pub(crate) fn insert(&mut self, texts: &[(usize, String)]) {
        for (offset, text) in texts.iter().rev() {
            self.markdown.insert_str(*offset, text);
        }
        let ends = self.markdown.match_indices('\n').map(|(end, _)| end + 1);
        for (line, start) in self.lines.iter_mut().skip(1).zip(ends) {
            line.start = start;
        }
    }

    fn push(&mut self, number: usize, text: &str) {
        self.append(number, text, false);
    }

    fn push_made(&mut self, number: usize, text: &str) {
        self.append(number, text, true);
    }

    fn append(&mut self, number: usize, text: &str, made: bool) {
        for text in text.trim_end_matches('\n').split('\n') {
            self.lines.push(Line { number, made, start: self.markdown.len() });
            self.markdown.push_str(text);
            self.markdown.push('\n');
        }
    }
}

/// The events of Markdown as mdBook reads it.
pub(crate) fn parse(markdown: &str) -> Parser<'_> {
    let mut options = MarkdownOptions::default();
    options.smart_punctuation = false;
    new_cmark_parser(markdown, &options)
}

/// The page with every directive expanded; those in code blocks stand as they are.
pub fn expand(course: &Course, name: &str, markdown: &str) -> (Page, Vec<Problem>) {
    let mut page = Page::empty(name);
    let mut problems = Vec::new();
    let mut problem =
        |line, message| problems.push(Problem { page: name.to_owned(), line, message });
    let mut fence: Option<&str> = None;
    let lines: Vec<&str> = markdown.lines().collect();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        next += 1;
        let number = next;
        let mark = line.trim_start();
        let opened = ["```", "~~~"].into_iter().find(|fence| mark.starts_with(fence));
        fence = match (fence, opened) {
            (None, opened) => opened,
            (Some(open), Some(close)) if open == close => None,
            (open, _) => open,
        };
        let directive = line.trim().strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"));
        match directive {
            _ if fence.is_some() => page.push(number, line),
            Some("question") => match question::block(&lines[next..]) {
                Some(block) => {
                    next += block.len() + 1;
                    match question::fold(block) {
                        Ok(folded) => page.push_made(number, &folded),
                        Err(wrong) => wrong
                            .into_iter()
                            .for_each(|(at, message)| problem(number + 1 + at, message)),
                    }
                }
                None => problem(number, format!("`question` has no `{}`", question::END)),
            },
            Some(directive) => match directives::expand(course, directive) {
                Ok(expanded) => page.push_made(number, &expanded),
                Err(message) => problem(number, message),
            },
            None if line.contains("{{#") || line.contains("{{/") => {
                problem(number, "a directive must stand alone on its line".to_owned());
            }
            None => page.push(number, line),
        }
    }
    (page, problems)
}
