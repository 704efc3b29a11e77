//! The values that a check asks with, drawn from the run's seed: no constant in a server passes for a rule.
//!
//! In transcripts each has a name, `<drawn scheme>`; the same seed draws the same for the same check, whichever other
//! checks run.

use std::env;

use protocol::environment;

use crate::current;

const CAPITALS: &str = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// What a b64token is made of (RFC 6750 §2.1), before the `=` at its end.
const B64TOKEN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";

/// More of it than base64 has.
const END: &str = "===";

/// One of these.
pub fn one_of(what: &str, values: &[&str]) -> String {
    noted(what, values[below(values.len())].to_owned())
}

/// So many lower-case letters.
pub fn letters(what: &str, length: usize) -> String {
    noted(what, text(SMALL, length))
}

/// Twenty letters and digits that no program has by chance.
pub fn secret(what: &str) -> String {
    noted(what, text(&[CAPITALS, SMALL, DIGITS].concat(), 20))
}

/// A b64token of that length; one of at least 72 has each of the characters that are allowed, and three `=` at its end,
/// which may have any number of them.
pub fn b64token(what: &str, length: usize) -> String {
    let mut token: Vec<char> = text(CAPITALS, 1).chars().collect();
    if length >= 72 {
        token.extend(shuffled(B64TOKEN));
        token.extend(text(B64TOKEN, length - token.len() - END.len()).chars());
        token.extend(END.chars());
    } else {
        token.extend(text(B64TOKEN, length - 1).chars());
    }
    noted(what, token.into_iter().collect())
}

/// A number below `end`; no transcript shows it.
pub fn below(end: usize) -> usize {
    let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
    usize::try_from(next() % end).unwrap_or_default()
}

/// A value made of what was drawn, which has a name of its own.
pub fn noted(what: &str, value: String) -> String {
    current::note(what, &value);
    value
}

fn text(alphabet: &str, length: usize) -> String {
    let alphabet = alphabet.as_bytes();
    (0..length).map(|_| char::from(alphabet[below(alphabet.len())])).collect()
}

fn shuffled(alphabet: &str) -> Vec<char> {
    let mut characters: Vec<char> = alphabet.chars().collect();
    for end in (2..=characters.len()).rev() {
        characters.swap(below(end), end - 1);
    }
    characters
}

/// The next number of SplitMix64, which begins with the seed and the check's name.
fn next() -> u64 {
    let steps = current::next_number().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let state = beginning(current::name()).wrapping_add(steps);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn beginning(name: &str) -> u64 {
    let seed = env::var(environment::SEED).ok().and_then(|seed| seed.parse().ok());
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    name.bytes().fold(seed.unwrap_or(0_u64).wrapping_add(0xcbf2_9ce4_8422_2325), mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_check_draws_the_same_and_another_something_else() {
        let draw = |check| {
            current::begin(check);
            (secret("password"), secret("other"))
        };
        let first = draw("a");
        let other = draw("b");
        assert_ne!(first, other);
        assert_eq!(first, draw("a"));
        assert_ne!(first.0, first.1);
        assert_eq!(current::with_names(&first.1), "<drawn other>");
    }

    #[test]
    fn a_long_token_has_every_character_that_is_allowed() {
        current::begin("c");
        let token = b64token("token", 72);
        assert_eq!(token.len(), 72);
        assert!(B64TOKEN.chars().all(|c| token.contains(c)) && token.ends_with('='));
        assert_eq!(b64token("short", 1).len(), 1);
    }
}
