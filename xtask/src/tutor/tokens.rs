//! Rust source as tokens: comments, spaces and trailing commas do not count. Never fails, since a learner's file may
//! be half-written.

/// One token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As written, in one form: `"a"` for `r"a"`, `1000` for `1_000`, `type` for `r#type`.
    pub(super) text: String,
    /// The line of its first character, from 1.
    pub(super) line: u32,
}

/// Operators of several characters, the longest first. `>>` is none: it closes two generics as often as it shifts.
const OPERATORS: [&str; 23] = [
    "..=", "...", "<<=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "..", "+=", "-=",
    "*=", "/=", "%=", "^=", "&=", "|=", "<<", "$$",
];

/// The tokens of a source file, or of a pattern.
pub(super) fn read(source: &str) -> Vec<Token> {
    let mut reader = Reader { left: source, line: 1 };
    let mut tokens: Vec<Token> = Vec::new();
    loop {
        reader.skip_space();
        let line = reader.line;
        let Some(text) = reader.token() else { return tokens };
        let closes = [")", "]", "}"].contains(&text.as_str());
        if closes && tokens.last().is_some_and(|last| last.text == ",") {
            tokens.pop();
        }
        tokens.push(Token { text, line });
    }
}

/// The index of the bracket that closes the one at `open`; the last index if none does.
pub(super) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

struct Reader<'s> {
    left: &'s str,
    line: u32,
}

impl Reader<'_> {
    /// Takes what comes next, up to the byte `end`.
    fn take(&mut self, end: usize) -> &str {
        let (taken, left) = self.left.split_at(end);
        self.left = left;
        let breaks = taken.bytes().filter(|byte| *byte == b'\n').count();
        self.line += u32::try_from(breaks).unwrap_or(u32::MAX);
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let end = self.left.find(|letter| !wanted(letter)).unwrap_or(self.left.len());
        self.take(end)
    }

    fn skip_space(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if self.left.starts_with("//") {
                self.take_while(|letter| letter != '\n');
            } else if self.left.starts_with("/*") {
                self.skip_block_comment();
            } else {
                return;
            }
        }
    }

    /// Comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        let mut end = 0;
        while let Some(rest) = self.left.get(end..).filter(|rest| !rest.is_empty()) {
            let length = match rest {
                rest if rest.starts_with("/*") => {
                    depth += 1;
                    2
                }
                rest if rest.starts_with("*/") => {
                    depth -= 1;
                    2
                }
                rest => rest.chars().next().map_or(1, char::len_utf8),
            };
            end += length;
            if depth == 0 {
                break;
            }
        }
        self.take(end);
    }

    fn token(&mut self) -> Option<String> {
        let first = self.left.chars().next()?;
        if let Some(prefix) = self.string_prefix() {
            return Some(self.string(prefix));
        }
        if let Some(end) = self.character() {
            return Some(self.take(end).to_owned());
        }
        if first == '\'' {
            let quote = self.take(1).to_owned();
            return Some(quote + self.take_while(is_of_a_word));
        }
        if first.is_ascii_digit() {
            return Some(self.number());
        }
        if is_of_a_word(first) {
            if self.left.starts_with("r#") {
                self.take(2);
            }
            return Some(self.take_while(is_of_a_word).to_owned());
        }
        let operator = OPERATORS.iter().find(|operator| self.left.starts_with(**operator));
        let length = operator.map_or(first.len_utf8(), |operator| operator.len());
        Some(self.take(length).to_owned())
    }

    /// `r#`, `b` or nothing before the quote that opens a string, if one opens here.
    fn string_prefix(&self) -> Option<&'static str> {
        let prefixes = ["", "b", "c", "r", "br", "cr"];
        prefixes.into_iter().find(|prefix| {
            let rest = self.left.strip_prefix(prefix);
            let is_raw = prefix.ends_with('r');
            rest.is_some_and(|rest| {
                rest.starts_with('"')
                    || is_raw
                        && rest.trim_start_matches('#').starts_with('"')
                        && rest.starts_with('#')
            })
        })
    }

    /// A string without escapes that it does not need.
    fn string(&mut self, prefix: &str) -> String {
        let kind = prefix.trim_end_matches('r');
        self.take(prefix.len());
        let content = if prefix.ends_with('r') {
            let hashes = self.take_while(|letter| letter == '#').len();
            self.take(1);
            let end = format!("\"{}", "#".repeat(hashes));
            let length = self.left.find(&end).unwrap_or(self.left.len());
            let content = self.take(length).replace('\\', "\\\\").replace('"', "\\\"");
            let end = end.len().min(self.left.len());
            self.take(end);
            content
        } else {
            self.take(1);
            let mut escaped = false;
            let end = self.left.find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            });
            let content = self.take(end.unwrap_or(self.left.len())).to_owned();
            self.take(usize::from(end.is_some()));
            content
        };
        format!("{kind}\"{}\"", content.replace("\r\n", "\n"))
    }

    /// The length of a character literal, if one stands here and no lifetime.
    fn character(&self) -> Option<usize> {
        let prefix = usize::from(self.left.starts_with("b'"));
        let inside = self.left.get(prefix..)?.strip_prefix('\'')?;
        let mut letters = inside.char_indices();
        let (_, first) = letters.next()?;
        if first == '\\' {
            letters.next()?;
        } else if first == '\'' || first == '\n' {
            return None;
        }
        let (end, _) = letters.find(|(_, letter)| first != '\\' || *letter == '\'')?;
        inside[end..].starts_with('\'').then_some(prefix + 1 + end + 1)
    }

    fn number(&mut self) -> String {
        let mut number = self.take_while(is_of_a_word).replace('_', "");
        let has_fraction = self
            .left
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if has_fraction {
            number += self.take(1);
            number += &self.take_while(is_of_a_word).replace('_', "");
        }
        number
    }
}

