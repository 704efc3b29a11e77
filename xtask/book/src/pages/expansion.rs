//! From the Markdown that an author writes to a page with its directives expanded, or to everything that is
//! wrong with it, line by line.

use xtask::course::Course;

use crate::{
    directives::{self, question},
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
            Some("question") => match question::length(&lines[next..], |line| is_code(next + line))
            {
                Some(length) => {
                    let block = &lines[next..next + length];
                    next += length + 1;
                    match question::fold(block) {
                        Ok(folded) => page.push_made(number, &folded),
                        Err(wrong) => wrong
                            .into_iter()
                            .for_each(|(at, message)| problem(number + 1 + at, message)),
                    }
                }
                None => problem(number, format!("`question` has no `{}`", question::END)),
            },
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
