//! What was judged is what lies on the disk, whatever times the files have and whenever they were saved.

use std::{
    fs::{self, File},
    path::Path,
    time::{Duration, SystemTime},
};

use crate::support::{
    checkout::{Checkout, bytes},
    running_call::RunningCall,
};

/// Puts the code in place of step 1 as `mv` does: with a time before every build.
fn move_in(checkout: &Checkout, code: &[u8]) {
    let beside = checkout.root.join("older.rs");
    fs::write(&beside, code).expect("the checkout can be written");
    set_back(&beside);
    fs::rename(&beside, checkout.main_rs()).expect("the checkout can be written");
}

fn set_back(path: &Path) {
    let file = File::options().append(true).open(path).expect("it is there");
    let before = SystemTime::now() - Duration::from_mins(10);
    file.set_modified(before).expect("its time can be set");
}

#[test]
fn an_older_file_that_is_moved_in_is_compiled() {
    let checkout = Checkout::new();
    let starter = bytes(&checkout.main_rs());
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(0);
    move_in(&checkout, &starter);
    checkout.xtask(&["verify", "1"]).exits(1).says("You have not begun");
    checkout.xtask(&["verify", "1", "--fresh"]).exits(1).says("You have not begun");
    move_in(&checkout, b"this does not compile");
    checkout.xtask(&["verify", "1"]).exits(3);
    move_in(&checkout, checkout.solution().as_bytes());
    checkout.xtask(&["verify", "1"]).exits(0);
}

#[test]
fn several_terminals_agree_on_an_older_file() {
    let checkout = Checkout::new();
    checkout.xtask(&["verify", "1"]).exits(1);
    move_in(&checkout, checkout.solution().as_bytes());
    let calls = [(); 4].map(|()| RunningCall::start(&mut checkout.command(&["verify", "1"])));
    for call in calls {
        call.ends().exits(0);
    }
}

#[test]
fn an_older_file_that_is_compiled_in_is_compiled_too() {
    let checkout = Checkout::new();
    let name = checkout.main_rs().with_file_name("name.txt");
    fs::write(&name, "Teapot").expect("the checkout can be written");
    checkout.save_solution_but("\"Teapot\"", "include_str!(\"name.txt\")");
    checkout.xtask(&["verify", "1"]).exits(0);
    let older = checkout.root.join("older.txt");
    fs::write(&older, "Kettle").expect("the checkout can be written");
    set_back(&older);
    fs::rename(&older, &name).expect("the checkout can be written");
    checkout.xtask(&["verify", "1"]).exits(1).says("Kettle");
}

#[test]
fn what_lies_outside_of_src_and_is_compiled_in_counts() {
    let checkout = Checkout::new();
    let name = checkout.root.join("steps/01-open-route/name.txt");
    fs::write(&name, "Teapot").expect("the checkout can be written");
    checkout.save_solution_but("\"Teapot\"", "include_str!(\"../name.txt\")");
    checkout.xtask(&["verify", "1"]).exits(0);
    fs::write(&name, "Kettle").expect("the checkout can be written");
    checkout.xtask(&["verify", "1"]).exits(1).says("Kettle");
}

#[test]
fn what_somebody_elses_cargo_has_built_is_not_trusted() {
    let checkout = Checkout::new();
    let starter = bytes(&checkout.main_rs());
    checkout.xtask(&["verify", "1"]).exits(1);
    checkout.save_solution();
    let mut cargo = std::process::Command::new(xtask::process::compile::cargo());
    cargo.args(xtask::process::compile::arguments("step-01")).current_dir(&checkout.root);
    crate::support::checkout::finish(cargo.env_remove("CARGO_TARGET_DIR")).exits(0);
    move_in(&checkout, &starter);
    checkout.xtask(&["verify", "1"]).exits(1).says("You have not begun");
}

#[cfg(unix)]
mod while_cargo_runs {
    use std::{os::unix::fs::PermissionsExt, process::Command};

    use super::*;
    use crate::support::checkout::finish;

    /// `verify 1` with a cargo that does this first, in the root folder.
    fn verify(checkout: &Checkout, first: &str) -> Command {
        let cargo = xtask::process::compile::cargo().into_string().expect("a path");
        let script = checkout.root.join("cargo.sh");
        let text = format!("#!/bin/sh\n{first}\nexec '{cargo}' \"$@\"\n");
        fs::write(&script, text).expect("the checkout can be written");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let mut command = checkout.command(&["verify", "1"]);
        command.env("CARGO", script);
        command
    }

    #[test]
    fn a_save_belongs_to_the_verdict() {
        let checkout = Checkout::new();
        let starter = bytes(&checkout.main_rs());
        fs::write(checkout.root.join("saved.rs"), checkout.solution()).expect("it can be written");
        let save = "[ -e saved.rs ] && mv saved.rs steps/01-open-route/src/main.rs";
        finish(&mut verify(&checkout, save)).exits(0);
        fs::write(checkout.main_rs(), starter).expect("the checkout can be written");
        checkout.xtask(&["verify", "1"]).exits(1).says("You have not begun");
    }

    #[test]
    fn a_save_is_one_call_of_it() {
        let checkout = Checkout::new();
        checkout.xtask(&["verify", "1"]).exits(1);
        let calls = || fs::read_to_string(checkout.root.join("calls")).map_or(0, |it| it.len());
        checkout.save_solution();
        finish(&mut verify(&checkout, "printf x >> calls")).exits(0);
        assert_eq!(calls(), 1);
        let users = checkout.main_rs().with_file_name("../users.json");
        fs::write(users, "[]").expect("the checkout can be written");
        checkout.save_solution();
        finish(checkout.command(&["verify", "1"]).env("CARGO", checkout.root.join("cargo.sh")))
            .exits(0);
        assert_eq!(calls(), 1, "the server only reads it");
    }

    #[test]
    fn ctrl_c_ends_cargo_too() {
        let checkout = Checkout::new();
        let hang = "echo $$ > cargo.id; echo Compiling for ever >&2; sleep 600";
        let mut verify = RunningCall::start(&mut verify(&checkout, hang));
        verify.wait_for("Compiling for ever");
        verify.signal("INT");
        verify.ends().exits(130);
        let id = fs::read_to_string(checkout.root.join("cargo.id")).expect("it wrote it");
        let lives = Command::new("kill").args(["-0", id.trim()]).status();
        assert!(lives.is_ok_and(|status| !status.success()), "cargo is left, process {id}");
    }

    #[test]
    fn saves_without_end_are_not_waited_for() {
        let checkout = Checkout::new();
        let save = "echo '// more' >> steps/01-open-route/src/main.rs";
        let output = finish(&mut verify(&checkout, save));
        output.exits(4).says("steps/01-open-route").says("while");
    }
}
