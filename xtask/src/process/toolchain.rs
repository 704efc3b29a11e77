//! The Rust on this machine.

use std::process::{Command, Stdio};

/// What `rustc --version` says; nothing if there is no rustc.
pub fn rustc() -> Option<String> {
    first_line("rustc", "--version")
}

/// Whether a line such as `rustc 1.95.0 (…)` names a version that is at least this one.
pub fn is_enough(found: &str, needed: &str) -> bool {
    version(found) >= version(needed)
}

/// The first line that the program prints, called with this argument.
pub fn first_line(name: &str, argument: &str) -> Option<String> {
    let output = Command::new(name).arg(argument).stderr(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned())
}

/// `rustc 1.95.0 (…)` and `1.95` as numbers that compare.
fn version(text: &str) -> Vec<u32> {
    let number = text.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number.unwrap_or_default().split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_numbers_wherever_they_stand() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), [1, 95, 0]);
        assert_eq!(version("rustc 1.97.0-nightly (0123abcde 2026-05-01)"), [1, 97, 0]);
        assert_eq!(version("1.95"), [1, 95]);
        assert!(version("rustc").is_empty() && version("").is_empty());
    }

    #[test]
    fn versions_compare_as_numbers_not_as_words() {
        let is_enough = |found: &str| is_enough(found, "1.95");
        assert!(is_enough("rustc 1.95.0 (59807616e 2026-04-14)"));
        assert!(is_enough("rustc 1.100.0") && is_enough("rustc 2.0.0"));
        assert!(!is_enough("rustc 1.94.1") && !is_enough("rustc 1.9.0"));
        assert!(!is_enough("rustc"), "what says no version is not enough");
    }
}
