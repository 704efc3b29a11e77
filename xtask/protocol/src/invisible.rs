//! What the eye would miss, written out: in a header's value every such byte (`Bearer\x20`), in any other text what
//! a terminal or a page would obey instead of showing it (`\u{1b}`).

use std::borrow::Cow;

/// The value as text: spaces at its end, tabs, and bytes that are not UTF-8 are written out.
pub fn shown(value: &[u8]) -> String {
    let text =
        String::from_utf8(value.to_owned()).unwrap_or_else(|_| value.escape_ascii().to_string());
    let end = text.trim_end_matches(' ');
    let spaces = text.len() - end.len();
    format!("{}{}", end.replace('\t', "\\t"), "\\x20".repeat(spaces))
}

/// The bytes that [`shown`] wrote out.
pub fn bytes(shown: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = shown;
    while let Some(next) = rest.chars().next() {
        let hex =
            rest.strip_prefix("\\x").and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = &rest[4..];
        } else if let Some(after) = rest.strip_prefix("\\t") {
            bytes.push(b'\t');
            rest = after;
        } else {
            bytes.extend_from_slice(next.to_string().as_bytes());
            rest = &rest[next.len_utf8()..];
        }
    }
    bytes
}

/// Somebody else's text with all controls but line ends and tabs, and all that changes the direction of text or has
/// no width, written out.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_obeyed(c) {
            harmless.extend(c.escape_unicode());
        } else {
            harmless.push(c);
        }
    }
    Cow::Owned(harmless)
}

fn is_obeyed(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Directions, joiners, line ends of another kind, tags.
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_out_is_read_again() {
        for (value, text) in [
            (&b"Bearer "[..], r"Bearer\x20"),
            (b"a\tb", r"a\tb"),
            (b"\xe9", r"\xe9"),
            ("é".as_bytes(), "é"),
            (b"Bearer sesame", "Bearer sesame"),
        ] {
            assert_eq!(shown(value), text);
            assert_eq!(bytes(text), value);
        }
    }

    #[test]
    fn what_a_terminal_or_a_page_would_obey_is_written_out() {
        for (text, shown) in [
            ("plain\ttext\nin two lines, é, 日本", "plain\ttext\nin two lines, é, 日本"),
            ("\x1b]52;c;aGk=\x07", r"\u{1b}]52;c;aGk=\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("a\rb\x7f\0", r"a\u{d}b\u{7f}\u{0}"),
            ("user\u{202e}nimda", r"user\u{202e}nimda"),
            ("ad\u{200b}min\u{feff}", r"ad\u{200b}min\u{feff}"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }
}
