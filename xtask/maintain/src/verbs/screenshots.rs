//! `cargo xtask screenshots`: what the book shows of running solutions.

use xtask::{course::Course, trouble::Trouble, verbs::verb::no_arguments};

use crate::browser;

/// What `cargo xtask screenshots --help` prints.
pub(super) const HELP: &str = "\
cargo xtask screenshots

Takes the pictures of Swagger UI and of the board that the book and the README show, into
book/src/pictures, and the token that chapter 8 takes apart, into book/tokens: all of
them from running servers. Needs Chromium and chromedriver. Look at the pictures
before you commit them.";

/// Starts the solutions and writes what they show.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    browser::run(course, "screenshots")?;
    Ok(0)
}
