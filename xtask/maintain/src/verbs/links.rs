//! `cargo xtask links`: do the links that leave the book still lead somewhere?

use workshop_book::pages::external;
use xtask::{course::Course, trouble::Trouble, verbs::verb::no_arguments};

/// What `cargo xtask links --help` prints.
pub(super) const HELP: &str = "\
cargo xtask links

Asks every address outside the book that a page, the README or CONTRIBUTING.md links to, and
names the places that link to a dead one. Needs the network and curl, so `ci` leaves it out;
links inside the book are checked whenever it is built.";

/// Prints every address with its answer, and gives 1 if one is dead.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    Ok(u8::from(!external::check(course)?))
}
