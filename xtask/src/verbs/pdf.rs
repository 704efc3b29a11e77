//! `cargo xtask pdf`: the book on paper.

use crate::{browser, course::Course, trouble::Trouble, verbs::no_arguments};

/// What `cargo xtask pdf --help` prints.
pub const HELP: &str = "\
cargo xtask pdf

Prints the book, all chapters with their answers unfolded, to target/workshop/book.pdf.
What instructors read is left out. Needs Chromium and chromedriver.";

/// Builds the book and prints it.
pub fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments, HELP)?;
    browser::run(course, "pdf")?;
    Ok(0)
}
