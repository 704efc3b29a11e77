//! `update` takes over a newer workshop, keeps what the learner has written, and can be taken back byte by byte.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use xtask::files;

use crate::support::{
    checkout::{Checkout, bytes, finish, mirror_repository, remove},
    running_call::RunningCall,
};

/// The first line of step 1, in the solution and in its starter.
const OLD: &str = "//! Step 1: an open route.";
const NEW: &str = "//! Step 1: a newer route.";

/// The users of a step, below `steps/` and `solutions/`.
const USERS: &str = "07-password-hashes/users.json";

/// A file of somebody else's crate.
const CRATE: &str = "vendor/cc/src/target/mod.rs";

#[track_caller]
fn change(path: &Path, old: &str, new: &str) {
    let text = files::read(path).expect("it is text");
    assert!(text.contains(old), "`{old}` is not in {}", path.display());
    fs::write(path, text.replace(old, new)).expect("it can be written");
}

/// A workshop in which that line, a page, a user and a folder differ, and a file is no more.
fn newer() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a newer workshop");
    remove(&root.join(".git"));
    remove(&root.join("book").join("more"));
    mirror_repository(&root);
    let main_rs = root.join("solutions/01-open-route/src/main.rs");
    let text = files::read(&main_rs).expect("there is a solution");
    fs::write(&main_rs, text.replace(OLD, NEW)).expect("the folder can be written");
    for parent in ["steps", "solutions"] {
        change(&root.join(parent).join(USERS), "Alice Liddell", "Alice P. Liddell");
    }
    let more = root.join("book").join("more").join("page.txt");
    files::write(&more, b"more").expect("the folder can be written");
    // As an archive has it: cargo misses a file of a crate, whatever its folder is called.
    files::write(&root.join(CRATE), b"crate").expect("the folder can be written");
    remove(&root.join("book/src/matrix.md"));
    root
}

/// Every file of the checkout but what is made.
fn everything(checkout: &Checkout) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = files::below(&checkout.root).expect("the checkout can be read").into_iter();
    let made = ["target", ".workshop", ".git"].map(|folder| checkout.root.join(folder));
    let kept = paths.filter(|path| !made.iter().any(|folder| path.starts_with(folder)));
    kept.map(|path| (path.clone(), bytes(&path))).collect()
}

#[track_caller]
fn is_as_before(checkout: &Checkout, before: &BTreeMap<PathBuf, Vec<u8>>) {
    let now = everything(checkout);
    let differs = |path: &&PathBuf| before.get(*path) != now.get(*path);
    let different: Vec<_> = before.keys().chain(now.keys()).filter(differs).collect();
    assert!(different.is_empty(), "not as before: {different:?}");
    let more = checkout.root.join("book").join("more");
    assert!(!more.exists(), "an empty folder is left");
}

#[test]
fn an_update_merges_the_new_starter_with_the_learners_code() {
    let (checkout, newer) = (Checkout::new(), newer());
    let from = newer.display().to_string();
    checkout.save(&format!("{}\n// mine\n", checkout.solution()));
    checkout.xtask(&["verify", "1"]).exits(0);
    let before = everything(&checkout);

    let output = checkout.xtask(&["update", &from]);
    output.exits(0).says("Your code of step 1 has what is new").says("Step 1: still solved");
    let code = files::read(&checkout.main_rs()).expect("it is text");
    assert!(code.starts_with(NEW) && code.ends_with("// mine\n"), "{code}");
    assert!(checkout.root.join("book/more/page.txt").exists(), "what is new has not come");
    assert!(checkout.root.join(CRATE).exists(), "the crate is not whole");
    assert!(!checkout.root.join("book/src/matrix.md").exists(), "what is no more is there");

    checkout.xtask(&["update", &from]).exits(0).says("Nothing was changed");
    checkout.xtask(&["update", "--undo"]).exits(0).says("as it was before the last update");
    is_as_before(&checkout, &before);
    checkout.xtask(&["update", "--undo"]).exits(2).says("there is no update to take back");
}

