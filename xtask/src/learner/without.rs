//! A text without some of its words, and how many were replaced.

use std::collections::BTreeMap;

/// How often each replacement was made.
pub type Counts = BTreeMap<String, usize>;

/// Where the systems keep the home folders of all their users: the folder below one of these is a name.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

/// The text with this word where the other one was, in whatever letter case, if what is around it says so.
pub(super) fn without(
    text: &str,
    old: &str,
    word: &str,
    counts: &mut Counts,
    fits: impl Fn(&str, &str) -> bool,
) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        if let Some(after) = beginning(rest, old).filter(|after| fits(&kept, after)) {
            kept.push_str(word);
            *counts.entry(word.to_owned()).or_default() += 1;
            rest = after;
        } else {
            kept.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    kept
}

/// What comes after it, if the text begins with it, in whatever letter case.
fn beginning<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    let same = |(one, other): (char, char)| one.to_lowercase().eq(other.to_lowercase());
    for wanted in wanted.chars() {
        rest.next().filter(|found| same((*found, wanted)))?;
    }
    Some(rest.as_str())
}

/// The text without the name of any user in a path to a home folder.
pub(super) fn without_names_in_paths(text: &str, counts: &mut Counts) -> String {
    let text = text.to_owned();
    HOMES.into_iter().fold(text, |text, homes| without_names_below(homes, &text, counts))
}

fn without_names_below(homes: &str, text: &str, counts: &mut Counts) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(homes) {
        let (before, after) = rest.split_at(at + homes.len());
        kept.push_str(before);
        // In JSON, and in a string of Rust, it is there twice.
        let name = after.trim_start_matches('\\');
        kept.push_str(&after[..after.len() - name.len()]);
        let end = end_of_name(name, homes.starts_with('\\'));
        if end > 0 {
            kept.push_str("<user>");
            *counts.entry("<user>".to_owned()).or_default() += 1;
        }
        rest = &name[end..];
    }
    kept + rest
}

/// On Windows a user's folder may have spaces in it: `C:\Users\Grace Hopper\x`.
fn end_of_name(text: &str, may_have_spaces: bool) -> usize {
    let is_of_name = |c: char| c.is_alphanumeric() || "_-.'".contains(c);
    let spaced = text.find(|c: char| !is_of_name(c) && c != ' ');
    match spaced.filter(|end| may_have_spaces && text[*end..].starts_with('\\')) {
        Some(end) => end,
        None => text.find(|c: char| !is_of_name(c) || c == '\'').unwrap_or(text.len()),
    }
}