fn is_of_a_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        read(source).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn comments_and_spaces_do_not_count() {
        let plain = texts("let a = b + c;");
        assert_eq!(plain, ["let", "a", "=", "b", "+", "c", ";"]);
        assert_eq!(texts("let a=b// c\n/* d /* e */ \"f */+c ;"), plain);
        assert_eq!(texts("/// doc\nlet a = b + c;//"), plain);
        assert_eq!(texts("a /* never closed"), ["a"]);
    }

    #[test]
    fn trailing_commas_do_not_count() {
        assert_eq!(texts("f(a, b,\n)"), texts("f(a, b)"));
        assert_eq!(texts("[a,]{b,}"), ["[", "a", "]", "{", "b", "}"]);
    }

    #[test]
    fn a_string_is_one_token_however_it_is_written() {
        assert_eq!(texts(r##"r#"a"b"# "a\"b""##), [r#""a\"b""#, r#""a\"b""#]);
        assert_eq!(
            texts(r#"r"\d" "\\d" b"x" "// no comment""#),
            [r#""\\d""#, r#""\\d""#, r#"b"x""#, r#""// no comment""#]
        );
        assert_eq!(texts("r#type rate \"open"), ["type", "rate", "\"open\""]);
        assert_eq!(texts("\"a\r\nb\""), texts("\"a\nb\""));
    }

    #[test]
    fn a_lifetime_is_no_character() {
        assert_eq!(
            texts("&'a str ' ' '\\'' '\\u{1F600}' b'x' 'é'"),
            ["&", "'a", "str", "' '", "'\\''", "'\\u{1F600}'", "b'x'", "'é'"]
        );
        assert_eq!(
            texts("f::<'_, 'static>('"),
            ["f", "::", "<", "'_", ",", "'static", ">", "(", "'"]
        );
    }

    #[test]
    fn numbers_and_operators_are_whole() {
        assert_eq!(
            texts("1_000u64 0x1F 1.5 0..10 7..=8 x.0"),
            ["1000u64", "0x1F", "1.5", "0", "..", "10", "7", "..=", "8", "x", ".", "0"]
        );
        assert_eq!(
            texts("a==b!=c&&d||e=>f->g::h"),
            ["a", "==", "b", "!=", "c", "&&", "d", "||", "e", "=>", "f", "->", "g", "::", "h"]
        );
        assert_eq!(texts("Vec<Vec<u8>>"), ["Vec", "<", "Vec", "<", "u8", ">", ">"]);
    }

    #[test]
    fn a_token_has_the_line_of_its_first_character() {
        let lines =
            |source: &str| -> Vec<u32> { read(source).iter().map(|token| token.line).collect() };
        assert_eq!(lines("a\n\"b\nc\" d\n/*\n*/ e"), [1, 2, 3, 5]);
        assert_eq!(lines("a\r\n// b\r\nc"), [1, 3]);
    }

    #[test]
    fn a_bracket_is_closed_by_its_own() {
        let tokens = read("f(a[1], {b}) c(");
        assert_eq!(closing(&tokens, 1), 10);
        assert_eq!(closing(&tokens, 12), 12);
    }
}