#[test]
fn what_both_have_changed_is_shown_and_undo_restores_every_byte() {
    let (checkout, newer) = (Checkout::new(), newer());
    let mine = checkout.solution().replace(OLD, "//! Mine: ä  \r");
    checkout.save(&mine);
    let before = everything(&checkout);
    let output = checkout.xtask(&["update", &newer.display().to_string()]);
    output.exits(1).says("  conflict  steps/01-open-route/src/main.rs:1\n");
    output
        .says("\n    <<<<<<< yours\n")
        .says(format!("\n    {NEW}\n    >>>>>>> new in the starter\n"));
    output
        .says("delete the three marks")
        .says("Next:  decide the conflicts, then cargo xtask verify 1");
    let code = String::from_utf8(bytes(&checkout.main_rs())).expect("it is text");
    assert!(code.contains("//! Mine: ä") && code.contains(NEW), "{code}");
    checkout.xtask(&["update", "--undo"]).exits(0);
    is_as_before(&checkout, &before);
}

#[test]
fn users_and_dependencies_of_the_learner_s_stay() {
    let (checkout, newer) = (Checkout::new(), newer());
    let from = newer.display().to_string();
    let users = checkout.root.join("steps").join(USERS);
    let manifest = checkout.root.join("steps/03-bearer-token/Cargo.toml");
    change(&users, "Bob Builder", "Bob Smith");
    change(&manifest, "[dependencies]\n", "[dependencies]\nanyhow = \"1\"\n");
    let before = everything(&checkout);
    checkout.xtask(&["update", &from]).exits(0);
    let text = files::read(&users).expect("it is text");
    assert!(text.contains("Bob Smith") && text.contains("Alice P. Liddell"), "{text}");
    assert_eq!(Some(&bytes(&manifest)), before.get(&manifest), "nothing of it is new");
    checkout.xtask(&["update", "--undo"]).exits(0);
    is_as_before(&checkout, &before);

    change(&users, "Alice Liddell", "Alice Smith");
    let mine = bytes(&users);
    let output = checkout.xtask(&["update", &from]);
    output.exits(0).says("steps/07-password-hashes/users.json stays yours");
    output.says("compare it with solutions/07-password-hashes/users.json");
    assert_eq!(bytes(&users), mine);
    checkout.xtask(&["update", &from]).exits(0).says("Nothing was changed");
}

#[test]
fn an_update_that_ended_half_way_is_taken_back_first_and_by_the_runner_that_was_kept() {
    let (checkout, newer) = (Checkout::new(), newer());
    let from = newer.display().to_string();
    checkout.save("fn main() {} // mine\n");
    let before = everything(&checkout);
    checkout.xtask(&["update", &from]);
    let updates = checkout.root.join(".workshop/updates");
    // As it is if the update is killed: one file is missing, and one is still the old one.
    change(&updates.join("0001/note.json"), "\"finished\": true", "\"finished\": false");
    remove(&checkout.root.join("book/more/page.txt"));
    let users = checkout.root.join("steps").join(USERS);
    fs::write(&users, &before[&users]).expect("it can be written");
    checkout.xtask(&["update", &from]).exits(2).says("Next:  cargo xtask update --undo");

    take_back_by_the_runner_that_was_kept(&checkout);
    is_as_before(&checkout, &before);
}

fn take_back_by_the_runner_that_was_kept(checkout: &Checkout) {
    let updates = checkout.root.join(".workshop/updates");
    let mut runner = Command::new(updates.join(format!("xtask{}", std::env::consts::EXE_SUFFIX)));
    runner.args(["update", "--undo"]).current_dir(&checkout.root);
    finish(&mut runner).exits(0).says("as it was before the last update");
}

/// In the newer workshop this is the whole runner: without crates of others it is compiled in a second.
fn give_runner(newer: &Path, main: &str) {
    let xtask = newer.join("xtask");
    let manifest = files::read(&xtask.join("Cargo.toml")).expect("it is a package");
    let package = manifest.split("[dependencies]").next().unwrap_or_default();
    let files = [("Cargo.toml", package), ("src/lib.rs", "//! Nothing.\n"), ("src/main.rs", main)];
    for (file, text) in files {
        fs::write(xtask.join(file), text).expect("the folder can be written");
    }
}

