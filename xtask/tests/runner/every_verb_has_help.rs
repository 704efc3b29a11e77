//! One list names every verb, a learner's or a maintainer's, and each verb says how it is called.

use std::{collections::BTreeSet, path::Path};

use xtask::{
    files,
    verbs::{LEARNERS, MAINTAINERS},
};

use crate::support::{
    checkout::{Checkout, repository},
    output::Output,
};

/// Both groups, as `--help` has them.
#[track_caller]
fn lists_every_verb(output: &Output) {
    let (learners, maintainers) =
        output.text.split_once("\n\nMaintainers").expect("the list has two groups");
    let named = |group: &str, name: &str| group.contains(&format!("\n  {name}"));
    for verb in &LEARNERS {
        assert!(named(learners, verb.name), "`{}` is not in:\n{learners}", verb.name);
        assert!(learners.contains(verb.about), "`{}` is not in:\n{learners}", verb.about);
    }
    for (name, about) in MAINTAINERS {
        assert!(named(maintainers, name), "`{name}` is not in:\n{maintainers}");
        assert!(maintainers.contains(about), "`{about}` is not in:\n{maintainers}");
    }
}

#[test]
fn help_no_verb_and_an_unknown_verb_list_both_groups() {
    let checkout = Checkout::new();
    for arguments in [&["--help"][..], &["-h"], &["help"], &[]] {
        let output = checkout.xtask(arguments);
        output.exits(0);
        assert!(output.text.starts_with("cargo xtask VERB"), "{}", output.text);
        lists_every_verb(&output);
    }
    lists_every_verb(checkout.xtask(&["xyz"]).exits(2));
}

#[test]
fn each_verb_of_a_learner_has_a_file_and_help() {
    let checkout = Checkout::new();
    let listed: BTreeSet<String> = LEARNERS.iter().map(|verb| verb.name.to_owned()).collect();
    assert_eq!(listed, verbs_with_a_file());
    for name in listed {
        let output = checkout.xtask(&[&name, "--help"]);
        output.exits(0);
        assert!(output.text.starts_with(&format!("cargo xtask {name}")), "{}", output.text);
    }
}

/// A file's name has `_` where the verb has `-`.
fn verbs_with_a_file() -> BTreeSet<String> {
    let files = files::in_folder(&repository().join("xtask/src/verbs")).expect("there are verbs");
    let stem = |path: &Path| path.file_stem()?.to_str().map(|stem| stem.replace('_', "-"));
    let stems = files.iter().filter_map(|path| stem(path));
    stems.filter(|stem| !["mod", "verb"].contains(&stem.as_str())).collect()
}

/// What is called in place of cargo: it prints what it was called with, and ends with 101 where the verb is `ci`.
#[cfg(unix)]
const CARGO: &str = "#!/bin/sh\necho \"called: $*\"\n[ \"$6\" = ci ] && exit 101\nexit 7\n";

#[cfg(unix)]
#[test]
fn a_verb_of_a_maintainer_is_handed_over_with_its_arguments_and_its_exit_code() {
    use std::{fs, os::unix::fs::PermissionsExt};

    use crate::support::checkout::finish;

    let checkout = Checkout::new();
    let cargo = checkout.root.join("target/in-place-of-cargo");
    files::write(&cargo, CARGO.as_bytes()).expect("the checkout can be written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let call = |arguments| finish(checkout.command(arguments).env("CARGO", &cargo));
    let package = "called: run --locked -p workshop-maintain --";
    call(&["steady", "1", "--runs", "2"]).exits(7).says(format!("{package} steady 1 --runs 2\n"));
    call(&["starters", "--help"]).exits(7).says(format!("{package} starters --help\n"));
    // Cargo's own exit code for a build that failed: the workshop is at fault.
    call(&["ci"]).exits(4);
}
