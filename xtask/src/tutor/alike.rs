//! Whether two symptoms are of one kind.

use std::collections::BTreeSet;

use crate::tutor::symptom::without_names;

/// What a client reads where a request is refused (RFC 6749 §5.2, RFC 6750 §3.1). Sentences name these words, so they
/// are more than words of the learner's own.
const ERROR_CODES: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_token",
    "insufficient_scope",
];

/// Whether two symptoms are of one kind. Of exchanges, the statuses count; where they are right, which headers differ;
/// where those are right too, which fields do, and which error code came. What else is in them may be the learner's
/// own. Of words, the first line counts up to the place where something stopped, and any status.
pub(super) fn are_alike(known: &[String], seen: &[String]) -> bool {
    match (Differing::read(known), Differing::read(seen)) {
        (Some(known), Some(seen)) => known.is_like(&seen),
        (None, None) => {
            let first = |symptom: &[String]| {
                symptom.first().map(|line| without_names(up_to_its_place(line)))
            };
            let statuses = |symptom: &[String]| -> Vec<String> {
                symptom.iter().filter(|line| line.starts_with("HTTP/")).cloned().collect()
            };
            first(known) == first(seen) && statuses(known) == statuses(seen)
        }
        _ => false,
    }
}

/// What differs between two exchanges, without the values.
#[derive(Default)]
struct Differing {
    statuses: BTreeSet<String>,
    headers: BTreeSet<String>,
    /// Those that are missing or changed; what is extra has the learner's own names.
    fields: BTreeSet<String>,
    /// The error codes that came in place of what was expected.
    codes: BTreeSet<&'static str>,
}

impl Differing {
    fn read(symptom: &[String]) -> Option<Self> {
        if !symptom.first().is_some_and(|line| line.starts_with("+ ") || line.starts_with("- ")) {
            return None;
        }
        let mut differing = Self::default();
        for line in symptom {
            differing.codes.extend(came_as_a_code(line));
            let name =
                line.get(2..).and_then(|line| line.split_once(':')).map(|(name, _)| name.trim());
            let names = match name {
                _ if line.contains(" HTTP/1.1 ") => &mut differing.statuses,
                Some(name) if name.starts_with('"') && line.starts_with('-') => {
                    &mut differing.fields
                }
                Some(name) if name.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()) => {
                    &mut differing.headers
                }
                _ => continue,
            };
            names.insert(name.unwrap_or(line).to_owned());
        }
        Some(differing)
    }

    fn is_like(&self, other: &Self) -> bool {
        if !(self.statuses.is_empty() && other.statuses.is_empty()) {
            return self.statuses == other.statuses;
        }
        if !(self.headers.is_empty() && other.headers.is_empty()) {
            return self.headers == other.headers;
        }
        let both_empty = self.fields.is_empty() && other.fields.is_empty();
        self.codes == other.codes && (both_empty || !self.fields.is_disjoint(&other.fields))
    }
}

/// `invalid_request` of `+   "error": "invalid_request",`.
fn came_as_a_code(line: &str) -> Option<&'static str> {
    let value = line.strip_prefix('+')?.trim().strip_prefix("\"error\": \"")?;
    ERROR_CODES
        .into_iter()
        .find(|code| value.strip_prefix(code).is_some_and(|rest| rest.starts_with('"')))
}

/// `no answer: your code stopped at src/main.rs` of `no answer: your code stopped at src/main.rs:#: no header`.
fn up_to_its_place(line: &str) -> &str {
    line.split_once(".rs:").map_or(line, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{tutor::symptom::read, verdict::testing};

    fn of_words(actual: &str) -> Vec<String> {
        read(&testing::check("one", "x", actual))
    }

    fn alike(expected: &str, known: &str, seen: &str) -> bool {
        let symptom = |came: &str| {
            let exchange = |response: &str| format!("GET / HTTP/1.1\n\nHTTP/1.1 {response}");
            read(&testing::check("one", &exchange(expected), &exchange(came)))
        };
        are_alike(&symptom(known), &symptom(seen))
    }

    #[test]
    fn statuses_come_before_headers_and_these_before_the_body() {
        let wanted = "401 No\na: 1\nb: 1\n\n{\n  \"detail\": 1,\n  \"other\": 1\n}";
        let with = |old: &str, new: &str| wanted.replace(old, new);
        let ok = with("401 No", "200 OK");
        assert!(alike(wanted, &ok, &ok.replace("detail", "token")));
        assert!(!alike(wanted, &ok, &with("401 No", "403 No")));
        assert!(!alike(wanted, &ok, &with("a: 1", "a: 2")));
        assert!(alike(wanted, &with("a: 1", "a: 2"), &with("a: 1\n", "").replace("detail", "x")));
        assert!(!alike(wanted, &with("a: 1", "a: 2"), &with("b: 1", "b: 2")));
        let detail = with("detail\": 1", "detail\": 2");
        assert!(
            alike(wanted, &detail, &with("\"detail\": 1", "\"text\": 2")),
            "the same is missing"
        );
        assert!(!alike(wanted, &detail, &with("other\": 1", "other\": 2")));
    }

    #[test]
    fn another_error_code_is_another_kind() {
        let wanted = "400 No\n\n{\n  \"error\": \"invalid_grant\",\n  \"text\": \"a\"\n}";
        let code = wanted.replace("grant", "request").replace("\"a\"", "\"b\"");
        assert!(alike(wanted, &code, &code.replace("\"b\"", "\"c\"")), "its text is free");
        assert!(!alike(wanted, &code, &wanted.replace("\"a\"", "\"b\"")), "the code is right");
        assert!(!alike(wanted, &code, &wanted.replace("grant", "scope")));
        let own = |word: &str| wanted.replace("invalid_grant", word);
        assert!(alike(wanted, &own("bad_login"), &own("wrong_password")), "no code at all");
    }

    #[test]
    fn of_words_the_first_line_counts_without_names() {
        let alike = |known: &str, seen: &str| are_alike(&of_words(known), &of_words(seen));
        let stopped = |why: &str| format!("no answer: your code stopped at src/main.rs:9: {why}");
        assert!(alike(&stopped("no header"), &stopped("called `unwrap`")));
        assert!(!alike(&stopped("no"), "no answer: your code stopped at src/guard.rs:9"));
        assert!(alike("it prints `a`\nmine", "it prints `b`\nyours"));
        assert!(!alike("it prints `a`", "it keeps `a`"));
        assert!(!alike("GET /\n\nHTTP/1.1 401 No", "GET /\n\nHTTP/1.1 403 Never"));
    }

    #[test]
    fn the_value_of_a_token_does_not_count() {
        assert!(are_alike(&of_words("`secret`"), &of_words("`test-token`")));
        assert!(!are_alike(&of_words("`secret`"), &of_words("the same token twice")));
    }
}
