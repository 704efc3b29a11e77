//! The machine, the checkout or the tool is at fault: exit 4, with a cure.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use crate::scratch::{Scratch, bytes, finish, remove};

const BROKEN: &str = "The workshop itself is broken here; this is not your fault.";

#[test]
fn it_works_in_a_folder_below() {
    let scratch = Scratch::new();
    let below = scratch.root.join("steps/01-open-route/src");
    finish(scratch.command(&["status"]).current_dir(&below)).exits(0).says("you are here");
    finish(scratch.command(&["verify", "1"]).current_dir(&below)).exits(1).says("Not started yet");
}

#[test]
fn outside_the_workshop_it_says_so() {
    let scratch = Scratch::new();
    let elsewhere = env::temp_dir();
    let said = finish(scratch.command(&["verify", "1"]).current_dir(&elsewhere));
    said.exits(4).says("is not inside the workshop").says(elsewhere.display());
}

#[test]
fn without_cargo_it_says_where_to_get_it() {
    let scratch = Scratch::new();
    let said = finish(scratch.command(&["verify", "1"]).env("PATH", "").env_remove("CARGO"));
    said.exits(4).says("cargo could not be started").says("https://rustup.rs");
    let said = finish(scratch.command(&["learn"]).env("PATH", "").env_remove("CARGO"));
    said.exits(4).says("cargo could not be started").says("https://rustup.rs");
}

#[test]
fn a_taken_port_is_told_before_anything_is_compiled() {
    let scratch = Scratch::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    scratch.save("this does not compile");
    let said = finish(scratch.command(&["run", "1"]).env("PORT", &port));
    said.exits(4).says(format!("port {port} cannot be used")).says("PORT");
}

#[test]
fn a_port_that_is_no_number_is_a_wrong_call() {
    let scratch = Scratch::new();
    for port in ["abc", "", "65536", "-1"] {
        let said = finish(scratch.command(&["run", "1"]).env("PORT", port));
        said.exits(2).says(format!("PORT is `{port}`, which is not a port"));
    }
}

#[test]
fn a_deleted_step_can_be_brought_back() {
    let scratch = Scratch::new();
    remove(&scratch.root.join("steps/02-api-docs"));
    for name in ["2", "02", "02-api-docs"] {
        let said = scratch.xtask(&["verify", name]);
        said.exits(4).says("git checkout -- steps/02-api-docs");
    }
}

#[test]
fn a_file_of_ours_that_cannot_be_read_can_be_brought_back() {
    for name in ["Cargo.toml", "hints.md"] {
        let scratch = Scratch::new();
        let file = scratch.root.join("steps/01-open-route").join(name);
        let cure = format!("git checkout -- \"{}\"", file.display());
        remove(&file);
        scratch.xtask(&["verify", "1"]).exits(4).says(&cure);
        fs::create_dir(&file).expect("the scratch can be written");
        scratch.xtask(&["verify", "1"]).exits(4).says(&cure);
    }
}

#[test]
fn nonsense_in_a_file_of_ours_is_not_the_learners_fault() {
    for (name, text) in [("Cargo.toml", "[package"), ("hints.md", "## Lists the items\n")] {
        let scratch = Scratch::new();
        let file = scratch.root.join("steps/01-open-route").join(name);
        fs::write(&file, text).expect("the scratch can be written");
        let said = scratch.xtask(&["verify", "1"]);
        said.exits(4).says("not yours").says(format!("git checkout -- \"{}\"", file.display()));
    }
}

#[test]
fn a_missing_or_empty_snapshot_is_not_the_learners_fault() {
    let scratch = Scratch::new();
    scratch.save_solution();
    let snapshot = scratch.step().snapshots().join("lists_the_items.snap");
    remove(&snapshot);
    scratch.xtask(&["verify", "1"]).exits(4).says(BROKEN).says("lists_the_items.snap");
    fs::write(&snapshot, "").expect("the scratch can be written");
    scratch.xtask(&["verify", "1"]).exits(4).says(BROKEN).says("lists_the_items.snap");
}

