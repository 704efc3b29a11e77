//! What learners compile, compiled for the systems that they have and that nothing here can link or run programs for.

use xtask::{
    course::{Course, Whose},
    trouble::Trouble,
};

use super::{build, toolchain::Toolchain};

/// A Mac, and Windows as rustup installs Rust there.
pub(crate) const TARGETS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-pc-windows-msvc"];

/// What a learner compiles beside the steps; the other crates are dependencies of these.
const TOOLS: [&str; 2] = ["xtask", "workshop-book"];

/// `cargo check` of all that learners compile, in this clone; a warning is an error.
pub(crate) fn check(clone: &Course, toolchain: &Toolchain) -> Result<(), Trouble> {
    eprintln!("Checking what learners compile for {}", TARGETS.join(" and "));
    let mut call = toolchain.check(&TARGETS);
    call.args(["--locked", "--lib", "--bins", "--examples", "--test", "verify"]);
    for tool in TOOLS {
        call.args(["-p", tool]);
    }
    for step in &clone.steps {
        for whose in [Whose::Learner, Whose::Reference] {
            call.args(["-p", &step.package(whose)]);
        }
    }
    build::cargo(call, &clone.root).map(drop)
}
