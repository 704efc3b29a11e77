//! What learners compile, compiled for the systems that they have and that nothing here can run programs for.

use std::{fs::File, io::Read, path::Path};

use xtask::{
    course::{Course, Step, Whose},
    trouble::Trouble,
};

use super::{build, toolchain::Toolchain};
use crate::python;

/// A Mac, and Windows as rustup installs Rust there.
pub(crate) const TARGETS: [&str; 2] = [MAC, "x86_64-pc-windows-msvc"];

const MAC: &str = "aarch64-apple-darwin";

/// How a Mac's program begins, if its processor has 64 bits.
const MACH_O: [u8; 4] = [0xcf, 0xfa, 0xed, 0xfe];

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
    call.args(packages(&clone.steps.iter().collect::<Vec<_>>()));
    build::cargo(call, &clone.root).map(drop)
}

/// Links the first step and the last, their solutions, and the checks of each, which the harness is a part of, for a Mac;
/// gives how many programs that makes. The last step has the dependencies of all. The command line is left out: zig has
/// no Apple framework, and to notice saves takes one.
pub(crate) fn link(
    course: &Course,
    clone: &Course,
    toolchain: &Toolchain,
) -> Result<usize, Trouble> {
    let python = python::environment(course, "zig")?;
    let ends: Vec<&Step> = clone.steps.first().into_iter().chain(clone.steps.last()).collect();
    let mut call = toolchain.link(MAC, &python);
    call.args(["--locked", "--no-run", "--test", "verify"]).args(packages(&ends));
    let made = build::cargo(call, &clone.root)?;
    let programs: Vec<_> = made.into_iter().filter_map(|artifact| artifact.executable).collect();
    for program in &programs {
        if !is_for_a_mac(program)? {
            return Err(Trouble::Environment(format!("{} is not for a Mac", program.display())));
        }
    }
    let (linked, wanted) = (programs.len(), ends.len() * 4);
    if linked != wanted {
        return Err(Trouble::Environment(format!("{linked} programs were linked, not {wanted}")));
    }
    Ok(linked)
}

/// `-p` and the name of each of these steps, and of its solution.
fn packages(steps: &[&Step]) -> Vec<String> {
    let both = |step: &&Step| [Whose::Learner, Whose::Reference].map(|whose| step.package(whose));
    steps.iter().flat_map(both).flat_map(|name| ["-p".to_owned(), name]).collect()
}

fn is_for_a_mac(program: &Path) -> Result<bool, Trouble> {
    let mut begin = [0; 4];
    let read = File::open(program).and_then(|mut file| file.read_exact(&mut begin));
    read.map_err(|error| Trouble::io("read", program, &error))?;
    Ok(begin == MACH_O)
}
