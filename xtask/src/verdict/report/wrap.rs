//! Sentences in lines of a terminal.

/// What we write is as wide at most, except for commands and addresses, which are copied.
pub(super) const WIDTH: usize = 80;

/// Breaks a sentence into lines, never within code; those after the first begin with so many spaces.
pub(super) fn wrapped(sentence: &str, indent: usize) -> String {
    let (mut text, mut width) = (String::new(), 0);
    for word in words(sentence) {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            width = indent;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(&word);
        width += length;
    }
    text
}

/// The words of a sentence; code in backticks is one word, whatever is in it.
fn words(sentence: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in sentence.split(' ') {
        match words.last_mut() {
            Some(open) if open.matches('`').count() % 2 == 1 => {
                open.push(' ');
                open.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_at_most_and_indented() {
        let lines = wrapped(&"word ".repeat(40), 7);
        assert_eq!(lines.lines().count(), 3);
        assert!(lines.lines().all(|line| line.chars().count() <= WIDTH), "{lines}");
        assert!(lines.lines().skip(1).all(|line| line.starts_with("       word")), "{lines}");
    }

    #[test]
    fn code_is_never_broken() {
        let sentence = format!("{} `let a = 1;`.", "x".repeat(75));
        assert_eq!(wrapped(&sentence, 2), format!("{}\n  `let a = 1;`.", "x".repeat(75)));
    }
}
