//! `cargo xtask systems`: what learners compile, checked for the systems that they have.

use xtask::{course::Course, trouble::Trouble, verbs::verb::no_arguments};

use crate::windows::{copy, systems, toolchain::Toolchain};

/// What `cargo xtask systems --help` prints.
pub(super) const HELP: &str = "\
cargo xtask systems

Does what learners compile compile for a Mac (aarch64-apple-darwin), and for Windows with
Microsoft's compiler (x86_64-pc-windows-msvc)? `cargo check` of the command line, the book,
every step and every solution, without a warning; nothing is linked or run.

Needs Debian's packages, and nothing of rustup's:
  apt-get install --no-install-recommends cargo-web rustc-web rust-web-src

It compiles a copy of the workshop in target/workshop/windows.";

/// Checks all of it.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let folder = super::windows::folder(course);
    let toolchain = Toolchain::find(course, &folder.join("target"))?;
    let clone = Course::open(&copy::make(course, &folder)?)?;
    systems::check(&clone, &toolchain)?;
    println!("All of it compiles for {}.", systems::TARGETS.join(" and "));
    Ok(0)
}
