//! The function that a task is about, in the learner's code: where the starter has the task's gap, an item of the same
//! name.

use std::path::PathBuf;

use crate::{
    course::{Step, gaps, marks::View, source::Source, starter},
    trouble::Trouble,
};

/// Where the function of the task is in this code, by its line from 1; none where the learner has renamed what is
/// around it.
pub fn of_task(step: &Step, task: u8, code: &[Source]) -> Result<Option<(PathBuf, u32)>, Trouble> {
    let starter = starter::sources(step, View::Starter)?;
    Ok(gaps::first_todo(task, &starter).and_then(|(path, line)| {
        let text = |sources: &[Source]| {
            sources.iter().find(|source| source.path == path).map(|source| source.text.clone())
        };
        let items = around(&text(&starter)?, line);
        Some((path.clone(), find(&text(code)?, &items)?))
    }))
}

/// The items around a line, the outermost first: `["impl IntoResponse for Refusal", "fn into_response"]`.
fn around(text: &str, line: u32) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let at = usize::try_from(line).unwrap_or(1).saturating_sub(1).min(lines.len());
    let mut items = Vec::new();
    let mut depth = lines.get(at).map_or(0, |line| indent(line));
    // Above an item, or in an attribute of it: the item is below.
    let mut above = at;
    while let Some(outer) = lines[..above].iter().rposition(|line| is_outside(line, depth)) {
        (above, depth) = (outer, indent(lines[outer]));
        let found = if lines[outer].trim_start().starts_with("#[") {
            let after = lines[outer..].iter();
            after
                .take_while(|line| line.trim().is_empty() || indent(line) >= depth)
                .find_map(|line| item(line).filter(|_| indent(line) == depth))
        } else {
            item(lines[outer])
        };
        match found {
            Some(item) => items.insert(0, item),
            // The end of a signature in several lines: its beginning is as far to the left.
            None if lines[outer].trim_start().starts_with(')') => depth += 1,
            None => {}
        }
    }
    if items.is_empty() || indent(lines.get(at).copied().unwrap_or_default()) == 0 {
        items =
            lines[at.min(lines.len())..].iter().find_map(|line| item(line)).into_iter().collect();
    }
    items
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_outside(line: &str, depth: usize) -> bool {
    !line.trim().is_empty() && indent(line) < depth
}

/// What begins in this line, as far as its name: `fn items`, `impl Modify for Scheme`.
fn item(line: &str) -> Option<String> {
    let mut line = line.trim();
    for word in ["pub(crate) ", "pub ", "const ", "async "] {
        line = line.strip_prefix(word).unwrap_or(line);
    }
    let kinds = ["fn ", "struct ", "enum ", "trait ", "mod "];
    if let Some(kind) = kinds.into_iter().find(|kind| line.starts_with(kind)) {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = line[kind.len()..].split(|c| !is_name(c)).next()?;
        return Some(format!("{kind}{name}"));
    }
    let whole = line.starts_with("impl").then(|| line.trim_end_matches('{').trim_end())?;
    Some(whole.to_owned())
}

/// The line, from 1, of the last of these items that is there, each looked for behind the one before it. A learner may
/// write the head of an `impl` in another way.
fn find(text: &str, items: &[String]) -> Option<u32> {
    let mut lines = (1..).zip(text.lines());
    let mut found = None;
    for wanted in items {
        let mut after = lines.clone();
        if let Some((number, _)) = after.find(|(_, line)| item(line).as_ref() == Some(wanted)) {
            (found, lines) = (Some(number), after);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = "\
#[utoipa::path(
    get,
    // TODO 1: both responses.
    path = \"/secret\"
)]
#[debug_handler]
// TODO 2: the token.
async fn secret() {}

impl First for Token {
    fn new(
        more: u8,
    ) -> Self {
        // TODO 3: the header.
        Err(One)
    }
}

impl Second for Token {
    fn new() -> Self {
        let router = Router::new()
            // TODO 4: the route.
            .merge(docs);
        router
    }
}
";

    fn line_of(text: &str, words: &str) -> u32 {
        (1..).zip(text.lines()).find(|(_, line)| line.contains(words)).expect("it is there").0
    }

    fn items(todo: u8) -> Vec<String> {
        around(STARTER, line_of(STARTER, &format!("TODO {todo}:")))
    }

    #[test]
    fn a_gap_is_in_a_function_or_above_it() {
        assert_eq!(items(1), ["fn secret"]);
        assert_eq!(items(2), ["fn secret"]);
        assert_eq!(items(3), ["impl First for Token", "fn new"]);
        assert_eq!(items(4), ["impl Second for Token", "fn new"]);
    }

    #[test]
    fn the_function_is_found_by_its_name_in_the_item_of_the_same_head() {
        let theirs = "fn helper() {}\n\nimpl Second for Token {\n    pub fn new() {}\n}\n";
        assert_eq!(find(theirs, &items(4)), Some(4));
        assert_eq!(find(&theirs.replace("fn new", "fn old"), &items(4)), Some(3));
        assert_eq!(find(&theirs.replace("impl", "impl<T>"), &items(4)), Some(4));
        assert_eq!(find(theirs, &items(1)), None);
        assert_eq!(find(STARTER, &items(4)), Some(line_of(STARTER, "impl Second") + 1));
    }

    #[test]
    fn each_task_of_the_course_has_a_function_in_its_starter() {
        let here = std::env::current_dir().expect("a current folder");
        let course =
            crate::course::Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        for step in &course.steps {
            let sources = starter::sources(step, View::Starter);
            let sources = sources.unwrap_or_else(|trouble| panic!("{trouble}"));
            for task in (1..).take(step.tasks.len()) {
                let found =
                    of_task(step, task, &sources).unwrap_or_else(|trouble| panic!("{trouble}"));
                let (path, line) = found.unwrap_or_else(|| panic!("{}, task {task}", step.slug));
                let source =
                    sources.iter().find(|source| source.path == path).expect("it is there");
                let index = usize::try_from(line).expect("a small number") - 1;
                let head = source.text.lines().nth(index).unwrap_or_default();
                assert!(head.contains("fn "), "{}, task {task}: {head}", step.slug);
            }
        }
    }
}
