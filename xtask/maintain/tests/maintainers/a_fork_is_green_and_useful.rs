//! A fork is green while the workshop works, and its summary says how far the learner is.

use std::{fs, path::PathBuf, process::Command};

use xtask::{course::Whose, files};

use crate::{
    PROGRAM,
    support::{
        checkout::{Checkout, finish, remove, repository},
        output::Output,
    },
};

/// What a fork's workflow runs, here with another call in place of `verify --all --json`, and the summary that it writes.
fn progress(checkout: &Checkout, call: &[&str]) -> (Output, String) {
    let summary: PathBuf = checkout.root.join("summary.md");
    remove(&summary);
    let mut script = Command::new("python3");
    script
        .arg(repository().join(".ci").join("progress"))
        .args(call)
        .current_dir(&checkout.root)
        .env_remove("CARGO_TARGET_DIR")
        // As in the workflow.
        .env("CARGO_TERM_COLOR", "always")
        .env("GITHUB_STEP_SUMMARY", &summary);
    let output = finish(&mut script);
    (output, files::read(&summary).expect("there is a summary"))
}

const VERIFY: [&str; 4] = [PROGRAM, "verify", "1", "--json"];

#[test]
fn what_a_learner_has_not_done_is_green_and_in_the_table() {
    let checkout = Checkout::new();
    let checks = checkout.step().checks().expect("there are hints");
    let (new, count) = (checks.iter().filter(|check| check.new).count(), checks.len());

    let (output, summary) = progress(&checkout, &VERIFY);
    output.exits(0).says("## 0 of 1 steps solved");
    let row = format!(
        "| 01-open-route | {} of {count} | task 1: names the method that works |",
        count - new
    );
    assert!(summary.contains(&row), "{summary}");

    checkout.save("fn main() {\n    let x: u8 = \"|\";\n}\n");
    let (output, summary) = progress(&checkout, &VERIFY);
    output.exits(0);
    assert!(summary.contains("| 01-open-route | none ran | error[E0308]"), "{summary}");

    checkout.save_solution();
    let (output, summary) = progress(&checkout, &VERIFY);
    output.exits(0).says("## 1 of 1 steps solved");
    assert!(summary.contains(&format!("| {count} of {count} | solved |")), "{summary}");
}

#[test]
fn a_broken_workshop_and_a_wrong_call_are_red() {
    let checkout = Checkout::new();
    let (output, summary) = progress(&checkout, &[PROGRAM, "verify", "99", "--json"]);
    output.exits(1).says("exit code 2");
    assert!(summary.contains("exit code 2 and no verdict"), "{summary}");

    let hints = checkout.step().folder(Whose::Learner).join("hints.md");
    let text = files::read(&hints).expect("there are hints");
    fs::write(&hints, format!("{text}\n## Brews tea\n\nx\n")).expect("the checkout can be written");
    let (output, summary) = progress(&checkout, &VERIFY);
    output.exits(1).says("exit code 4");
    assert!(summary.contains("| the workshop itself is broken: "), "{summary}");

    remove(&checkout.root.join("steps/02-api-docs"));
    let (output, summary) = progress(&checkout, &[PROGRAM, "verify", "2", "--json"]);
    output.exits(1);
    assert!(
        summary.contains("no verdict: steps/02-api-docs is missing. Bring it back"),
        "{summary}"
    );
}

#[test]
fn what_rustc_says_is_no_markup_in_the_table() {
    let checkout = Checkout::new();
    let row = |said: &str| {
        let verdicts = serde_json::json!([{
            "step": "01-open-route", "outcome": "does_not_compile", "compiler": said, "checks": [],
        }]);
        let print = format!("print({:?})", verdicts.to_string());
        let (output, summary) = progress(&checkout, &["python3", "-c", &print]);
        output.exits(0);
        let row = summary.lines().find(|line| line.starts_with("| 01-open-route |"));
        row.expect("the step has a row").to_owned()
    };
    assert_eq!(
        row("error[E0308]: no `Vec<u8> | *x*` for <T> of *x*\n --> a.rs:1:1\n"),
        r"| 01-open-route | none ran | error[E0308]: no `Vec<u8> \| *x*` for \<T\> of \*x\* |"
    );
    assert_eq!(
        row("error: unknown start of token: `<T>\n"),
        r"| 01-open-route | none ran | error: unknown start of token: \`\<T\> |"
    );
}
