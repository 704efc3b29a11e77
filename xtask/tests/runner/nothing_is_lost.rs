//! No verb takes anything away without a copy, and none gives away more than it was asked for.

use std::{fs, process::Stdio};
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

/// What lies beside the code belongs to an editor, or to nobody; what is no text is code all the same.
#[cfg(unix)]
#[test]
fn whatever_lies_in_src_can_be_undone_and_editors_files_are_left_alone() {
    use std::os::unix::fs::symlink;

    let checkout = Checkout::new();
    let src = checkout.main_rs().with_file_name("");
    let no_text = b"// \xff no text\n";
    fs::write(checkout.main_rs(), no_text).expect("the checkout can be written");
    fs::write(checkout.root.join("elsewhere.rs"), "// linked").expect("it can be written");
    symlink("../../../elsewhere.rs", src.join("linked.rs")).expect("a link");
    let editors = [".main.rs.swp", ".DS_Store", "main.rs~", "#main.rs#"].map(|name| src.join(name));
    for path in &editors {
        fs::write(path, b"Bud1\xff").expect("the checkout can be written");
    }
    symlink("me@here.4711:1", src.join(".#main.rs")).expect("a dangling link");
    symlink(".", src.join("again")).expect("a loop");
    let fifo = Command::new("mkfifo").arg(src.join("fifo")).status();
    assert!(fifo.is_ok_and(|status| status.success()), "there is no mkfifo");

    let untouched = || {
        assert!(editors.iter().all(|path| bytes(path) == b"Bud1\xff"), "an editor's file is gone");
        assert!(src.join("again").is_symlink() && src.join(".#main.rs").is_symlink());
    };
    for arguments in [["reset", "1"].as_slice(), &["solution", "1", "--apply"]] {
        checkout.xtask(arguments).exits(0);
        assert!(bytes(&checkout.main_rs()) != no_text && !src.join("linked.rs").exists());
        untouched();
        checkout.xtask(&["reset", "1", "--undo"]).exits(0);
        assert!(bytes(&checkout.main_rs()) == no_text, "not byte for byte");
        assert!(bytes(&src.join("linked.rs")) == b"// linked", "the linked file is lost");
        untouched();
    }
    checkout.xtask(&["solution", "1", "--diff"]).exits(0).says("- yours");
}

#[test]
fn of_several_terminals_at_once_none_loses_code() {
    let checkout = Checkout::new();
    let calls = [["reset", "1"].as_slice(), &["solution", "1", "--apply"], &["reset", "1"]];
    let mine = |round: usize| format!("// mine: {round}\n");
    for round in 0..20 {
        checkout.save(&mine(round));
        let running = calls.map(|arguments| {
            checkout.command(arguments).stdout(Stdio::null()).spawn().expect("it can be started")
        });
        for mut call in running {
            assert!(call.wait().is_ok_and(|status| status.success()), "round {round}");
        }
    }
    let backups = xtask::files::below(&checkout.root.join(".workshop/backups"));
    let kept: Vec<_> = backups.expect("there are some").iter().map(|path| bytes(path)).collect();
    for round in 0..20 {
        assert!(kept.contains(&mine(round).into_bytes()), "the code of round {round} is lost");
    }
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