#[test]
fn a_check_and_its_heading_belong_together() {
    let scratch = Scratch::new();
    let hints = scratch.root.join("steps/01-open-route/hints.md");
    let text = fs::read_to_string(&hints).expect("there are hints");
    let misspelt = text.replace("## Lists the items", "## Lists all items");
    fs::write(&hints, misspelt).expect("the scratch can be written");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(4).says(BROKEN);
    said.says("no heading for the check `lists_the_items`");
    said.says("the check `lists_all_items` said nothing");
}

/// Exit 4, not 3: rustc has said nothing, since there is no code of the learner's that it could judge, and
/// the cure is a file that is put back.
#[test]
fn a_deleted_main_rs_is_put_back_by_reset() {
    let scratch = Scratch::new();
    let shipped = bytes(&scratch.main_rs());
    remove(&scratch.main_rs());
    for verb in ["verify", "run"] {
        let said = finish(scratch.command(&[verb, "1"]).env("PORT", "0"));
        said.exits(4).says("no src/main.rs").says("cargo xtask reset 01");
    }
    scratch.xtask(&["reset", "01"]).exits(0);
    assert!(bytes(&scratch.main_rs()) == shipped, "the starter is not back");
    scratch.xtask(&["verify", "1"]).exits(1).says("Not started yet");
}

fn write_progress(scratch: &Scratch, text: &str) {
    let folder = scratch.root.join(".workshop");
    fs::create_dir(&folder).expect("the scratch can be written");
    fs::write(folder.join("progress.json"), text).expect("the scratch can be written");
}

#[test]
fn progress_that_cannot_be_read_has_a_cure() {
    let scratch = Scratch::new();
    write_progress(&scratch, "{\"version\": 1, \"sol");
    scratch.xtask(&["status"]).exits(4).says("your progress cannot be read").says("Move ");
    let before = bytes(&scratch.main_rs());
    scratch.save("// mine\n");
    scratch.xtask(&["reset", "1"]).exits(4).says("Move ");
    assert!(bytes(&scratch.main_rs()) == b"// mine\n" && before != b"// mine\n", "code is lost");
    scratch.save_solution();
    scratch.xtask(&["verify", "1"]).exits(4).says("Solved").says("The verdict above holds, but");
}

#[test]
fn progress_of_a_newer_workshop_asks_for_git_pull() {
    let scratch = Scratch::new();
    write_progress(&scratch, "{\"version\": 2, \"steps\": {}}");
    scratch.xtask(&["status"]).exits(4).says("newer workshop").says("git pull");
}

#[test]
fn where_nothing_can_be_remembered_the_verdict_is_still_shown() {
    let scratch = Scratch::new();
    fs::write(scratch.root.join(".workshop"), "in the way").expect("the scratch can be written");
    scratch.save_solution();
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(4).says("Solved").says("The verdict above holds, but").says(".workshop");
    let before = bytes(&scratch.main_rs());
    scratch.xtask(&["reset", "1"]).exits(4).says(".workshop");
    assert!(bytes(&scratch.main_rs()) == before, "reset replaced the code without a copy");
}

