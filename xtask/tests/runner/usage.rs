//! What is asked for wrongly, and what `--help` says.

use std::{fs, path::Path};

use crate::scratch::{Scratch, checkout, finish};

/// A file's name has `_` where the verb has `-`.
fn verbs() -> Vec<String> {
    let files = fs::read_dir(checkout().join("xtask/src/verbs")).expect("there are verbs");
    let stem = |path: &Path| path.file_stem()?.to_str().map(str::to_owned);
    let names = files.filter_map(|file| stem(&file.ok()?.path()));
    names.filter(|name| name != "mod").map(|name| name.replace('_', "-")).collect()
}

#[test]
fn help_names_every_verb_and_each_verb_has_help() {
    let scratch = Scratch::new();
    let help = scratch.xtask(&["--help"]);
    help.exits(0);
    for verb in verbs() {
        help.says(format!("\n  {verb}"));
        let own = scratch.xtask(&[&verb, "--help"]);
        own.exits(0);
        assert!(own.text.starts_with(&format!("cargo xtask {verb}")), "{verb}:\n{}", own.text);
    }
}

#[test]
fn without_a_verb_the_help_is_shown() {
    Scratch::new().xtask(&[]).exits(0).says("cargo xtask VERB").says("learn");
}

#[test]
fn an_unknown_verb_names_the_nearest_one() {
    let scratch = Scratch::new();
    scratch.xtask(&["verfy"]).exits(2).says("Did you mean `verify`?");
    scratch.xtask(&["starter"]).exits(2).says("Did you mean `starters`?");
    scratch.xtask(&["xyz"]).exits(2).says("there is no verb `xyz`.").never_says("Did you mean");
}

#[test]
fn an_unknown_option_is_refused_by_every_verb() {
    let scratch = Scratch::new();
    for verb in verbs() {
        let said = scratch.xtask(&[&verb, "--no-such-option"]);
        said.exits(2).says("--no-such-option").says(format!("cargo xtask {verb}"));
    }
}

#[test]
fn an_unknown_step_is_answered_with_the_steps_there_are() {
    let scratch = Scratch::new();
    let said = scratch.xtask(&["verify", "99"]);
    said.exits(2).says("`99` is not a step");
    for step in scratch.course().steps {
        said.says(step.slug);
    }
    scratch.xtask(&["verify", "barer-token"]).exits(2).says("03-bearer-token").never_says("01-");
}

#[test]
fn an_ambiguous_step_is_answered_with_the_candidates() {
    let scratch = Scratch::new();
    let twin = scratch.root.join("steps/90-open-house");
    fs::create_dir(&twin).expect("the scratch can be written");
    fs::copy(scratch.root.join("steps/01-open-route/Cargo.toml"), twin.join("Cargo.toml"))
        .expect("there is a step 1");
    let said = scratch.xtask(&["verify", "open"]);
    said.exits(2).says("could be any of these").says("01-open-route").says("90-open-house");
    said.never_says("02-");
}

#[test]
fn a_step_must_be_named_where_code_would_be_replaced() {
    let scratch = Scratch::new();
    scratch.xtask(&["reset"]).exits(2).says("name one step");
    scratch.xtask(&["solution"]).exits(2).says("name one step");
    scratch.xtask(&["solution", "1", "2", "--apply"]).exits(2).says("name one step");
    scratch.xtask(&["solution", "1", "--apply", "--diff"]).exits(2).says("choose one");
    assert!(!scratch.root.join(".workshop").exists(), "something was replaced");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let scratch = Scratch::new();
    let said = finish(scratch.command(&["verify"]).arg(OsStr::from_bytes(b"\xff")));
    said.exits(2).says("is not a step");
}
