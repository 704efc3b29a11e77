//! Each verb of the list has a file and says how it is called; learners' verbs are known here too.

use std::{collections::BTreeSet, path::Path};

use xtask::{
    files,
    verbs::{LEARNERS, MAINTAINERS},
};

use crate::support::checkout::{Checkout, repository};

#[test]
fn each_verb_of_a_maintainer_has_a_file_and_help() {
    let checkout = Checkout::new();
    let listed: BTreeSet<String> = MAINTAINERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let folder = repository().join("xtask/maintain/src/verbs");
    let files = files::in_folder(&folder).expect("there are verbs");
    let stem = |path: &Path| path.file_stem()?.to_str().map(str::to_owned);
    let stems = files.iter().filter_map(|path| stem(path)).filter(|stem| stem != "mod");
    assert_eq!(listed, stems.collect());
    for name in listed {
        let output = checkout.xtask(&[&name, "--help"]);
        output.exits(0);
        assert!(output.text.starts_with(&format!("cargo xtask {name}")), "{}", output.text);
        let output = checkout.xtask(&[&name, "--no-such-option"]);
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
