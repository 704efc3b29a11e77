//! A secret in what a server prints: whole, in part, or in another notation.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};

use crate::failure::Failure;

/// So many characters in a row of a long secret are too many.
const PART: usize = 8;

/// From this length on a secret without spaces is looked for in parts; a part of any other may be words.
const LONG: usize = 16;

/// Lines with a secret in them that a failure shows.
const SHOWN: usize = 4;

/// What must not be printed.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What it is, for the learner: `the password of a refused login`.
    pub name: String,
    /// The secret itself.
    pub value: String,
}

impl Secret {
    /// A secret, and what it is.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// Fails if one of the secrets is in what a server has printed; `expected` says what they are: `no token`.
pub fn no_traces(expected: &str, printed: &str, secrets: &[Secret]) -> Result<(), Failure> {
    let found = traces(printed, secrets);
    if found.is_empty() {
        return Ok(());
    }
    let told = |line: &&str| secrets.iter().any(|secret| line.contains(&secret.value));
    let lines: String =
        printed.lines().filter(told).take(SHOWN).flat_map(|line| ["\n", line]).collect();
    let expected = format!("{expected} in what the server prints");
    Err(Failure::printed(expected, format!("it prints {}{lines}", found.join(", "))))
}

/// Which of the secrets are in the text, and how: `the token (in base64)`.
fn traces(text: &str, secrets: &[Secret]) -> Vec<String> {
    let found = secrets.iter().filter_map(|secret| {
        let how = how(text, &secret.value)?;
        Some(format!("{}{how}", secret.name))
    });
    found.collect()
}

fn how(text: &str, secret: &str) -> Option<&'static str> {
    if text.contains(secret) {
        return Some("");
    }
    let part = |start: usize| secret.get(start..start + PART);
    let has_a_part = |start: usize| part(start).is_some_and(|part| text.contains(part));
    if secret.len() >= LONG && !secret.contains(' ') && (0..=secret.len() - PART).any(has_a_part) {
        return Some(" (a part of it)");
    }
    let bytes = secret.as_bytes();
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let digits = text.to_ascii_lowercase().replace("0x", "");
    let digits: String = digits.chars().filter(|c| !" ,:-\n".contains(*c)).collect();
    if digits.contains(&hex) {
        return Some(" (in hex)");
    }
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if spaced.contains(&numbers.join(", ")) {
        return Some(" (as numbers)");
    }
    // The last group may be another one if something follows.
    let whole_groups = &bytes[..bytes.len() - bytes.len() % 3];
    let base64 =
        [BASE64_STANDARD_NO_PAD.encode(whole_groups), BASE64_URL_SAFE_NO_PAD.encode(whole_groups)];
    base64.iter().any(|form| !form.is_empty() && text.contains(form)).then_some(" (in base64)")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "correcthorsebattery9";

    fn found(text: &str) -> Vec<String> {
        traces(text, &[Secret::new("it", SECRET)])
    }

    #[test]
    fn a_secret_is_found_whole_in_part_and_in_other_notations() {
        assert_eq!(found("login correcthorsebattery9 refused"), ["it"]);
        assert_eq!(found("login horsebat… refused"), ["it (a part of it)"]);
        assert_eq!(found(&format!("{:02x?}", SECRET.as_bytes())), ["it (in hex)"]);
        assert_eq!(found(&format!("{:02X?}", SECRET.as_bytes())), ["it (in hex)"]);
        assert_eq!(found(&format!("{:?}", SECRET.as_bytes())), ["it (as numbers)"]);
        assert_eq!(found(&format!("{:#?}", SECRET.as_bytes())), ["it (as numbers)"]);
        assert_eq!(found("Y29ycmVjdGhvcnNlYmF0dGVyeTk="), ["it (in base64)"]);
    }

    #[test]
    fn what_gives_nothing_away_is_no_trace() {
        assert!(found("a login of alice was refused: correcth…").len() == 1, "eight characters");
        assert!(found("a login of alice was refused: correct…").is_empty());
        assert!(traces("wonder", &[Secret::new("it", "wonderland")]).is_empty(), "a word");
        let words = [Secret::new("it", "only the checks know this")];
        assert!(traces("what the checks know", &words).is_empty(), "words");
    }
}
