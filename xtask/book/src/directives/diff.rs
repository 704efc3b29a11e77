//! What a step changes: the difference from one solution to the next, or to a starter that is under
//! review, made again at every build.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};
use xtask::course::{Course, marks::View, starter};

use crate::{directives::lookup, html::escaped};

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

pub(crate) fn to_solution(course: &Course, old: &str, new: &str) -> Result<String, String> {
    Ok(between(&sources(course, old, View::Solution)?, &sources(course, new, View::Solution)?))
}

pub(crate) fn to_starter(course: &Course, old: &str, new: &str) -> Result<String, String> {
    Ok(between(&sources(course, old, View::Solution)?, &sources(course, new, View::Starter)?))
}

fn between(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> String {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let empty = String::new();
    let text_of =
        |files: &BTreeMap<String, String>, name: &str| files.get(name).unwrap_or(&empty).clone();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| one_file(name, &text_of(old, name), &text_of(new, name)))
        .collect()
}

fn sources(course: &Course, slug: &str, view: View) -> Result<BTreeMap<String, String>, String> {
    let sources = starter::sources(lookup::step(course, slug)?, view)
        .map_err(|trouble| trouble.to_string())?;
    Ok(sources.into_iter().map(|s| (s.path.display().to_string(), s.text)).collect())
}

/// The signs, and the words that screen readers say in their place, come from the style sheet: they are
/// never copied. Each line holds its own end, so that one which is left out leaves no empty line.
fn one_file(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut html =
        format!("<p class=\"file\">{name}</p>\n<pre class=\"diff\"><code class=\"nohighlight\">");
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            html.push_str("<span class=\"gap\">\n</span>");
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let line = escaped(change.value().trim_end_matches('\n'));
            match change.tag() {
                ChangeTag::Equal => html.push_str(&format!("<span>{line}\n</span>")),
                ChangeTag::Insert => html.push_str(&format!("<ins>{line}\n</ins>")),
                ChangeTag::Delete => html.push_str(&format!("<del>{line}\n</del>")),
            }
        }
    }
    html.push_str("</code></pre>\n\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_escaped_and_carries_no_signs() {
        let html = one_file("main.rs", "a\nVec<u8>\n", "a\nVec<&str>\n");
        assert!(
            html.contains("<del>Vec&lt;u8&gt;\n</del><ins>Vec&lt;&amp;str&gt;\n</ins>"),
            "{html}"
        );
    }
}
