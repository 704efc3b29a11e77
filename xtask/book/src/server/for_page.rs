//! What others have written, as a page may have it: nothing that a browser would obey, and not without end. Pages set
//! it as text, never as HTML.

use protocol::invisible;
use serde::Serialize;
use serde_json::{Result, Value};

/// Lines of one text that anybody reads.
const MOST_LINES: usize = 400;

/// Bytes of one text.
const MOST_BYTES: usize = 64 * 1024;

/// The value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map(harmless)
}

fn harmless(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(shortened(&invisible::harmless(&text))),
        Value::Array(mut values) => {
            let more = values.len().saturating_sub(MOST_LINES);
            values.truncate(MOST_LINES);
            let mut values: Vec<Value> = values.into_iter().map(harmless).collect();
            if more > 0 {
                values.push(Value::String(format!("… {more} lines more")));
            }
            Value::Array(values)
        }
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, value)| (name, harmless(value))).collect(),
        ),
        other => other,
    }
}

fn shortened(text: &str) -> String {
    let cut = text.floor_char_boundary(MOST_BYTES);
    let cut = text[..cut].match_indices('\n').nth(MOST_LINES - 1).map_or(cut, |(end, _)| end);
    match text[cut..].lines().filter(|line| !line.is_empty()).count() {
        0 => text.to_owned(),
        1 => format!("{}\n… {} bytes more", &text[..cut], text.len() - cut),
        more => format!("{}\n… {more} lines more", &text[..cut]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn shown(value: &Value) -> Value {
        json(value).expect("it is JSON")
    }

    #[test]
    fn what_is_short_and_plain_stays() {
        let value = json!({"answer": "HTTP/1.1 200 OK\n\n{}\n", "lines": ["a", "b"], "port": 3000});
        assert_eq!(shown(&value), value);
    }

    #[test]
    fn what_a_browser_would_obey_is_written_out_wherever_it_is() {
        let value = json!({"a": ["\u{202e}x", {"b": "\u{1b}[31m\u{200b}"}]});
        assert_eq!(shown(&value), json!({"a": [r"\u{202e}x", {"b": r"\u{1b}[31m\u{200b}"}]}));
    }

    #[test]
    fn of_a_long_text_the_beginning_is_shown_and_how_much_is_left_out() {
        let long = shown(&json!("0,\n".repeat(2_000_000)));
        let long = long.as_str().expect("a text");
        assert_eq!(long.lines().count(), MOST_LINES + 1);
        assert!(long.ends_with("\n… 1999600 lines more"), "{}", &long[long.len() - 40..]);
        let wide = shown(&json!("é".repeat(MOST_BYTES)));
        assert!(wide.as_str().is_some_and(|wide| wide.ends_with("\n… 65536 bytes more")));
        let lines = shown(&json!(vec!["x"; 1000]));
        assert_eq!(lines.as_array().expect("lines").len(), MOST_LINES + 1);
        assert_eq!(lines[MOST_LINES], "… 600 lines more");
    }
}
