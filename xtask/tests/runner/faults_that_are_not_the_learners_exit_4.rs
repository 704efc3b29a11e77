//! The machine, the checkout or the tool is at fault: exit 4, with what to do about it.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
};

use crate::support::checkout::{Checkout, bytes, finish, remove};

const BROKEN: &str = "The workshop itself is broken here; this is not your fault.";

#[test]
fn outside_the_workshop_it_says_so() {
    let checkout = Checkout::new();
    let elsewhere = env::temp_dir();
    let output = finish(checkout.command(&["verify", "1"]).current_dir(&elsewhere));
    output.exits(4).says("is not inside the workshop").says(elsewhere.display());
}

#[test]
fn without_cargo_it_says_where_to_get_it() {
    let checkout = Checkout::new();
    let output = finish(checkout.command(&["verify", "1"]).env("PATH", "").env_remove("CARGO"));
    output.exits(4).says("cargo could not be started").says("https://rustup.rs");
    let output = finish(checkout.command(&["learn"]).env("PATH", "").env_remove("CARGO"));
    output.exits(4).says("cargo could not be started").says("https://rustup.rs");
}

#[test]
fn a_taken_port_is_reported_before_anything_is_compiled() {
    let checkout = Checkout::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    checkout.save("this does not compile");
    let output = finish(checkout.command(&["run", "1"]).env("PORT", &port));
    output.exits(4).says(format!("port {port} cannot be used")).says("PORT");
    output.says("Another server runs there");
    let output = finish(checkout.command(&["run", "1", "--port", &port]).env("PORT", "0"));
    output.exits(4).says(format!("port {port} cannot be used"));
}

#[test]
fn a_deleted_step_can_be_brought_back() {
    let checkout = Checkout::new();
    remove(&checkout.root.join("steps/02-api-docs"));
    for name in ["2", "02", "02-api-docs"] {
        let output = checkout.xtask(&["verify", name]);
        output.exits(4).says("git checkout -- \"steps/02-api-docs\"");
    }
}

#[test]
fn a_folder_more_in_steps_stops_nothing() {
    let checkout = Checkout::new();
    let steps = checkout.root.join("steps");
    let copy = steps.join("01-open-route-old");
    for name in ["Cargo.toml", "hints.md", "src/main.rs"] {
        let path = copy.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be written");
        fs::copy(steps.join("01-open-route").join(name), path).expect("it can be written");
    }
    fs::create_dir_all(steps.join("notes")).expect("it can be written");
    fs::create_dir_all(steps.join("11-notes")).expect("it can be written");
    fs::write(steps.join("notes.txt"), "mine").expect("it can be written");
    checkout.save_solution();
    let said = "steps/01-open-route-old is no step";
    checkout.xtask(&["verify", "1"]).exits(0).says("Solved").says(said);
    checkout.xtask(&["status"]).exits(0).says("1 of 10 solved").says("steps/11-notes is no step");
    checkout.xtask(&["verify", "01-open-route-old"]).exits(2).says(said);
    fs::create_dir_all(checkout.root.join("solutions/01-open-route-old"))
        .expect("it can be written");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(4).says("steps/01-open-route and steps/01-open-route-old are both step 1");
}

#[test]
fn a_file_of_ours_that_cannot_be_read_can_be_brought_back() {
    for name in ["Cargo.toml", "hints.md"] {
        let checkout = Checkout::new();
        let file = checkout.root.join("steps/01-open-route").join(name);
        let command = format!("git checkout -- \"{}\"", file.display());
        remove(&file);
        checkout.xtask(&["verify", "1"]).exits(4).says(&command);
        fs::create_dir(&file).expect("the checkout can be written");
        checkout.xtask(&["verify", "1"]).exits(4).says(&command);
    }
}

#[test]
fn nonsense_in_a_file_of_ours_is_not_the_learners_fault() {
    for (name, text) in [("Cargo.toml", "[package"), ("hints.md", "## Lists the items\n")] {
        let checkout = Checkout::new();
        let file = checkout.root.join("steps/01-open-route").join(name);
        fs::write(&file, text).expect("the checkout can be written");
        let output = checkout.xtask(&["verify", "1"]);
        output.exits(4).says("not yours").says(format!("git checkout -- \"{}\"", file.display()));
    }
}

#[test]
fn a_missing_or_empty_snapshot_is_not_the_learners_fault() {
    let checkout = Checkout::new();
    checkout.save_solution();
    let snapshot = checkout.step().snapshots().join("lists_the_items.snap");
    remove(&snapshot);
    checkout.xtask(&["verify", "1"]).exits(4).says(BROKEN).says("lists_the_items.snap");
    fs::write(&snapshot, "").expect("the checkout can be written");
    checkout.xtask(&["verify", "1"]).exits(4).says(BROKEN).says("lists_the_items.snap");
}

#[test]
fn a_check_and_its_heading_belong_together() {
    let checkout = Checkout::new();
    let hints = checkout.root.join("steps/01-open-route/hints.md");
    let text = fs::read_to_string(&hints).expect("there are hints");
    let misspelt = text.replace("## Lists the items", "## Lists all items");
    fs::write(&hints, misspelt).expect("the checkout can be written");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(4).says(BROKEN);
    output.says("no heading for the check `lists_the_items`");
    output.says("the check `lists_all_items` said nothing");
}

/// Exit 4, not 3: rustc has said nothing, since there is no code of the learner's that it could judge, and
/// what helps is a file that is put back.
#[test]
fn a_deleted_main_rs_is_put_back_by_reset() {
    let checkout = Checkout::new();
    let shipped = bytes(&checkout.main_rs());
    remove(&checkout.main_rs());
    for verb in ["verify", "run"] {
        let output = finish(checkout.command(&[verb, "1"]).env("PORT", "0"));
        output.exits(4).says("no src/main.rs").says("cargo xtask reset 01");
    }
    checkout.xtask(&["reset", "01"]).exits(0);
    assert!(bytes(&checkout.main_rs()) == shipped, "the starter is not back");
    checkout.xtask(&["verify", "1"]).exits(1).says("You have not begun");
}