#[test]
fn no_setting_of_insta_waves_a_difference_through() {
    let scratch = Scratch::new();
    let shipped = scratch.snapshots();
    let settings = [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1"), ("INSTA_UPDATE", "new")];
    scratch.save_solution_but("Teapot", "Kettle");
    finish(scratch.command(&["verify", "1"]).envs(settings)).exits(1).says("Kettle");
    let pair = [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")];
    finish(scratch.command(&["verify", "1"]).envs(pair)).exits(1).says("Kettle");
    assert!(scratch.snapshots() == shipped, "a snapshot was written");
    scratch.save_solution();
    finish(scratch.command(&["verify", "1"]).envs(pair)).exits(0);
    assert!(scratch.snapshots() == shipped, "a snapshot was written");
}

#[test]
fn plain_cargo_test_judges_alike_and_writes_no_snapshot() {
    let scratch = Scratch::new();
    let shipped = scratch.snapshots();
    let cargo_test = || {
        let mut command = std::process::Command::new(xtask::compile::cargo());
        command
            .args(["test", "-p", "step-01", "--test", "verify"])
            .envs([("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")])
            .env_remove("CARGO_TARGET_DIR")
            .current_dir(&scratch.root);
        finish(&mut command)
    };
    scratch.save_solution_but("Teapot", "Kettle");
    cargo_test().exits(101).says("Kettle").says("cargo xtask verify");
    scratch.save_solution();
    cargo_test().exits(0);
    assert!(scratch.snapshots() == shipped, "a snapshot was written");
}

#[test]
fn a_proxy_is_not_asked() {
    let scratch = Scratch::new();
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let address = format!("http://{}", closed.local_addr().expect("it is bound"));
    drop(closed);
    let proxies =
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, &address));
    scratch.save_solution();
    finish(scratch.command(&["verify", "1"]).envs(proxies)).exits(0).says("Solved");
}

#[test]
fn windows_line_ends_change_no_verdict() {
    let scratch = Scratch::new();
    for folder in ["steps/01-open-route", "solutions/01-open-route"] {
        let files = xtask::files::below(&scratch.root.join(folder)).expect("it can be listed");
        for path in files {
            let text = fs::read_to_string(&path).expect("it is text");
            fs::write(&path, text.replace('\n', "\r\n")).expect("the scratch can be written");
        }
    }
    scratch.xtask(&["verify", "1"]).exits(1).says("Not started yet");
    scratch.xtask(&["solution", "1", "--apply"]).exits(0);
    scratch.xtask(&["verify", "1"]).exits(0).says("Solved");
}

#[test]
fn doctor_names_a_cure_for_what_is_missing() {
    let scratch = Scratch::new();
    let said = finish(scratch.command(&["doctor"]).env("PATH", "").env_remove("CARGO"));
    said.exits(4).says("CURE  rustc was not found").says("https://rustup.rs");
    said.says("mind  curl was not found").says("cargo xtask doctor");
    remove(&scratch.root.join(".workshop"));
    fs::write(scratch.root.join(".workshop"), "in the way").expect("the scratch can be written");
    scratch.xtask(&["doctor"]).exits(4).says("CURE  could not create");
}

/// A call of the runner that may write no byte to a file must leave the code as it is.
#[cfg(unix)]
fn full_disk(scratch: &Scratch, arguments: &[&str]) {
    let before = bytes(&scratch.main_rs());
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_xtask")])
        .args(arguments)
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(&scratch.root);
    finish(&mut command).exits(4).says("could not ");
    assert!(bytes(&scratch.main_rs()) == before, "{arguments:?} changed the code");
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_the_code_stays_and_half_a_copy_is_never_brought_back() {
    let scratch = Scratch::new();
    scratch.save("// mine\n");
    full_disk(&scratch, &["solution", "1", "--apply"]);
    full_disk(&scratch, &["reset", "1"]);
    scratch.xtask(&["reset", "1", "--undo"]).exits(2).says("there is no backup");
    scratch.xtask(&["reset", "1"]).exits(0);
    scratch.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&scratch.main_rs()) == b"// mine\n", "the code is lost");
    assert!(leftovers(&scratch.root).is_empty(), "left: {:?}", leftovers(&scratch.root));
}

/// Files that were to be renamed, and were not.
#[cfg(unix)]
fn leftovers(root: &Path) -> Vec<std::path::PathBuf> {
    let parts = [".workshop", "steps"].map(|part| root.join(part));
    let files = parts.iter().flat_map(|part| xtask::files::below(part).expect("it can be listed"));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "new")).collect()
}
