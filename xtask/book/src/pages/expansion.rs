//! From the Markdown that an author writes to a page with its directives expanded, or to everything that is
//! wrong with it, line by line.

use xtask::course::Course;

use crate::{
    directives::{self, predict, question},
    markdown,
    pages::page::{Page, Problem},
};

/// The page with every directive expanded; those in code blocks stay as they are.
pub fn expand(course: &Course, name: &str, markdown: &str) -> (Page, Vec<Problem>) {
    let mut page = Page::empty(name);
    let mut problems = Vec::new();
    let mut problem =
        |line, message| problems.push(Problem { page: name.to_owned(), line, message });
    let code = markdown::lines_of_code(markdown);
    let is_code = |index: usize| code.contains(&index);
    let lines: Vec<&str> = markdown.lines().collect();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let index = next;
        next += 1;
        let number = next;
        let directive = line.trim().strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"));
        match directive {
            _ if is_code(index) => page.push(number, line),
            Some(directive) if let Some(name) = block_name(directive) => {
                let Some(length) = length(name, &lines[next..], |line| is_code(next + line)) else {
                    problem(number, format!("`{name}` has no `{{{{/{name}}}}}`"));
                    continue;
                };
                let block = &lines[next..next + length];
                next += length + 1;
                let slug = page.name.trim_end_matches(".md").to_owned();
                let place = directive.split_once(' ').map(|(_, place)| place.trim());
                let folded = match name {
                    "predict" => predict::fold(course, &slug, place, block),
                    _ => question::fold(&slug, block),
                };
                match folded {
                    Ok(folded) => page.push_made(number, &folded),
                    Err(wrong) => wrong
                        .into_iter()
                        .for_each(|(at, message)| problem(number + 1 + at, message)),
                }
            }
            Some(directive) => match directives::expand(course, directive) {
                Ok(expanded) => page.push_made(number, &expanded),
                Err(message) => problem(number, message),
            },
            None if line.contains("{{#") || line.contains("{{/") => {
                problem(number, "a directive must stand alone on its line".to_owned());
            }
            None => page.push(number, line),
        }
    }
    (page, problems)
}

fn block_name(directive: &str) -> Option<&str> {
    let name = directive.split(' ').next()?;
    ["predict", "question"].contains(&name).then_some(name)
}

/// How many lines are between the first line of a block and its last; nothing if it has no end.
fn length(name: &str, lines: &[&str], is_code: impl Fn(usize) -> bool) -> Option<usize> {
    let mut lines = lines.iter().enumerate().filter(|(index, _)| !is_code(*index));
    let (length, last) = lines.find(|(_, line)| line.contains("{{#") || line.contains("{{/"))?;
    (last.trim() == format!("{{{{/{name}}}}}")).then_some(length)
}
