//! A `WWW-Authenticate` challenge (RFC 9110 §11.6.1) in the canonical form: `Bearer error="…", scope="…"`.

/// The challenge with its parameters in alphabetical order, quoted, their names in lower case, scopes in alphabetical
/// order, and without a realm, which RFC 6750 §3 allows and the course does not use. Nothing, if it is no challenge.
pub(crate) fn canonical(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.is_empty() || !scheme.chars().all(is_token_character) {
        return None;
    }
    let scheme = if scheme.eq_ignore_ascii_case("Bearer") { "Bearer" } else { scheme };
    let mut parameters = parameters(rest)?;
    parameters.retain(|(name, _)| name != "realm");
    parameters.sort();
    if parameters.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return None;
    }
    let shown: Vec<String> = parameters
        .into_iter()
        .map(|(name, value)| match name.as_str() {
            "scope" => format!("scope=\"{}\"", sorted(value.split(' '), " ")),
            _ => format!("{name}=\"{value}\""),
        })
        .collect();
    Some(if shown.is_empty() {
        scheme.to_owned()
    } else {
        format!("{scheme} {}", shown.join(", "))
    })
}

/// The scopes that a challenge names, in alphabetical order.
pub fn scopes(challenge: &str) -> Vec<String> {
    let (_, rest) = challenge.split_once(' ').unwrap_or_default();
    let scope = parameters(rest).unwrap_or_default().into_iter().find(|(name, _)| name == "scope");
    let mut scopes: Vec<String> =
        scope.map(|(_, scope)| scope.split(' ').map(str::to_owned).collect()).unwrap_or_default();
    scopes.sort();
    scopes
}

/// Scopes in alphabetical order, since any order is allowed (RFC 6749 §3.3); if one is repeated, the text is unchanged.
pub(crate) fn scopes_in_order(scopes: &str) -> String {
    let mut words: Vec<&str> = scopes.split(' ').collect();
    words.sort_unstable();
    if words.windows(2).any(|pair| pair[0] == pair[1]) {
        scopes.to_owned()
    } else {
        words.join(" ")
    }
}

/// The parts in alphabetical order.
pub(crate) fn sorted<'p>(parts: impl Iterator<Item = &'p str>, separator: &str) -> String {
    let mut parts: Vec<&str> = parts.collect();
    parts.sort_unstable();
    parts.join(separator)
}

/// `name=token` or `name="quoted"`, with commas between.
fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.chars().all(is_token_character) {
            return None;
        }
        let after = after.trim_start();
        let (value, after) = if let Some(quoted) = after.strip_prefix('"') {
            end_of_quoted(quoted)?
        } else {
            let end = after.find([',', ' ']).unwrap_or(after.len());
            let token = &after[..end];
            if token.is_empty() || !token.chars().all(is_token_character) {
                return None;
            }
            (token.to_owned(), &after[end..])
        };
        parameters.push((name.to_ascii_lowercase(), value));
        rest = after.trim_start();
        if let Some(next) = rest.strip_prefix(',') {
            rest = next.trim_start();
        } else if !rest.is_empty() {
            return None;
        }
    }
    Some(parameters)
}

/// What is quoted up to its end, a backslash taking the next character as it is; and what follows.
fn end_of_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// A character of a token (RFC 9110 §5.6.2).
fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(value: &str, form: &str) {
        assert_eq!(canonical(value).as_deref(), Some(form));
    }

    #[test]
    fn order_quotes_and_letter_case_are_free() {
        let form = r#"Bearer error="insufficient_scope", scope="items me""#;
        is(r#"Bearer error="insufficient_scope", scope="me items""#, form);
        is(r#"bearer scope="items me",error=insufficient_scope"#, form);
        is(r#"Bearer realm="a \" b", Error="insufficient_scope", scope="items me""#, form);
        is("Bearer", "Bearer");
        is("BEARER realm=\"items\"", "Bearer");
    }

    #[test]
    fn what_it_says_is_not() {
        is("Basic", "Basic");
        is(
            r#"Bearer error="invalid_token", error_description="too old""#,
            r#"Bearer error="invalid_token", error_description="too old""#,
        );
        is(r#"Bearer scope="me  items""#, r#"Bearer scope=" items me""#);
    }

    #[test]
    fn what_is_no_challenge_stays_as_it_is() {
        for value in [
            "",
            "Bearer error",
            "Bearer error=\"open",
            "Bearer a=b c=d",
            "Bearer a=b, a=c",
            "Bea,rer",
        ] {
            assert_eq!(canonical(value), None, "{value}");
        }
    }

    #[test]
    fn scopes_are_named_in_any_order() {
        is(r#"Bearer scope="me items", error="x""#, r#"Bearer error="x", scope="items me""#);
        is("Bearer", "Bearer");
        assert_eq!(scopes(r#"Bearer scope="me items", error="x""#), ["items", "me"]);
        assert_eq!(scopes("Bearer"), Vec::<String>::new());
    }
}
