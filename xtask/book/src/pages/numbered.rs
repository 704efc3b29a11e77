//! A page for every step, and a step for every numbered page.

use xtask::course::Course;

use crate::pages::page::{Page, Problem};

/// Steps without a page, and numbered pages without a step.
pub(crate) fn problems<'p>(
    course: &Course,
    pages: impl Iterator<Item = &'p Page> + Clone,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for step in &course.steps {
        let name = format!("{}.md", step.slug);
        if !pages.clone().any(|page| page.name == name) {
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
