//! Each verb of the list has a file and says how it is called; learners' verbs are known here too.

use xtask::verbs::{LEARNERS, MAINTAINERS};

use crate::support::checkout::{Checkout, repository};

#[test]
fn each_verb_of_a_maintainer_has_a_file_and_help() {
    let checkout = Checkout::new();
    let folder = repository().join("xtask/maintain/src/verbs");
    for (name, _) in MAINTAINERS {
        // A verb that is long may have other files beside its own.
        assert!(folder.join(format!("{name}.rs")).is_file(), "`{name}` has no file");
        let output = checkout.xtask(&[name, "--help"]);
        output.exits(0);
        assert!(output.text.starts_with(&format!("cargo xtask {name}")), "{}", output.text);
        let output = checkout.xtask(&[name, "--no-such-option"]);
        output.exits(2).says("--no-such-option").says(format!("cargo xtask {name}"));
    }
}

#[test]
fn a_verb_of_a_learner_is_known_too() {
    let checkout = Checkout::new();
    for verb in &LEARNERS {
        checkout.xtask(&[verb.name, "--help"]).exits(0).says(verb.help);
    }
    checkout.xtask(&["verify", "1", "--solutions"]).exits(0).says("Solved");
}
