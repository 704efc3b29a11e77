//! From the Markdown that an author writes to a page with its directives expanded, or to everything that is
//! wrong with it, line by line.

use crate::{
    directives::{
        self,
        block::{self, Wrong},
    },
    markdown,
    pages::{
        page::{Page, Problem},
        search_words,
    },
};

pub use crate::directives::material::Material;

/// The page with every directive expanded; those in code blocks stay as they are.
pub fn expand(material: &Material, name: &str, markdown: &str) -> (Page, Vec<Problem>) {
    let mut page = Page::empty(name);
    let mut problems = Vec::new();
    let mut problem =
        |line, message| problems.push(Problem { page: name.to_owned(), line, message });
    let slug = name.trim_end_matches(".md");
    let code = markdown::lines_of_code(markdown);
    let is_code = |index: usize| code.contains(&index);
    let lines: Vec<&str> = markdown.lines().collect();
    let mut next = 0;
    let mut section = 0;
    while let Some(line) = lines.get(next) {
        let index = next;
        next += 1;
        let number = next;
        let directive = line.trim().strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"));
        let Some(directive) = directive.filter(|_| !is_code(index)) else {
            if !is_code(index) && (line.contains("{{#") || line.contains("{{/")) {
                problem(number, "a directive must stand alone on its line".to_owned());
            } else {
                if !is_code(index) && line.starts_with("## ") {
                    end_section(&mut page, number, &mut section);
                }
                page.push(number, line);
            }
            continue;
        };
        let Some(block) = block::begun_by(directive) else {
            match directives::expand(material, directive) {
                Ok(expanded) => page.push_made(number, &expanded),
                Err(message) => problem(number, message),
            }
            continue;
        };
        let Some(length) = block::length(block, &lines[next..], |line| is_code(next + line)) else {
            problem(number, format!("`{block}` has no `{}`", block::end(block)));
            continue;
        };
        match directives::expand_block(
            material.course,
            slug,
            directive,
            &lines[next..next + length],
        ) {
            Ok(expanded) => page.push_made(number, &expanded),
            Err(Wrong::Directive(message)) => problem(number, message),
            Err(Wrong::Lines(wrong)) => {
                for (at, message) in wrong {
                    problem(number + 1 + at, message);
                }
            }
        }
        next += length + 1;
    }
    end_section(&mut page, lines.len(), &mut section);
    (page, problems)
}

/// Adds what the search would miss in the section that began at this offset; the next one begins behind it.
fn end_section(page: &mut Page, number: usize, begin: &mut usize) {
    if let Some(words) = search_words::hidden(&page.markdown[*begin..]) {
        page.push_made(number, &words);
        page.push_made(number, "");
    }
    *begin = page.markdown.len();
}
