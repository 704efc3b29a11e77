//! A merge of three texts that sees words where lines are in conflict.

/// A merge by lines and, where these are in conflict, by words: two changes side by side, or in one line, are none.
pub fn by_words(original: &str, ours: &str, theirs: &str) -> Result<String, String> {
    let marked = match diffy::merge(original, ours, theirs) {
        Ok(merged) => return Ok(merged),
        Err(marked) => marked,
    };
    let mut merged = String::new();
    let mut is_whole = true;
    let mut rest = marked.as_str();
    while let Some((before, conflict, after)) = next_conflict(rest) {
        merged.push_str(before);
        let [ours, original, theirs] = conflict.sides.map(words);
        let words = diffy::merge(&original, &ours, &theirs);
        is_whole &= words.is_ok();
        merged.push_str(&words.map_or(conflict.text.to_owned(), |words| joined(&words)));
        rest = after;
    }
    merged.push_str(rest);
    if is_whole { Ok(merged) } else { Err(merged) }
}

struct Conflict<'t> {
    text: &'t str,
    /// Ours, the original, theirs.
    sides: [&'t str; 3],
}

/// What comes before the first lines in conflict, these, and what comes after.
fn next_conflict(marked: &str) -> Option<(&str, Conflict<'_>, &str)> {
    const MARKS: [&str; 4] =
        ["<<<<<<< ours\n", "||||||| original\n", "=======\n", ">>>>>>> theirs\n"];
    let begin = marked.find(MARKS[0])?;
    let (ours, rest) = marked[begin + MARKS[0].len()..].split_once(MARKS[1])?;
    let (original, rest) = rest.split_once(MARKS[2])?;
    let (theirs, after) = rest.split_once(MARKS[3])?;
    let text = &marked[begin..marked.len() - after.len()];
    Some((&marked[..begin], Conflict { text, sides: [ours, original, theirs] }, after))
}

/// Stands for the end of a line among words that have a line each.
const LINE_END: char = '\u{1}';

/// Each word, each run of spaces and each other character in a line of its own.
fn words(text: &str) -> String {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => Some('a'),
        c if c.is_whitespace() => Some(' '),
        _ => None,
    };
    let mut lines = String::new();
    let mut last = None;
    for c in text.chars() {
        if kind(c).is_none() || kind(c) != last {
            lines.push('\n');
        }
        last = kind(c);
        lines.push(if c == '\n' { LINE_END } else { c });
    }
    lines.push('\n');
    lines
}

/// The text of which these are the words.
fn joined(words: &str) -> String {
    words.replace('\n', "").replace(LINE_END, "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_changes_in_one_line_are_no_conflict() {
        let merged = by_words(
            "a\nlet door = open(lock);\nz\n",
            "a\nlet gate = open(lock);\nz\n",
            "a\nlet door = open(bolt);\nz\n",
        );
        assert_eq!(merged.as_deref(), Ok("a\nlet gate = open(bolt);\nz\n"));
    }

    #[test]
    fn a_word_that_both_have_changed_leaves_the_lines_in_conflict() {
        let marked = by_words(
            "door\n\nb\n\nlock key\n",
            "gate\n\nb\n\nbolt key\n",
            "wall\n\nb\n\nlock card\n",
        );
        let marked = marked.expect_err("both have changed the door");
        assert_eq!(
            marked,
            "<<<<<<< ours\ngate\n||||||| original\ndoor\n=======\nwall\n>>>>>>> theirs\n\nb\n\nbolt card\n"
        );
    }

    #[test]
    fn words_are_joined_as_they_were() {
        let text = "fn f<'a>(é: &'a str) {\n\n        g(_x1, \"two  spaces\");\n}\n";
        assert_eq!(joined(&words(text)), text);
    }
}
