//! `cargo xtask systems`: what learners compile, checked for the systems that they have.

use xtask::{course::Course, trouble::Trouble, verbs::verb::steps_and_flags};

use super::windows::{folder, part};
use crate::windows::{copy, systems, toolchain::Toolchain};

/// What `cargo xtask systems --help` prints.
pub(super) const HELP: &str = "\
cargo xtask systems [--link]

Does what learners compile compile for a Mac (aarch64-apple-darwin), and for Windows with
Microsoft's compiler (x86_64-pc-windows-msvc)? `cargo check` of the command line, the book,
every step and every solution, without a warning. Then the first step, one in the middle and
the last, with their solutions and checks, are linked for a Mac. Nothing is run.

  --link   only links

Needs Debian's packages, and nothing of rustup's:
  apt-get install --no-install-recommends cargo-web rustc-web rust-web-src
The linker is zig, with cargo-zigbuild: both are installed from PyPI into target/workshop/zig,
which needs python3 and the network.

It compiles a copy of the workshop in target/workshop/windows.";

/// Checks all of it.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [link]) = steps_and_flags(course, arguments, ["link"])?;
    if !steps.is_empty() {
        return Err(Trouble::Arguments("every step is checked, so name none".to_owned()));
    }
    let folder = folder(course);
    let toolchain = Toolchain::find(course, &folder.join("target"))?;
    let clone = Course::open(&copy::make(course, &folder)?)?;
    if !link {
        part("checked for other systems", || systems::check(&clone, &toolchain))?;
        println!("All of it compiles for {}.", systems::TARGETS.join(" and "));
    }
    let made = part("linked for a Mac", || systems::link(course, &clone, &toolchain))?;
    let steps = systems::linked(&clone).into_iter().map(|step| step.slug.as_str());
    println!(
        "{made} programs are linked for a Mac: starter, solution and their checks of {}.",
        steps.collect::<Vec<_>>().join(", ")
    );
    Ok(0)
}
