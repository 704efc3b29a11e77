//! One page, which knows the line of its file that each part of its Markdown comes from.

use std::fmt;

/// A page of the book as mdBook lists it, its directives expanded.
#[derive(Debug)]
pub struct Page {
    /// The file below `book/src`: `03-bearer-token.md`.
    pub name: String,
    /// What mdBook is given.
    pub markdown: String,
    lines: Vec<Origin>,
}

/// Where a line of the expanded Markdown comes from.
#[derive(Debug)]
struct Origin {
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

    /// A page without a line, to be filled with [`push`](Self::push).
    pub(crate) fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), markdown: String::new(), lines: Vec::new() }
    }

    /// The line of the page's file that is at `offset` of the expanded Markdown.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.at(offset).map_or(0, |line| line.number)
    }

    /// Whether a directive made what is at `offset`.
    pub(crate) fn is_made(&self, offset: usize) -> bool {
        self.at(offset).is_some_and(|line| line.made)
    }

    fn at(&self, offset: usize) -> Option<&Origin> {
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

    /// Adds a line of the file.
    pub(crate) fn push(&mut self, number: usize, text: &str) {
        self.append(number, text, false);
    }

    /// Adds what a directive in this line has made.
    pub(crate) fn push_made(&mut self, number: usize, text: &str) {
        self.append(number, text, true);
    }

    fn append(&mut self, number: usize, text: &str, made: bool) {
        for text in text.trim_end_matches('\n').split('\n') {
            self.lines.push(Origin { number, made, start: self.markdown.len() });
            self.markdown.push_str(text);
            self.markdown.push('\n');
        }
    }
}
