//! `cargo xtask words`: how much a chapter asks its reader to read and to write.

use workshop_book::{
    render,
    visible::{self, Visible},
};
use xtask::{course::Course, files, trouble::Trouble, verbs::verb::no_arguments};

use crate::sizes::{self, Size};

/// What `cargo xtask words --help` prints.
pub(super) const HELP: &str = "\
cargo xtask words

Builds the book and measures each chapter as a reader meets it, before anything is unfolded:

  words     of prose, at most 1800
  code      lines in listings, at most 90
  write     lines that the learner writes
  added     lines that our solution adds to the one before, and those that it takes away
  minutes   that reading and writing take, and in brackets those of the step's Cargo.toml: core, and
            with sharp edges, which is what readers needed for a whole chapter

Exit 1 if a chapter is longer.";

/// Words of prose that are visible at once.
const MOST_WORDS: usize = 1800;

/// Lines of code that are visible at once.
const MOST_CODE: usize = 90;

/// Prose is read at this speed.
const WORDS_A_MINUTE: usize = 200;

/// Prints a row for each chapter, and gives 1 if one is too long.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let folder = course.temporary().join("words");
    render::build(&course.root, &folder)?;
    println!("{:24}{:>7}{:>7}{:>7}{:>12}{:>14}", "", "words", "code", "write", "added", "minutes");
    let mut long = Vec::new();
    for step in &course.steps {
        let visible = visible::measure(&files::read(&folder.join(format!("{}.html", step.slug)))?);
        let size = sizes::measure(course, step)?;
        let minutes = minutes(&visible, &size);
        println!(
            "{:24}{:>7}{:>7}{:>7}{:>12}{:>14}",
            step.slug,
            visible.words,
            visible.code,
            size.written,
            format!("+{} -{}", size.added, size.removed),
            format!("{minutes} ({}, {})", step.minutes.core, step.minutes.all)
        );
        if visible.words > MOST_WORDS || visible.code > MOST_CODE {
            long.push(format!("book/src/{}.md", step.slug));
        }
    }
    if long.is_empty() {
        return Ok(0);
    }
    println!(
        "\nLonger than {MOST_WORDS} words or {MOST_CODE} lines of code: {}.\n\
         Fold what a first reading does not need, or leave it out.",
        long.join(", ")
    );
    Ok(1)
}

/// Six minutes for five lines that are written.
fn minutes(visible: &Visible, size: &Size) -> usize {
    visible.words.div_ceil(WORDS_A_MINUTE) + (size.written * 6).div_ceil(5)
}
