//! What learners compile, compiled for the systems that they have and that nothing here can run programs for.

use std::{fs::File, io::Read, path::Path};

use xtask::{
    course::{Course, Step, Whose},
    process::call,
    trouble::Trouble,
};

use super::{build, toolchain::Toolchain};
use crate::python;

/// A Mac, and Windows as rustup installs Rust there.
pub(crate) const TARGETS: [&str; 2] = [MAC, "x86_64-pc-windows-msvc"];

const MAC: &str = "aarch64-apple-darwin";

/// How a Mac's program begins, if its processor has 64 bits.
const MACH_O: [u8; 4] = [0xcf, 0xfa, 0xed, 0xfe];

/// A function that no library has.
const NO_FUNCTION: &str = "workshop_has_no_such_function";

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

/// The steps that are linked for a Mac: the first, one in the middle and the last, which has the dependencies of all. To
/// link all of them takes well over two minutes.
pub(crate) fn linked(clone: &Course) -> Vec<&Step> {
    let steps = &clone.steps;
    let mut some: Vec<_> =
        [steps.first(), steps.get(steps.len() / 2), steps.last()].into_iter().flatten().collect();
    some.dedup_by_key(|step| step.number);
    some
}

/// Links these steps, their solutions, and the checks of each, which the harness is a part of, for a Mac; gives how many
/// programs that makes. The command line is left out: zig has no Apple framework, and to notice saves takes one.
pub(crate) fn link(
    course: &Course,
    clone: &Course,
    toolchain: &Toolchain,
) -> Result<usize, Trouble> {
    let python = python::environment(course, "zig")?;
    let steps = linked(clone);
    let mut call = toolchain.zig("test", MAC, &python);
    call.args(["--locked", "--no-run", "--test", "verify"]).args(packages(&steps));
    let made = build::cargo(call, &clone.root)?;
    let programs: Vec<_> = made.into_iter().filter_map(|artifact| artifact.executable).collect();
    for program in &programs {
        if !is_for_a_mac(program)? {
            return Err(Trouble::Environment(format!("{} is not for a Mac", program.display())));
        }
    }
    let (made, wanted) = (programs.len(), steps.len() * 4);
    if made != wanted {
        return Err(Trouble::Environment(format!("{made} programs were linked, not {wanted}")));
    }
    refuses_what_is_missing(clone, toolchain, &python)?;
    Ok(made)
}

/// If a program that needs a function that is nowhere could be linked, the others would show nothing. This one needs no
/// crates.
fn refuses_what_is_missing(
    clone: &Course,
    toolchain: &Toolchain,
    python: &Path,
) -> Result<(), Trouble> {
    let folder = clone.root.join("xtask").join("maintain").join("under-wine");
    let mut call = toolchain.zig("rustc", MAC, python);
    call.args(["--locked", "--"]).arg(format!("-Clink-arg=-Wl,-u,_{NO_FUNCTION}"));
    let said = call::output(call.current_dir(folder))?;
    let text = String::from_utf8_lossy(&said.stderr);
    if !said.status.success() && text.contains(&format!("undefined symbol: _{NO_FUNCTION}")) {
        return Ok(());
    }
    Err(Trouble::Environment(format!(
        "a program that needs a function that is nowhere was not refused for that:\n{text}"
    )))
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
