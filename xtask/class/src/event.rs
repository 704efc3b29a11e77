//! What a learner's `cargo xtask` reports: nothing of the code, and no text of its own.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

/// As many as one request may carry.
pub const MOST: usize = 100;

/// The largest number of an event: beyond it JavaScript cannot count (RFC 7493 §2.2).
const LARGEST: i64 = (1 << 53) - 1;

/// Something that happened, with the number that the learner's side gave it. The same number again is the same event.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"seq": 1, "verdict": {
    "step": 3, "passed": 4, "checks": 9, "core": false, "minutes": 7,
    "failing": "refuses_a_request_without_a_token", "finding": "let_in"
}}))]
pub struct Event {
    /// From 1, in the order in which things happened.
    #[serde(deserialize_with = "number")]
    #[schema(minimum = 1)]
    pub seq: i64,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A save was judged.
    Verdict(Verdict),
    /// A hand was raised, or taken down.
    Hand(bool),
}

/// How a step stands after a save.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The step's number.
    pub step: u8,
    /// How many checks pass.
    pub passed: u16,
    /// How many there are.
    pub checks: u16,
    /// Whether the core passes.
    pub core: bool,
    /// How long the learner has worked on the step.
    pub minutes: u16,
    /// The name of the check to look at first.
    #[serde(default, deserialize_with = "word")]
    pub failing: Option<String>,
    /// The kind of difference that it found.
    #[serde(default, deserialize_with = "word")]
    pub finding: Option<String>,
    /// The name of the known mistake.
    #[serde(default, deserialize_with = "word")]
    pub mistake: Option<String>,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if (1..=LARGEST).contains(&number) {
        Ok(number)
    } else {
        Err(D::Error::custom("an event's number is at least 1 and can be counted"))
    }
}

/// The names of checks, findings and mistakes have letters, digits, `_` and `-`: no name is a sentence. Which of them a course
/// has, [`Course`](crate::course::Course) knows.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    let is_word = |word: &String| {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        (1..=100).contains(&word.len()) && word.chars().all(letters)
    };
    if word.as_ref().is_none_or(is_word) {
        Ok(word)
    } else {
        Err(D::Error::custom("a name has 1 to 100 letters, digits, _ and -"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn an_event_is_a_verdict_or_a_hand_with_a_number() {
        let read = |value| from_value::<Event>(value).is_ok();
        let verdict = |failing| {
            json!({"seq": 1, "verdict": {"step": 1, "passed": 0, "checks": 1, "core": false,
                "minutes": 0, "failing": failing}})
        };
        assert!(read(verdict(json!("refuses_a_request"))));
        assert!(read(verdict(json!(null))));
        assert!(read(json!({"seq": 1, "hand": true})));
        for refused in ["", "two words", "<b>", "=1+1", "\u{202e}", "naïve", &"x".repeat(101)] {
            assert!(!read(verdict(json!(refused))), "{refused}");
        }
        assert!(!read(json!({"seq": 0, "hand": true})));
        assert!(!read(json!({"seq": 1_u64 << 53, "hand": true})));
        assert!(!read(json!({"hand": true})));
        assert!(!read(json!({"seq": 1, "code": "fn main() {}"})));
    }
}
