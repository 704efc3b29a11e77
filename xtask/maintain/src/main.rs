//! What maintainers ask of `cargo xtask`, which hands over to this program. It knows the learners' verbs
//! too, since some of these call them.

use std::process::ExitCode;

mod attacks;
mod author;
mod bank;
mod banned_words;
mod bench;
mod browser;
mod cases;
mod changed;
mod drawn;
mod examples;
mod kit;
mod mutants;
mod mutations;
mod parts;
mod proof;
mod python;
mod rebase;
mod side_by_side;
mod sizes;
mod soak;
mod spelling;
mod verbs;
mod windows;

fn main() -> ExitCode {
    xtask::command_line::run(&verbs::all())
}
