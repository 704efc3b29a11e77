//! What nobody guesses: keys, the room's code, and how they are compared and stored.

use sha2::{Digest, Sha256};

/// Letters and digits that nobody confuses when they are read from a projector: no I, L, O, 0 or 1.
const LETTERS: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// How many letters a code has: 31⁸ codes, 39 bits.
const CODE: usize = 8;

/// 256 random bits, in hexadecimal digits.
pub fn random_key() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    hex(&bytes)
}

/// 128 random bits: they name something, and are not secret.
pub fn random_id() -> String {
    random_key()[..32].to_owned()
}

/// A code for the room, to be read aloud.
pub fn random_code() -> String {
    let mut code = String::with_capacity(CODE);
    while code.len() < CODE {
        let mut byte = [0];
        getrandom::fill(&mut byte).expect("the system has random bytes");
        // 248 is the largest multiple of 31 in a byte: beyond it, the first letters would come more often.
        if byte[0] < 248 {
            code.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        }
    }
    code
}

/// The code as somebody types it: lower case, spaces and a hyphen in the middle are forgiven.
pub fn typed_code(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(64)
        .collect::<String>()
        .to_uppercase()
}

/// What is stored of a key. A key has 256 random bits, so it needs neither salt nor argon2: there is nothing to guess.
pub fn key_hash(key: &str) -> String {
    hex(&Sha256::digest(key))
}

/// Whether two secrets are the same, in a time that does not depend on where they differ: hashes are compared, and
/// nobody can choose where those differ.
pub fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).expect("four bits are one digit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_letters_and_none_that_look_alike() {
        let codes: String = (0..500).map(|_| random_code()).collect();
        assert_eq!(codes.len(), 4000);
        assert!(!codes.contains(['I', 'L', 'O', '0', '1']));
        for letter in LETTERS {
            assert!(codes.contains(char::from(*letter)), "every letter is drawn");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(typed_code(" abcd-efgh\n"), "ABCDEFGH");
    }

    #[test]
    fn keys_differ_and_are_not_stored() {
        let key = random_key();
        assert_ne!(key, random_key());
        assert_eq!(key.len(), 64);
        assert_ne!(key_hash(&key), key);
        assert!(is_same(&key, &key.clone()) && !is_same(&key, "x"));
    }
}
