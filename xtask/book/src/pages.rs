//! What holds between pages: a page for every step, a step for every numbered page, and links that lead somewhere.

use std::{fs, path::Path};

use pulldown_cmark::{Event, Parser, Tag};
use xtask::course::Course;

use crate::page::{Page, Problem};

/// Steps without a page, and numbered pages without a step.
pub fn missing(course: &Course, pages: &[Page]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for step in &course.steps {
        let name = format!("{}.md", step.slug);
        if !pages.iter().any(|page| page.name == name) {
            let message =
                format!("step {} has no page: write it and name it in SUMMARY.md", step.number);
            problems.push(Problem { page: name, line: 0, message });
        }
    }
    for page in pages {
        let slug = page.name.trim_end_matches(".md");
        let numbered = slug.starts_with(|first: char| first.is_ascii_digit());
        if numbered && !course.steps.iter().any(|step| step.slug == slug) {
            let message = format!("there is no step steps/{slug}");
            problems.push(Problem { page: page.name.clone(), line: 0, message });
        }
    }
    problems
}

/// Links between pages that lead nowhere, read off the built HTML in `html`.
pub fn dead_links(pages: &[Page], html: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in pages {
        for (event, range) in Parser::new(&page.markdown).into_offset_iter() {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
            else {
                continue;
            };
            if let Err(message) = leads_somewhere(&page.name, &dest_url, html) {
                let line = page.line(range.start);
                problems.push(Problem { page: page.name.clone(), line, message });
            }
        }
    }
    problems
}

fn leads_somewhere(page: &str, link: &str, html: &Path) -> Result<(), String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(());
    }
    let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
    let file = if file.is_empty() { page } else { file };
    let target = match file.strip_suffix(".md") {
        Some(stem) => html.join(format!("{stem}.html")),
        None => html.join(file),
    };
    if fragment.is_empty() {
        return if target.exists() {
            Ok(())
        } else {
            Err(format!("the link `{link}` leads to no file"))
        };
    }
    let text =
        fs::read_to_string(&target).map_err(|_| format!("the link `{link}` leads to no page"))?;
    if text.contains(&format!("id=\"{fragment}\"")) {
        Ok(())
    } else {
        Err(format!("the link `{link}` leads to a page without that heading"))
    }
}
