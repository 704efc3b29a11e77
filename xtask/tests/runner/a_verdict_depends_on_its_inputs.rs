//! A verdict depends on all that it is made of, and on nothing else.

use std::fs;

use xtask::{course::Whose, judge::inputs};

use crate::support::checkout::{Checkout, finish};

#[test]
fn a_solved_step_is_judged_again_only_if_something_has_changed() {
    let checkout = Checkout::new();
    let without_cargo = |arguments: &[&str]| {
        finish(checkout.command(arguments).env("PATH", "").env_remove("CARGO"))
    };
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(0);
    without_cargo(&["verify", "1"]).exits(0).says("Solved");
    without_cargo(&["verify", "1", "--fresh"]).exits(4);

    let snapshot = checkout.step().snapshots().join("lists_the_items.snap");
    let text = fs::read_to_string(&snapshot).expect("it is text");
    fs::write(&snapshot, text.replace("Teapot", "Kettle")).expect("the checkout can be written");
    checkout.xtask(&["verify", "1"]).exits(1).says("Kettle");
}

#[test]
fn a_verdict_depends_on_all_that_it_is_made_of_and_on_nothing_else() {
    let checkout = Checkout::new();
    let course = checkout.course();
    let step = course.step("3").expect("there is a step 3");
    let hash = || inputs::hash(&course, step, Whose::Learner).expect("it can be read");
    let mut before = hash();
    for path in [
        "steps/03-bearer-token/src/main.rs",
        "steps/03-bearer-token/users.json",
        "steps/03-bearer-token/Cargo.toml",
        "steps/03-bearer-token/hints.md",
        "steps/02-api-docs/tests/docs/mod.rs",
        "steps/02-api-docs/tests/verify.rs",
        "steps/03-bearer-token/tests/snapshots/lists_the_items.snap",
        "xtask/protocol/src/finding.rs",
        "xtask/harness/src/check.rs",
        "xtask/forgery/src/lib.rs",
        "Cargo.lock",
        "Cargo.toml",
    ] {
        fs::write(checkout.root.join(path), "other").expect("the checkout can be written");
        let after = hash();
        assert!(before != after, "{path} changes nothing");
        before = after;
    }
    for path in [
        "steps/02-api-docs/src/main.rs",
        "solutions/03-bearer-token/src/main.rs",
        "xtask/src/lib.rs",
        "steps/03-bearer-token/server.log",
        "steps/03-bearer-token/src/.main.rs.swp",
        "steps/03-bearer-token/src/main.rs~",
        "steps/02-api-docs/tests/docs/.DS_Store",
        "steps/02-api-docs/tests/verify.rs~",
        "steps/02-api-docs/tests/.idea",
        "steps/02-api-docs/tests/snapshots/lists_the_items.snap",
    ] {
        fs::write(checkout.root.join(path), "other").expect("the checkout can be written");
        assert!(before == hash(), "{path} makes a new run");
    }
}

#[test]
fn our_solution_is_judged_without_the_learners_code() {
    let checkout = Checkout::new();
    checkout.save("this does not compile");
    checkout.xtask(&["verify", "1", "--solutions"]).exits(0).says(", the solution").says("Solved");
    checkout.xtask(&["status"]).exits(0).says("0 of ");
}
