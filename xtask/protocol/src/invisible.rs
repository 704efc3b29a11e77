//! What the eye would miss, written out: in a header's value (`Bearer\x20`), and in any text that a terminal or a page
//! would obey rather than show (`\u{1b}]0;title`).

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

/// The text with everything written out that changes what is around it: control characters but line ends and tabs, marks
/// that turn the direction of writing, characters of no width.
pub fn harmless(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if is_harmless(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
        shown
    })
}

/// The same, but colours are left: what a compiler says has them.
pub fn harmless_in_colour(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().map(harmless);
    let rest = pieces.map(|piece| {
        let code = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match code.strip_prefix('m') {
            Some(after) => {
                format!("\x1b[{}{}", &piece[..piece.len() - after.len()], harmless(after))
            }
            None => harmless(&format!("\x1b[{piece}")),
        }
    });
    first.into_iter().chain(rest).collect()
}

fn is_harmless(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => false,
        _ => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        for (text, shown) in [
            ("\x1b]52;c;aGk=\x07", r"\u{1b}]52;c;aGk=\u{7}"),
            ("\x1b[2J\r\u{9b}2J", r"\u{1b}[2J\u{d}\u{9b}2J"),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{feff}", r"a\u{202e}b\u{2066}c\u{200b}d\u{feff}"),
            ("é\n\tß €", "é\n\tß €"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }

    #[test]
    fn colours_are_left_where_they_are_wanted() {
        let text = "\x1b[1m\x1b[38;5;9merror\x1b[0m \x1b[2J\x1b]0;x\x07 \x1b[mend \x1b[";
        let shown =
            "\x1b[1m\x1b[38;5;9merror\x1b[0m \\u{1b}[2J\\u{1b}]0;x\\u{7} \x1b[mend \\u{1b}[";
        assert_eq!(harmless_in_colour(text), shown);
    }

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
}
