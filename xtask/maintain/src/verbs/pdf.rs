//! `cargo xtask pdf`: the book on paper.

use xtask::{course::Course, trouble::Trouble, verbs::verb::no_arguments};

use crate::browser;

/// What `cargo xtask pdf --help` prints.
pub(super) const HELP: &str = "\
cargo xtask pdf

Prints the book, all chapters with their answers unfolded, to target/workshop/book.pdf.
What instructors read is left out. Needs Chromium and chromedriver.";

/// Builds the book and prints it.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    browser::run(course, "pdf")?;
    Ok(0)
}
