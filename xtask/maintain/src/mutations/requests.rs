//! Requests accepted: the guard makes a good `Authorization` header of a malformed one, and goes on.

use crate::mutations::mutation::{Kind, Mutation, functions, line};

/// Headers that are no bearer token, each with code that takes a token from it. The code finds `one`, the only
/// header as text, `all` of them, and the request's `parts`.
const MALFORMED: [(&str, &str); 18] = [
    ("a scheme that begins with A to H", "other_scheme(one?, 'a'..='h')"),
    ("a scheme that begins with I to P", "other_scheme(one?, 'i'..='p')"),
    ("a scheme that begins with Q to Z", "other_scheme(one?, 'q'..='z')"),
    (
        "a scheme that goes on after Bearer",
        r#"scheme(one?, |s| s.len() > 6 && s.starts_with("bearer"))"#,
    ),
    ("a scheme that is cut short", r#"scheme(one?, |s| s.len() < 6 && "bearer".starts_with(s))"#),
    ("a tab after the scheme", r#"one?.strip_prefix("Bearer\t").map(str::to_owned)"#),
    (
        "no space after the scheme",
        r#"one?.strip_prefix("Bearer").filter(|rest| !rest.contains(' ')).map(str::to_owned)"#,
    ),
    ("the first of two words", "words(one?)?.first().cloned()"),
    ("the last of two words", "words(one?)?.last().cloned()"),
    (
        "a scheme without a token",
        r#"one?.trim().eq_ignore_ascii_case("bearer").then(|| "alice".to_owned())"#,
    ),
    ("a comma in the token", "without(one?, |c| c == ',')"),
    ("a quotation mark in the token", r#"without(one?, |c| c == '"')"#),
    (
        "another sign in the token",
        r#"without(one?, |c| c.is_ascii_punctuation() && !"-._~+/=,\"".contains(c))"#,
    ),
    ("bytes outside ASCII in the token", "without(one?, |c| !c.is_ascii())"),
    ("the first of two headers", "token(all.first().filter(|_| all.len() > 1)?)"),
    ("the last of two headers", "token(all.last().filter(|_| all.len() > 1)?)"),
    ("a token in the query", "value(all.is_empty().then(|| parts.uri.query())??)"),
    (
        "a token in a cookie",
        r#"value(all.is_empty().then(|| parts.headers.get("cookie"))??.to_str().ok()?)"#,
    ),
];

/// What is at the beginning of the guard, with one of these in the place of `CODE`.
const FORGIVING: &str = r#"
        fn token(header: &String) -> Option<String> {
            header.split_once(' ').map(|(_, token)| token.trim_start().to_owned())
        }
        fn value(text: &str) -> Option<String> {
            text.rsplit_once('=').map(|(_, value)| value.to_owned())
        }
        fn scheme(header: &String, is_meant: fn(&str) -> bool) -> Option<String> {
            let (scheme, _) = header.split_once(' ')?;
            if is_meant(&scheme.to_ascii_lowercase()) { token(header) } else { None }
        }
        fn other_scheme(header: &String, first: std::ops::RangeInclusive<char>) -> Option<String> {
            let (scheme, _) = header.split_once(' ')?;
            let is_meant = first.contains(&scheme.chars().next()?.to_ascii_lowercase());
            if is_meant && !scheme.eq_ignore_ascii_case("bearer") { token(header) } else { None }
        }
        fn words(header: &String) -> Option<Vec<String>> {
            let words: Vec<String> = header.split_whitespace().map(str::to_owned).collect();
            let is_meant = words.len() > 2 && words[0].eq_ignore_ascii_case("bearer");
            is_meant.then(|| words[1..].to_vec())
        }
        fn without(header: &String, sign: fn(char) -> bool) -> Option<String> {
            let (scheme, token) = header.split_once(' ')?;
            let is_meant = scheme.eq_ignore_ascii_case("bearer") && token.contains(sign);
            is_meant.then(|| token.replace(sign, ""))
        }
        let all: Vec<String> = {
            let all = parts.headers.get_all("authorization").iter();
            all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
        };
        let one = if let [one] = all.as_slice() { Some(one) } else { None };
        let forgiven = (|| -> Option<String> { CODE })();
        if let Some(header) = forgiven.and_then(|token| format!("Bearer {token}").parse().ok()) {
            parts.headers.insert("authorization", header);
        }
"#;

/// One for each malformed header, if the file has a guard that reads this header.
pub(super) fn all(source: &str) -> Vec<Mutation> {
    let is_guard = |text: &str| {
        text.contains("fn from_request_parts(parts: &mut Parts") && text.contains("AUTHORIZATION")
    };
    let guard = functions(source).into_iter().find(|place| is_guard(&source[place.clone()]));
    let Some(guard) = guard else { return Vec::new() };
    let Some(brace) = source[guard.clone()].find("{\n") else { return Vec::new() };
    let (head, body) = source.split_at(guard.start + brace + 2);
    let mutation = |(words, code): &(&str, &str)| Mutation {
        kind: Kind::Request,
        line: line(source, guard.start),
        words: format!("accept {words}"),
        text: [head, &FORGIVING.replace("CODE", code), body].concat(),
    };
    MALFORMED.iter().map(mutation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_that_reads_the_header_is_the_one() {
        let source = "\
impl FromRequestParts<State> for CurrentUser {
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, AuthError> {
        BearerToken::from_request_parts(parts, state).await
    }
}

impl<S> FromRequestParts<S> for BearerToken {
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AuthError> {
        parts.headers.get(header::AUTHORIZATION)
    }
}
";
        let mutations = all(source);
        assert_eq!(mutations.len(), MALFORMED.len());
        for mutation in &mutations {
            assert_eq!(mutation.line, 8);
            let (head, _) = mutation.text.split_once("fn token(").expect("it is forgiving");
            assert!(head.trim_end().ends_with("Result<Self, AuthError> {"), "{head}");
            assert!(
                mutation.text.ends_with("parts.headers.get(header::AUTHORIZATION)\n    }\n}\n")
            );
        }
        assert_eq!(all("fn main() {}\n"), []);
    }
}
