//! What a learner may change beside `src/`, merged with what is newer: the users and the dependencies of a step, and what
//! cargo makes of these.

use serde_json::Value;

/// The users' file, if the learner's and the newer one can be one; `old` is what both were made from.
pub fn users(old: &str, ours: &str, new: &str) -> Option<String> {
    let in_lines = ours.replace("\r\n", "\n");
    if old == new || in_lines == new {
        return Some(ours.to_owned());
    }
    if in_lines == old {
        return Some(new.to_owned());
    }
    let merged = diffy::merge(old, &in_lines, new).ok()?;
    serde_json::from_str::<Value>(&merged).is_ok().then_some(merged)
}

/// The newer manifest, with what the learner has in `[dependencies]` and the solution has not: both had the same.
pub fn manifest(solution: &str, ours: &str, new: &str) -> Option<String> {
    let given = dependencies(solution);
    let own: Vec<&str> =
        dependencies(ours).into_iter().filter(|line| !given.contains(line)).collect();
    let is_own = |line: &str| own.iter().any(|own| key(own) == key(line));
    let mut lines: Vec<&str> = Vec::new();
    let mut is_inside = false;
    for line in new.lines() {
        if !(is_inside && is_own(line)) {
            lines.push(line);
        }
        is_inside = is_inside && !line.starts_with('[');
        if line == HEAD {
            is_inside = true;
            lines.extend(&own);
        }
    }
    let mut ours_in_order: Vec<&str> = ours.lines().collect();
    let mut in_order = lines.clone();
    ours_in_order.sort_unstable();
    in_order.sort_unstable();
    if ours_in_order == in_order {
        return Some(ours.to_owned());
    }
    let merged = lines.join("\n") + "\n";
    toml::from_str::<toml::Table>(&merged).is_ok().then_some(merged)
}

/// Whether cargo's lock file has all that is in the newer one, and only adds what a learner's steps depend on.
pub fn locks_all_of(ours: &str, new: &str) -> bool {
    let is_of_a_step = |package: &&str| package.contains("\nname = \"step-");
    let mut packages = new.split("\n\n").map(str::trim).filter(|package| !is_of_a_step(package));
    let ours: Vec<&str> = ours.split("\n\n").map(str::trim).collect();
    packages.all(|package| ours.contains(&package))
}

const HEAD: &str = "[dependencies]";

/// The lines of the section.
fn dependencies(manifest: &str) -> Vec<&str> {
    let below = manifest.lines().skip_while(|line| *line != HEAD).skip(1);
    let section = below.take_while(|line| !line.starts_with('['));
    section.filter(|line| !line.trim().is_empty()).collect()
}

/// The crate that a line names.
fn key(line: &str) -> &str {
    line.split(['.', '=', ' ']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "[\n  {\n    \"name\": \"alice\"\n  },\n  {\n    \"name\": \"bob\"\n  }\n]\n";

    #[test]
    fn users_of_both_are_in_the_file() {
        let ours = OLD.replace("alice", "ada");
        assert_eq!(users(OLD, &ours, OLD).as_ref(), Some(&ours), "nothing is new");
        let new = OLD.replace("bob", "bert");
        assert_eq!(users(OLD, OLD, &new).as_ref(), Some(&new));
        assert_eq!(users(OLD, &ours, &new), Some(new.replace("alice", "ada")));
        let on_windows = OLD.replace('\n', "\r\n");
        assert_eq!(users(OLD, &on_windows, OLD), Some(on_windows));
    }

    #[test]
    fn what_would_be_no_json_is_in_conflict() {
        assert_eq!(users(OLD, &OLD.replace("bob", "bill"), &OLD.replace("bob", "bert")), None);
        assert_eq!(users(OLD, &OLD.replace("]\n", ""), &OLD.replace("bob", "bert")), None);
    }

    #[test]
    fn a_lock_file_may_have_more_and_never_less() {
        let package = |name: &str, uses: &str| format!("[[package]]\nname = \"{name}\"\n{uses}\n");
        let new = [package("axum", ""), package("step-03", "axum")].join("\n");
        let ours = [package("anyhow", ""), package("axum", ""), package("step-03", "anyhow axum")];
        assert!(locks_all_of(&ours.join("\n"), &new));
        assert!(!locks_all_of(&ours.join("\n"), &new.replace("axum\"", "axum\"\nversion")));
    }

    #[test]
    fn a_dependency_of_the_learner_s_stays() {
        let manifest_of = |title: &str, dependencies: &str| {
            format!(
                "[package]\nname = \"{title}\"\n\n[dependencies]\n{dependencies}\n[lints]\nworkspace = true\n"
            )
        };
        let merged = |ours: &str, new: &str| {
            manifest(
                &manifest_of("solution", "axum = \"1\"\n"),
                &manifest_of("old", ours),
                &manifest_of("new", new),
            )
        };
        assert_eq!(
            merged("axum = \"1\"\n", "axum = \"2\"\n"),
            Some(manifest_of("new", "axum = \"2\"\n"))
        );
        assert_eq!(
            merged("axum = \"1\"\nanyhow = \"1\"\n", "axum = \"2\"\n"),
            Some(manifest_of("new", "anyhow = \"1\"\naxum = \"2\"\n"))
        );
        assert_eq!(
            merged("axum = { version = \"1\", features = [] }\n", "axum = \"2\"\n"),
            Some(manifest_of("new", "axum = { version = \"1\", features = [] }\n"))
        );
        let own = "axum = \"1\"\nanyhow = \"1\"\n";
        let ours = manifest_of("old", own);
        let solution = manifest_of("solution", "axum = \"1\"\n");
        let new = manifest_of("old", "axum = \"1\"\n");
        assert_eq!(manifest(&solution, &ours, &new), Some(ours), "nothing is new");
        assert_eq!(merged("anyhow = {\n", "axum = \"2\"\n"), None, "it would be no manifest");
    }
}
