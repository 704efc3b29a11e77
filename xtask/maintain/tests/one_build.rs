//! Before the first verdict cargo is called twice, for xtask and for a step: what both use is compiled once.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// Each crate that the package uses, with the features that cargo chooses for it.
fn features(package: &str, edges: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the checkout");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}\t{f}"])
        .args(["-p", package, "-e", edges])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo prints text");
    let mut crates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        let (name, features) = line.split_once('\t').expect("the format has a tab");
        let name: Vec<&str> = name.split(' ').take(2).collect();
        let features = features.trim_end_matches(" (*)").to_owned();
        crates.entry(name.join(" ")).or_default().insert(features);
    }
    crates
}

#[test]
fn no_crate_of_others_is_compiled_twice_before_the_first_verdict() {
    let runner = features("xtask", "normal,build");
    let step = features("step-01", "normal,build,dev");
    let mut shared = 0;
    for (name, chosen) in &runner {
        let Some(other) = step.get(name) else { continue };
        shared += 1;
        assert!(
            chosen == other,
            "{name} is compiled twice: xtask has {chosen:?} and step-01 {other:?}. \
             xtask/protocol/Cargo.toml is the place to choose its features for both."
        );
    }
    assert!(shared > 10, "only {shared} crates are shared: is this the right list?");
}
