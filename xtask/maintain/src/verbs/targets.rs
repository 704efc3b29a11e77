//! `cargo xtask targets`: what learners compile, checked for systems that this one cannot link for.

use xtask::{course::Course, trouble::Trouble, verbs::verb::no_arguments};

use crate::windows::{build, toolchain::Toolchain};

/// What `cargo xtask targets --help` prints.
pub(super) const HELP: &str = "\
cargo xtask targets

Checks the command line, every step and every solution for macOS and for Windows with Microsoft's
compiler, which is what learners have there: types and warnings, nothing is linked and nothing runs.
The book is left out. Needs Debian's packages, as `cargo xtask windows` does.";

/// What learners have.
const TARGETS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-pc-windows-msvc"];

/// Checks one after the other.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let folder = course.temporary().join("windows").join("check");
    let toolchain = Toolchain::find(course, &folder)?;
    for target in TARGETS {
        eprintln!("Checking for {target}");
        build::check(&course.root, &toolchain, target)?;
        println!("What learners compile is without a warning for {target}.");
    }
    Ok(0)
}
