//! No verb takes anything away without a copy, and none gives away more than it was asked for.

use std::fs;
#[cfg(unix)]
use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::checkout::{Checkout, bytes};
#[cfg(unix)]
use crate::{PROGRAM, support::checkout::finish};

/// What a careless copy would change: spaces and Windows' line ends, no line end at the end.
const MINE: &str = "// mine: ä  \r\n\tfn main() {}   ";

#[test]
fn reset_keeps_a_copy_and_undo_brings_it_back() {
    let checkout = Checkout::new();
    let shipped = bytes(&checkout.main_rs());
    checkout.save(MINE);
    let more = checkout.main_rs().with_file_name("more.rs");
    fs::write(&more, "// more").expect("the checkout can be written");

    let output = checkout.xtask(&["reset", "1"]);
    output.exits(0).says("Your code is kept in").says("cargo xtask reset 1 --undo");
    assert!(bytes(&checkout.main_rs()) == shipped, "that is not the starter");
    assert!(!more.exists(), "a file that is not the starter's is still there");

    checkout.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&checkout.main_rs()) == MINE.as_bytes(), "not byte for byte");
    assert!(bytes(&more) == b"// more", "the second file is lost");

    checkout.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&checkout.main_rs()) == shipped, "undo cannot be undone");
}

#[test]
fn a_step_that_is_reset_is_to_be_solved_again() {
    let checkout = Checkout::new();
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(0);
    checkout.xtask(&["status"]).says("1 of ");
    checkout.xtask(&["reset", "1"]).exits(0);
    checkout.xtask(&["status"]).says("0 of ");
}

#[test]
fn without_a_backup_there_is_nothing_to_undo() {
    let checkout = Checkout::new();
    let shipped = bytes(&checkout.main_rs());
    checkout.xtask(&["reset", "1", "--undo"]).exits(2).says("there is no backup of step 1");
    assert!(bytes(&checkout.main_rs()) == shipped, "the code was changed");
}

#[test]
fn solution_apply_keeps_a_copy() {
    let checkout = Checkout::new();
    checkout.save(MINE);
    checkout.xtask(&["solution", "1", "--apply"]).exits(0).says("Your code is kept in");
    assert!(
        bytes(&checkout.main_rs()) == checkout.solution().as_bytes(),
        "that is not the solution"
    );
    checkout.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&checkout.main_rs()) == MINE.as_bytes(), "not byte for byte");
}

#[test]
fn solution_prints_or_compares_and_changes_nothing() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    let before = bytes(&checkout.main_rs());
    let output = checkout.xtask(&["solution", "1"]);
    output.exits(0).says(checkout.solution()).never_says("SOLUTION").never_says("ANCHOR");
    let output = checkout.xtask(&["solution", "1", "--diff"]);
    output
        .exits(0)
        .says("- yours   + ours")
        .says("\n-     Json(vec![Item { id: 1, name: \"Kettle\"");
    output.says("\n+     Json(vec![Item { id: 1, name: \"Teapot\"");
    assert!(bytes(&checkout.main_rs()) == before, "the code was changed");
    checkout.save_solution();
    checkout.xtask(&["solution", "1", "--diff"]).exits(0).says("the same as ours");
}

/// A call of the runner that may write no byte to a file must leave the code as it is.
#[cfg(unix)]
fn full_disk(checkout: &Checkout, arguments: &[&str]) {
    let before = bytes(&checkout.main_rs());
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", PROGRAM])
        .args(arguments)
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(&checkout.root);
    finish(&mut command).exits(4).says("could not ");
    assert!(bytes(&checkout.main_rs()) == before, "{arguments:?} changed the code");
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_the_code_stays_and_half_a_copy_is_never_brought_back() {
    let checkout = Checkout::new();
    checkout.save("// mine\n");
    full_disk(&checkout, &["solution", "1", "--apply"]);
    full_disk(&checkout, &["reset", "1"]);
    checkout.xtask(&["reset", "1", "--undo"]).exits(2).says("there is no backup");
    checkout.xtask(&["reset", "1"]).exits(0);
    checkout.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&checkout.main_rs()) == b"// mine\n", "the code is lost");
    assert!(leftovers(&checkout.root).is_empty(), "left: {:?}", leftovers(&checkout.root));
}

/// Files that were to be renamed, and were not.
#[cfg(unix)]
fn leftovers(root: &Path) -> Vec<PathBuf> {
    let parts = [".workshop", "steps"].map(|part| root.join(part));
    let files = parts.iter().flat_map(|part| xtask::files::below(part).expect("it can be listed"));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "new")).collect()
}
