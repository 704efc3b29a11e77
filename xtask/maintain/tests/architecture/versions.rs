//! The version of Rust is in the root's Cargo.toml, as `rust-version`; whatever else names one names the same.

use std::{fs, path::PathBuf};

use crate::{read, root};

/// What comes before a version of Rust in the files that name one.
const BEFORE: [&str; 6] = [
    "image: rust:",
    "FROM rust:",
    "rustup toolchain install ",
    "rustup default ",
    "rust-version = \"",
    "Rust ",
];

fn rust_version() -> String {
    let manifest = read(&root().join("Cargo.toml"));
    let line = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    line.expect("the root's Cargo.toml has it").trim_matches('"').to_owned()
}

/// The versions that the text names.
fn named(text: &str) -> Vec<&str> {
    let after = |before: &'static str| text.split(before).skip(1);
    let number = |rest: &str| rest.find(|c: char| c != '.' && !c.is_ascii_digit());
    let versions = BEFORE.into_iter().flat_map(after);
    let versions = versions.map(|rest| &rest[..number(rest).unwrap_or(rest.len())]);
    versions.filter(|version| version.contains('.')).collect()
}

#[test]
fn every_file_names_the_same_rust() {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(".github/workflows"))
        .expect("it is a folder")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.extend(
        [".devcontainer/Dockerfile", "README.md", "book/src/set-up.md", "xtask/class/Cargo.toml"]
            .map(|file| root().join(file)),
    );
    let wanted = rust_version();
    for file in files {
        let text = read(&file);
        let versions = named(&text);
        assert!(!versions.is_empty(), "{} names no version of Rust", file.display());
        for version in versions {
            assert_eq!(version, wanted, "{}, against rust-version in Cargo.toml", file.display());
        }
    }
}

#[test]
fn a_version_is_found_wherever_it_is_named() {
    let text = "image: rust:1.95-bookworm\n- run: rustup default 1.94.1\nRust 1.93 or newer, Rust by example.\n\
                rust-version = \"1.92\"";
    assert_eq!(named(text), ["1.95", "1.94.1", "1.92", "1.93"]);
}
