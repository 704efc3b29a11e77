//! Values that a check has drawn from the run's seed. In texts that are compared each has a name, `<drawn scheme>`, so
//! that they are the same whatever was drawn; in texts that are read it has its value.

use serde::{Deserialize, Serialize};

/// Characters of a value that a reader is shown.
const LONGEST: usize = 100;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// `<drawn scheme>`.
    pub name: String,
    /// `Bearer2`.
    pub value: String,
}

/// The text with values in place of their names.
///
/// ```text
/// authorization: <drawn scheme> sesame   →   authorization: Bearer2 sesame
/// ```
pub fn with_values(text: &str, drawn: &[Drawn]) -> String {
    drawn
        .iter()
        .fold(text.to_owned(), |text, Drawn { name, value }| text.replace(name, &shortened(value)))
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…({} characters)", &value[..end], value.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_the_value() {
        let drawn =
            |value: &str| [Drawn { name: "<drawn token>".to_owned(), value: value.to_owned() }];
        assert_eq!(with_values("Bearer <drawn token>", &drawn("a-b")), "Bearer a-b");
        assert_eq!(with_values("no <drawn scheme>", &drawn("a-b")), "no <drawn scheme>");
        let long = with_values("<drawn token>", &drawn(&"x".repeat(4000)));
        assert!(long.len() < 150 && long.ends_with("…(4000 characters)"), "{long}");
    }
}
