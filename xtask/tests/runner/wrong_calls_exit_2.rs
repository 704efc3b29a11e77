//! A call that cannot be understood exits 2, and says what could be asked for.

use std::fs;

use xtask::verbs::LEARNERS;

use crate::support::checkout::{Checkout, finish};

#[test]
fn an_unknown_verb_names_the_nearest_one() {
    let checkout = Checkout::new();
    checkout.xtask(&["verfy"]).exits(2).says("Did you mean `verify`?");
    checkout.xtask(&["starter"]).exits(2).says("Did you mean `starters`?");
    checkout.xtask(&["xyz"]).exits(2).says("there is no verb `xyz`.").never_says("Did you mean");
}

#[test]
fn an_unknown_option_is_refused_by_every_verb() {
    let checkout = Checkout::new();
    for verb in &LEARNERS {
        let output = checkout.xtask(&[verb.name, "--no-such-option"]);
        output.exits(2).says("--no-such-option").says(format!("cargo xtask {}", verb.name));
    }
}

#[test]
fn an_unknown_step_is_answered_with_the_steps_there_are() {
    let checkout = Checkout::new();
    let output = checkout.xtask(&["verify", "99"]);
    output.exits(2).says("`99` is not a step");
    for step in checkout.course().steps {
        output.says(step.slug);
    }
    checkout.xtask(&["verify", "barer-token"]).exits(2).says("03-bearer-token").never_says("01-");
}

#[test]
fn a_dot_means_the_step_in_whose_folder_it_is_typed() {
    let checkout = Checkout::new();
    let call = |folder: &str| {
        let mut command = checkout.command(&["solution", ".", "--diff"]);
        finish(command.current_dir(checkout.root.join(folder)))
    };
    call("steps/01-open-route").exits(0).says("steps/01-open-route/src/main.rs");
    call("steps/02-api-docs/src").exits(0).says("steps/02-api-docs/src/main.rs");
    call("solutions/01-open-route").exits(0).says("steps/01-open-route/src/main.rs");
    call("steps").exits(2).says("`.` means the step in whose folder you are");
}

#[test]
fn an_ambiguous_step_is_answered_with_the_candidates() {
    let checkout = Checkout::new();
    let twin = checkout.root.join("steps/90-open-house");
    for folder in [&twin, &checkout.root.join("solutions/90-open-house")] {
        fs::create_dir(folder).expect("the checkout can be written");
    }
    fs::copy(checkout.root.join("steps/01-open-route/Cargo.toml"), twin.join("Cargo.toml"))
        .expect("there is a step 1");
    let output = checkout.xtask(&["verify", "open"]);
    output.exits(2).says("could be any of these").says("01-open-route").says("90-open-house");
    output.never_says("02-");
}

#[test]
fn a_step_must_be_named_where_code_would_be_replaced() {
    let checkout = Checkout::new();
    checkout.xtask(&["reset"]).exits(2).says("name one step");
    checkout.xtask(&["solution"]).exits(2).says("name one step");
    checkout.xtask(&["solution", "1", "2", "--apply"]).exits(2).says("name one step");
    checkout.xtask(&["solution", "1", "--apply", "--diff"]).exits(2).says("choose one");
    assert!(!checkout.root.join(".workshop").exists(), "something was replaced");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_unicode_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let checkout = Checkout::new();
    let output = finish(checkout.command(&["verify"]).arg(OsStr::from_bytes(b"\xff")));
    output.exits(2).says("is not a step");
}

#[test]
fn a_port_that_is_no_number_is_a_wrong_call() {
    let checkout = Checkout::new();
    for port in ["abc", "", "65536", "-1"] {
        let output = finish(checkout.command(&["run", "1"]).env("PORT", port));
        output.exits(2).says(format!("PORT is `{port}`, which is not a port"));
        let output = checkout.xtask(&["run", "1", "--port", port]);
        output.exits(2).says(format!("--port is `{port}`, which is not a port"));
    }
}
