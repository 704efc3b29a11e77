//! Words that the search would miss. It cuts text at spaces and hyphens only, so that `error="invalid_token"` is one
//! word to it, and nobody who looks for `invalid_token` finds that.

use std::collections::BTreeSet;

/// Shorter ones are left out.
const SHORTEST: usize = 4;

/// What is inside longer words of this Markdown, each once, as a paragraph that is never shown; nothing if there is
/// no such word.
pub(crate) fn hidden(markdown: &str) -> Option<String> {
    let text = without_tags(markdown).replace("&quot;", "\"") + " ";
    let words: Vec<&str> = inside(&text).into_iter().collect();
    (!words.is_empty())
        .then(|| format!("\n<p class=\"search-words\" hidden>{}</p>\n", words.join(" ")))
}

/// The text between the tags of HTML: what directives made is HTML, and names of classes are no words.
fn without_tags(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        rest = match after.split_once('>').filter(|_| is_tag) {
            Some((_, after)) => after,
            None => after,
        };
        text.push(' ');
    }
    text + rest
}

/// Those words of a text that ends in a space, in one pass over its bytes: all pages are read at each save.
fn inside(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    // The words since the last space or hyphen, all of which are one word to the search.
    let mut whole: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            continue;
        }
        if start < at {
            whole.push(&text[start..at]);
        }
        start = at + 1;
        if byte.is_ascii_whitespace() || byte == b'-' {
            if whole.len() > 1 {
                found.extend(whole.iter().filter(|word| word.len() >= SHORTEST));
            }
            whole.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_longer_word_hides_is_found() {
        let shown = |markdown| hidden(markdown).unwrap_or_default();
        assert!(
            shown("WWW-Authenticate: Bearer error=\"invalid_token\"").contains("invalid_token")
        );
        assert!(shown("<code>error[E0277]:</code> the trait").contains("E0277"));
        assert!(shown("`state.find_account(…)`").contains("find_account"));
        assert_eq!(inside("é.bytes…é-x (ascii) "), BTreeSet::new());
        assert_eq!(inside("one.three: one,four-five.six "), ["five", "four", "three"].into());
    }

    #[test]
    fn a_word_by_itself_and_a_tag_need_no_help() {
        assert_eq!(hidden("a bearer token, and `invalid_token`."), None);
        assert_eq!(hidden("<div class=\"other-exchange\">\n\nwords</div>"), None);
    }
}