#[test]
fn the_newer_runner_judges_what_was_solved_and_an_update_that_does_not_compile_is_taken_back() {
    let (checkout, newer) = (Checkout::new(), newer());
    let from = newer.display().to_string();
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(0);
    let before = everything(&checkout);

    let main = "//! Newer.\n\nfn main() {\n    let called: Vec<_> = std::env::args().skip(1).collect();\n    \
                println!(\"newer: {called:?}\");\n    std::process::exit(3);\n}\n";
    give_runner(&newer, main);
    let output = checkout.xtask(&["update", &from]);
    output.exits(3).says("Your code of step 1 has what is new");
    output.says("newer: [\"verify\", \"1\"]").never_says("Next:  cargo xtask learn");
    let lock = checkout.root.join("Cargo.lock");
    assert_ne!(Some(&bytes(&lock)), before.get(&lock), "cargo has changed it with the manifest");
    take_back_by_the_runner_that_was_kept(&checkout);
    is_as_before(&checkout, &before);

    give_runner(&newer, "fn main() { nothing }\n");
    let output = checkout.xtask(&["update", &from]);
    output.exits(4).says("the newer workshop does not compile here").says("update --undo");
    take_back_by_the_runner_that_was_kept(&checkout);
    is_as_before(&checkout, &before);
}

#[test]
fn a_newer_rust_is_asked_for_before_anything_changes() {
    let (checkout, newer) = (Checkout::new(), newer());
    change(&newer.join("Cargo.toml"), "rust-version = \"", "rust-version = \"9");
    let before = everything(&checkout);
    let output = checkout.xtask(&["update", &newer.display().to_string()]);
    output.exits(4).says("needs Rust 91.").says("Next:  rustup update stable");
    is_as_before(&checkout, &before);
}

#[test]
fn an_update_comes_from_git_or_from_an_archive_and_makes_no_commit() {
    let (checkout, newer) = (Checkout::new(), newer());
    checkout.xtask(&["update"]).exits(2).says("no remote of git");
    git(&newer, &["init", "--quiet"]);
    git(&newer, &["add", "."]);
    git(&newer, &["commit", "--quiet", "-m", "newer"]);
    git(&checkout.root, &["init", "--quiet"]);
    // The workshop's own .gitattributes says so, too.
    git(&checkout.root, &["config", "core.autocrlf", "false"]);
    git(&checkout.root, &["remote", "add", "upstream", &newer.display().to_string()]);
    checkout.xtask(&["update"]).exits(0).says("Up to date with `upstream`");
    let code = files::read(&checkout.main_rs()).expect("it is text");
    assert!(code.starts_with(NEW), "{code}");
    let commits = Command::new("git")
        .args(["rev-list", "--all", "--count"])
        .current_dir(&checkout.root)
        .output();
    assert_eq!(commits.expect("git can be started").stdout, b"0\n");

    let parent = newer.parent().expect("it is not the root");
    let archive = parent.join("newer.tar.gz");
    let mut tar = Command::new("tar");
    tar.args(["-czf", "newer.tar.gz", "--exclude=.git", "a newer workshop"]).current_dir(parent);
    finish(&mut tar).exits(0);
    let output = checkout.xtask(&["update", &archive.display().to_string()]);
    output.exits(0).says("Nothing was changed");

    let nowhere = format!("file://{}", newer.join("nothing").display());
    checkout
        .xtask(&["update", &nowhere])
        .exits(4)
        .says("Next:  without a network, name an archive");

    // A folder that is behind is nothing to go back to; and what is a clone, is a folder too.
    git(&checkout.root, &["fetch", "--quiet", "upstream", "HEAD"]);
    git(&checkout.root, &["reset", "--quiet", "FETCH_HEAD"]);
    let page = checkout.root.join("book/more/page.txt");
    fs::write(&page, "a newer one").expect("it can be written");
    checkout.xtask(&["update"]).exits(0).says("the newest workshop that `upstream` has");
    assert_eq!(bytes(&page), b"a newer one");
    remove(&checkout.root.join(".git"));
    checkout.xtask(&["update", &newer.display().to_string()]).exits(0).says("Up to date with");
    assert_eq!(bytes(&page), b"more");
    let book = newer.join("book").display().to_string();
    checkout.xtask(&["update", &book]).exits(2).says("there is no workshop in");
    checkout.xtask(&["update", "newer.tar.gz"]).exits(2).says("is no file or folder here");
    let readme = newer.join("Cargo.toml").display().to_string();
    checkout.xtask(&["update", &readme]).exits(2).says("is no archive of a workshop");
}

#[test]
fn nothing_is_updated_while_a_step_is_watched() {
    let (checkout, newer) = (Checkout::new(), newer());
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    watch.wait_for("Watching steps/01-open-route");
    let before = everything(&checkout);
    let output = checkout.xtask(&["update", &newer.display().to_string()]);
    output.exits(2).says("is running here").says("Nothing was changed");
    is_as_before(&checkout, &before);
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(["-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "git {arguments:?} failed");
}
