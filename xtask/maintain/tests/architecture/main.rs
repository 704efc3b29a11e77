//! ARCHITECTURE.md is true: crates and folders depend on each other as it says, and it names all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

mod commands;
mod modules;
mod versions;

use modules::{Edges, Modules, top};

fn root() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    folder.expect("xtask/maintain is two folders down").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page() -> String {
    read(&root().join("ARCHITECTURE.md"))
}

/// The names in the first column of the table with this head, in order.
fn table(head: &str) -> Vec<String> {
    let page = page();
    let (_, rest) = page.split_once(head).unwrap_or_else(|| panic!("no table `{head}`"));
    let rows = rest.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let names = cells.flat_map(|cell| cell.split(',').map(|name| name.trim().replace('`', "")));
    names.collect()
}

/// The crates of the workspace with the crates of the workspace that each depends on, from cargo itself.
fn crates() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root());
    let output = cargo.output().expect("cargo can be started");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("it lists packages");
    // Steps and solutions are named by their kind: each is like the next.
    let name = |value: &Value| {
        let name = value.as_str().expect("a package has a name");
        let kind = ["step-", "solution-"].into_iter().find(|kind| name.starts_with(kind));
        kind.map_or(name.to_owned(), |kind| format!("{kind}NN"))
    };
    let ours: BTreeSet<String> = packages.iter().map(|package| name(&package["name"])).collect();
    let mut crates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages {
        let dependencies = package["dependencies"].as_array().expect("a package lists them");
        let used = dependencies.iter().map(|dependency| name(&dependency["name"]));
        crates
            .entry(name(&package["name"]))
            .or_default()
            .extend(used.filter(|name| ours.contains(name)));
    }
    crates
}

#[test]
fn a_crate_depends_only_on_crates_above_it() {
    let order = table("| crate | folder | what |");
    for (name, used) in crates() {
        let place = |name: &String| order.iter().position(|other| other == name);
        let own = place(&name).unwrap_or_else(|| panic!("ARCHITECTURE.md does not name `{name}`"));
        for used in used {
            assert!(place(&used) < Some(own), "`{name}` uses `{used}`, which is not above it");
        }
    }
}

#[test]
fn every_folder_is_named() {
    let page = page();
    for folder in ["", "xtask", "xtask/peers"] {
        for entry in fs::read_dir(root().join(folder)).expect("it is a folder").flatten() {
            let name = entry.file_name().into_string().expect("a name is text");
            let made = ["target", "src", "tests"].contains(&name.as_str()) || name.starts_with('.');
            if entry.path().is_dir() && !made {
                assert!(
                    page.contains(&format!("{name}/`")) || page.contains(&format!("/{name}`")),
                    "ARCHITECTURE.md does not name the folder {folder}/{name}"
                );
            }
        }
    }
    for (folder, head) in INSIDE {
        let named: BTreeSet<String> = table(head).into_iter().collect();
        let modules = Modules::read(&root().join(folder));
        let found: BTreeSet<String> = modules.tops().filter(|top| !top.is_empty()).collect();
        assert_eq!(found, named, "the modules of {folder}, and those of its table");
    }
}

/// The sources of each crate, and the head of its table.
const INSIDE: [(&str, &str); 6] = [
    ("xtask/src", "| in `xtask/src` | what |"),
    ("xtask/protocol/src", "| in `xtask/protocol/src` | what |"),
    ("xtask/harness/src", "| in `xtask/harness/src` | what |"),
    ("xtask/book/src", "| in `xtask/book/src` | what |"),
    ("xtask/maintain/src", "| in `xtask/maintain/src` | what |"),
    ("xtask/class/src", "| in `xtask/class/src` | what |"),
];

#[test]
fn a_folder_uses_only_what_is_above_it() {
    for (folder, head) in [INSIDE[0], INSIDE[3]] {
        let order = table(head);
        let place = |name: &str| order.iter().position(|other| other == name);
        for (user, used) in Modules::read(&root().join(folder)).between_tops() {
            if !user.is_empty() && !used.is_empty() {
                assert!(
                    place(&used) < place(&user),
                    "in {folder}, `{user}` uses `{used}`, which is not above it"
                );
            }
        }
    }
}

#[test]
fn no_two_folders_or_files_import_each_other() {
    for (folder, _) in INSIDE {
        let modules = Modules::read(&root().join(folder));
        assert_eq!(circle(&modules.between_tops()), None, "folders of {folder}");
        assert_eq!(circle(&modules.uses), None, "files of {folder}");
    }
}

#[test]
fn no_library_imports_a_verb() {
    for (folder, _) in INSIDE {
        let modules = Modules::read(&root().join(folder));
        for (user, used) in &modules.uses {
            let calls_verbs = ["", "command_line", "verbs"].contains(&top(user));
            assert!(
                top(used) != "verbs" || calls_verbs,
                "in {folder}, `{user}` uses the verb `{used}`"
            );
        }
        for path in modules.files.values() {
            let text = read(path);
            let of_maintain = path.starts_with(root().join("xtask/maintain"));
            assert!(
                of_maintain || !text.contains("xtask::verbs"),
                "{} uses a verb of xtask",
                path.display()
            );
        }
    }
}

/// A circle among the edges, if there is one.
fn circle(edges: &Edges) -> Option<Vec<String>> {
    let mut left = edges.clone();
    loop {
        let users: BTreeSet<String> = left.iter().map(|(user, _)| user.clone()).collect();
        let before = left.len();
        // Who uses nobody that uses somebody is in no circle.
        left.retain(|(_, used)| users.contains(used));
        if left.is_empty() {
            return None;
        }
        if left.len() == before {
            return Some(left.into_iter().map(|(user, used)| format!("{user} → {used}")).collect());
        }
    }
}

#[test]
fn a_circle_is_found() {
    let edges = |list: &[(&str, &str)]| -> Edges {
        list.iter().map(|(user, used)| ((*user).to_owned(), (*used).to_owned())).collect()
    };
    assert_eq!(circle(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert!(circle(&edges(&[("a", "b"), ("b", "c"), ("c", "b")])).is_some());
}
