//! CI runs the README's commands, and nothing that it does not name.

use crate::{read, root};

/// The commands of a script that are the workshop's own, without their flags.
fn commands(script: &str) -> Vec<String> {
    let lines = script.lines().map(str::trim);
    let ours = lines.filter(|line| ["cargo ", ".ci/"].iter().any(|start| line.starts_with(start)));
    let words = ours.map(|line| line.split(' ').take_while(|word| !word.starts_with('-')));
    words.map(|words| words.collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_readme_names_every_command_of_ci() {
    let (script, readme) = (read(&root().join(".ci/run")), read(&root().join("README.md")));
    let commands = commands(&script);
    assert!(commands.contains(&"cargo xtask ci".to_owned()), "{commands:?}");
    for command in commands {
        let named =
            readme.contains(&format!("`{command}`")) || readme.contains(&format!("\n{command}\n"));
        assert!(named, ".ci/run calls `{command}`, and README.md does not name it");
    }
}

#[test]
fn commands_are_found_in_a_script() {
    let script = "# cargo xtask no\nset -e\nif true; then\n    cargo xtask a --flag\nfi\n.ci/b\ncargo xtask c\n";
    assert_eq!(commands(script), ["cargo xtask a", ".ci/b", "cargo xtask c"]);
}
