//! A header's value as text, with every byte that the eye would miss written out: `Bearer\x20`.

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
}
