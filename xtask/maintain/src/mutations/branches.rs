//! Branches: a condition holds for one user besides, or does not hold for one.

use std::{collections::BTreeSet, ops::Range};

use crate::mutations::mutation::{Kind, Mutation, functions, line};

/// One for each condition, name that may be a user's there, and user.
pub(super) fn all(source: &str, users: &[&str]) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for function in functions(source) {
        for condition in conditions(source, &function) {
            let text = &source[condition.clone()];
            for name in names(&source[function.clone()]) {
                for user in users {
                    let others = [
                        format!("({text}) || {name} == \"{user}\""),
                        format!("({text}) && {name} != \"{user}\""),
                    ];
                    mutations.extend(others.map(|other| Mutation {
                        kind: Kind::Branch,
                        line: line(source, condition.start),
                        words: format!("replace {} with {}", one_line(text), one_line(&other)),
                        text:
                            [&source[..condition.start], &other, &source[condition.end..]].concat(),
                    }));
                }
            }
        }
    }
    mutations
}

/// What is between `if` and its block or arm, and what closures say that compare.
fn conditions(source: &str, function: &Range<usize>) -> Vec<Range<usize>> {
    let text = &source[function.clone()];
    let mut found = Vec::new();
    for (place, _) in text.match_indices(" if ") {
        let begin = place + " if ".len();
        if !text[begin..].starts_with("let ") {
            found.extend(expression(text, begin));
        }
    }
    for (place, _) in text.match_indices('|') {
        let before = text[..place].trim_end();
        let begins = before.ends_with(['(', '=', ',']) || before.ends_with("move");
        let Some(arguments) = text[place + 1..].find('|').filter(|_| begins) else { continue };
        let begin = place + 1 + arguments + 1;
        let begin = begin + (text[begin..].len() - text[begin..].trim_start().len());
        let closure = expression(text, begin).filter(|body| compares(&text[body.clone()]));
        found.extend(closure);
    }
    let is_code = |place: &Range<usize>| {
        let line = text[..place.start].rsplit('\n').next().unwrap_or_default();
        !line.trim_start().starts_with("//")
    };
    let code = found.into_iter().filter(is_code);
    code.map(|place| function.start + place.start..function.start + place.end).collect()
}

/// From here to where no bracket is open any more and something else begins.
fn expression(text: &str, begin: usize) -> Option<Range<usize>> {
    let mut open = 0_usize;
    for (place, c) in text[begin..].char_indices() {
        let rest = &text[begin + place..];
        let ends =
            open == 0 && (matches!(c, '{' | '}' | ')' | ']' | ',' | ';') || rest.starts_with("=>"));
        if ends {
            let end = begin + text[begin..begin + place].trim_end().len();
            return (end > begin).then_some(begin..end);
        }
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open -= 1,
            _ => {}
        }
    }
    None
}

fn compares(text: &str) -> bool {
    let signs = ["==", "!=", "&&", " || ", " < ", " > ", "<=", ">=", "!"];
    signs.iter().any(|sign| text.contains(sign))
}

/// What may be a user's name in this function: `login.username`, `claims.sub`, an argument `username`.
fn names(text: &str) -> BTreeSet<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut names = BTreeSet::new();
    for path in text.split(|c| !is_path(c)).map(|path| path.trim_matches('.')) {
        for field in [".username", ".sub"] {
            let end = path.find(field).map(|place| place + field.len());
            if let Some(end) = end.filter(|end| !path[*end..].starts_with(|c| c != '.')) {
                names.insert(path[..end].to_owned());
            }
        }
        let first = path.split('.').next().unwrap_or_default();
        match first {
            "username" => names.insert("username".to_owned()),
            "user" => names.insert("user.username".to_owned()),
            _ => false,
        };
    }
    names
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
fn log_in(login: Login) -> Result<(), Error> {
    if login.password.is_empty()
        || login.grant_type != \"password\"
    {
        return Err(Error);
    }
    let user = find(|known| known == login.username).filter(|user| !user.disabled);
    // The door is shut if nobody is there, and it is late.
    match user.map(|user| user.age) {
        Some(age) if age < 18 => Err(Error),
        _ => Ok(()),
    }
}

fn size(list: &[u8]) -> bool {
    if list.is_empty() { false } else { list.len() > 3 }
}
";

    #[test]
    fn a_condition_is_what_an_if_or_a_closure_asks() {
        let functions = functions(SOURCE);
        let [log_in, _] = functions.as_slice() else { panic!("two functions") };
        let found = conditions(SOURCE, log_in).into_iter().map(|place| one_line(&SOURCE[place]));
        let expected = [
            "login.password.is_empty() || login.grant_type != \"password\"",
            "age < 18",
            "known == login.username",
            "!user.disabled",
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn it_is_another_for_each_user_by_each_name() {
        let mutations = all(SOURCE, &["bob", "carol"]);
        let of = |line: usize| mutations.iter().filter(move |mutation| mutation.line == line);
        assert_eq!(of(2).count(), 2 * 2 * 2, "`login.username` and `user.username`");
        let words: Vec<_> = of(7).map(|mutation| mutation.words.as_str()).collect();
        let disabled = "replace !user.disabled with (!user.disabled) || user.username == \"bob\"";
        assert!(words.contains(&disabled), "{words:?}");
        let other = "replace !user.disabled with (!user.disabled) && login.username != \"carol\"";
        assert!(words.contains(&other), "{words:?}");
        let text = &of(7).next().expect("there is one").text;
        assert_eq!(text.lines().count(), SOURCE.lines().count());
        assert!(mutations.iter().all(|mutation| mutation.line < 15), "`size` has no user");
    }
}