fn write_progress(checkout: &Checkout, text: &str) {
    let folder = checkout.root.join(".workshop");
    fs::create_dir(&folder).expect("the checkout can be written");
    fs::write(folder.join("progress.json"), text).expect("the checkout can be written");
}

#[test]
fn progress_that_cannot_be_read_has_a_cure() {
    let checkout = Checkout::new();
    write_progress(&checkout, "{\"version\": 1, \"sol");
    checkout.xtask(&["status"]).exits(4).says("your progress cannot be read").says("Move ");
    let before = bytes(&checkout.main_rs());
    checkout.save("// mine\n");
    checkout.xtask(&["reset", "1"]).exits(4).says("Move ");
    assert!(bytes(&checkout.main_rs()) == b"// mine\n" && before != b"// mine\n", "code is lost");
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(4).says("Solved").says("The verdict above holds, but");
}

#[test]
fn progress_of_a_newer_workshop_asks_for_git_pull() {
    let checkout = Checkout::new();
    write_progress(&checkout, "{\"version\": 2, \"steps\": {}}");
    checkout.xtask(&["status"]).exits(4).says("newer workshop").says("git pull");
}

#[test]
fn where_nothing_can_be_remembered_the_verdict_is_still_shown() {
    let checkout = Checkout::new();
    fs::write(checkout.root.join(".workshop"), "in the way").expect("the checkout can be written");
    checkout.save_solution();
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(4).says("Solved").says("The verdict above holds, but").says(".workshop");
    let before = bytes(&checkout.main_rs());
    checkout.xtask(&["reset", "1"]).exits(4).says(".workshop");
    assert!(bytes(&checkout.main_rs()) == before, "reset replaced the code without a copy");
}

#[test]
fn doctor_names_a_cure_for_what_is_missing() {
    let checkout = Checkout::new();
    let output = finish(checkout.command(&["doctor"]).env("PATH", "").env_remove("CARGO"));
    output.exits(4).says("FIX   rustc was not found").says("https://rustup.rs");
    output.says("warn  curl was not found").says("cargo xtask doctor");
    remove(&checkout.root.join(".workshop"));
    fs::write(checkout.root.join(".workshop"), "in the way").expect("the checkout can be written");
    checkout.xtask(&["doctor"]).exits(4).says("FIX   could not create");
}

#[test]
fn records_that_cannot_be_read_are_our_fault() {
    let checkout = Checkout::new();
    let records = xtask::tutor::folder(&checkout.step()).join("records.json");
    fs::write(&records, "{").expect("the checkout can be written");
    checkout.save_solution_but("Teapot", "Kettle");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(4).says("records.json cannot be used").says("git checkout");
}

/// Programs of this machine that take the place of others, and the code of step 1 as it has to be compiled.
#[cfg(unix)]
mod a_compiler_that_cannot_do_its_work {
    use std::{os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

    use super::*;

    fn script(checkout: &Checkout, name: &str, text: &str) -> PathBuf {
        let folder = checkout.root.join("programs");
        fs::create_dir_all(&folder).expect("the checkout can be written");
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("the checkout can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        path
    }

    /// `verify 1` where only these programs are found, beside the compiler.
    fn verify(checkout: &Checkout, path: &str) -> Command {
        let mut sysroot = Command::new("rustc");
        let output = finish(sysroot.args(["--print", "sysroot"]));
        let sysroot = output.exits(0).text.lines().next().expect("it prints a folder");
        let rustc = PathBuf::from(sysroot).join("bin/rustc");
        let mut command = checkout.command(&["verify", "1"]);
        command.env("CARGO", xtask::process::compile::cargo()).env("RUSTC", rustc);
        command.env("PATH", checkout.root.join(path));
        command
    }

    #[test]
    fn is_not_the_learners_fault() {
        let checkout = Checkout::new();
        checkout.xtask(&["verify", "1"]).exits(1);
        checkout.save_solution_but("Teapot", "Kettle");
        let output = finish(&mut verify(&checkout, "nowhere"));
        output.exits(4).says("linker `cc` not found").says("no line of your code").says("Next:");
        script(&checkout, "cc", "kill -9 $$");
        finish(&mut verify(&checkout, "programs")).exits(4).says("CARGO_BUILD_JOBS");
        let kill = r#"case "$*" in *"--crate-name step_01 "*) kill -9 $$ ;; esac; exec "$@""#;
        let wrapper = script(&checkout, "wrapper", kill);
        let output = finish(checkout.command(&["verify", "1"]).env("RUSTC_WRAPPER", wrapper));
        output.exits(4).says("CARGO_BUILD_JOBS").says("Next:");
    }
}

#[test]
fn what_is_wrong_with_the_code_stays_the_learners_wherever_rustc_says_it_is() {
    let checkout = Checkout::new();
    for (code, said) in [
        ("", "E0601"),
        ("use nosuch::Thing;\nfn main() {}", "nosuch"),
        ("compile_error!(\"from a macro\");\nfn main() {}", "from a macro"),
        ("fn main() { let full = \"No space left\"; full.nosuch() }", "nosuch"),
    ] {
        checkout.save(code);
        checkout.xtask(&["verify", "1"]).exits(3).says(said);
    }
    fs::write(checkout.main_rs(), b"\xff\xfe").expect("the checkout can be written");
    checkout.xtask(&["verify", "1"]).exits(3).says("UTF-8");
}
