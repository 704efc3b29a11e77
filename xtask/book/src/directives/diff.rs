//! What a step changes: the difference from one solution to the next, or to a starter that is under
//! review, made again at every build.

use std::collections::{BTreeMap, HashSet};

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

/// The signs, the numbers of the lines and the words that screen readers say in place of both come from the style
/// sheet: they are never copied. Each line holds its own end, so that one which is left out leaves no empty line.
fn one_file(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let (old_imports, new_imports) = (imports(old), imports(new));
    let mut groups = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        let mut lines = Vec::new();
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let (imports, index) = match change.tag() {
                ChangeTag::Delete => (&old_imports, change.old_index()),
                ChangeTag::Equal | ChangeTag::Insert => (&new_imports, change.new_index()),
            };
            let index = index.unwrap_or_default();
            if !imports.contains(&index) {
                lines.push((change.tag(), index + 1, change.value().trim_end_matches('\n')));
            }
        }
        if lines.iter().any(|(tag, ..)| *tag != ChangeTag::Equal) {
            groups.push(lines.into_iter().map(one_line).collect::<String>());
        }
    }
    format!(
        "<p class=\"file\">{name}{}</p>\n<pre class=\"diff\"><code class=\"nohighlight\">{}</code></pre>\n\n",
        if old_imports.is_empty() && new_imports.is_empty() { "" } else { ", without its imports" },
        groups.join("<span class=\"gap\">\n</span>")
    )
}

fn one_line((tag, number, line): (ChangeTag, usize, &str)) -> String {
    let element = match tag {
        ChangeTag::Equal => "span",
        ChangeTag::Insert => "ins",
        ChangeTag::Delete => "del",
    };
    format!("<{element} data-line=\"{number}\">{}\n</{element}>", escaped(line))
}

/// The lines of `use` statements, from 0: what changes in them follows from what changes elsewhere.
fn imports(source: &str) -> HashSet<usize> {
    let mut lines = HashSet::new();
    let mut inside = false;
    for (index, line) in source.lines().enumerate() {
        inside = inside || line.starts_with("use ");
        if inside {
            lines.insert(index);
            inside = !line.ends_with(';');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_escaped_and_carries_no_signs() {
        let html = one_file("main.rs", "a\nVec<u8>\n", "a\nVec<&str>\n");
        assert!(
            html.contains(
                "<del data-line=\"2\">Vec&lt;u8&gt;\n</del><ins data-line=\"2\">Vec&lt;&amp;str&gt;\n</ins>"
            ),
            "{html}"
        );
    }

    #[test]
    fn imports_are_left_out() {
        let old = "use a::b;\n\nfn f() {}\n";
        let new = "use a::{\n    b,\n    c,\n};\n\nfn f() {}\nfn g() {}\n";
        let html = one_file("main.rs", old, new);
        assert!(html.contains("<ins data-line=\"7\">fn g() {}\n</ins>"), "{html}");
        assert!(!html.contains("use a") && !html.contains("    b,"), "{html}");
        assert!(html.contains("without its imports"), "{html}");
    }
}
