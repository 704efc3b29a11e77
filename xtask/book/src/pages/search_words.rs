//! Words that the search would miss. It cuts text at spaces and hyphens only, so that `error="invalid_token"` is one
//! word to it, and nobody who looks for `invalid_token` finds that.

use std::collections::BTreeSet;

/// Shorter ones are left out.
const SHORTEST: usize = 4;

/// What is inside longer words of these lines, each once, as an element that is never shown; nothing if there is
/// no such word.
pub(crate) fn hidden<'l>(lines: impl IntoIterator<Item = &'l str>) -> Option<String> {
    let words: BTreeSet<&str> = lines.into_iter().flat_map(inside).collect();
    let words: Vec<&str> = words.into_iter().collect();
    (!words.is_empty()).then(|| format!("<search-words hidden>{}</search-words>\n", words.join(" ")))
}

fn inside(line: &str) -> impl Iterator<Item = &str> {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let cut = |c: char| c.is_whitespace() || c == '-';
    line.split(cut).flat_map(move |whole| {
        let whole = whole.trim_matches(|c: char| !is_inner(c));
        let parts = whole.split(|c: char| !is_inner(c));
        parts.filter(move |part| part.len() >= SHORTEST && *part != whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_longer_word_hides_is_found() {
        let shown = |line| hidden([line]).unwrap_or_default();
        assert!(shown("WWW-Authenticate: Bearer error=\"invalid_token\"").contains("invalid_token"));
        assert!(shown("error[E0277]: the trait").contains("E0277"));
        assert!(shown("`state.find_account(…)`").contains("find_account"));
    }

    #[test]
    fn a_word_by_itself_needs_no_help() {
        assert_eq!(hidden(["a bearer token, and `invalid_token`."]), None);
    }
}
