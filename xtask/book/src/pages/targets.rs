//! What pages point at: it must be there.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use xtask::{
    course::{Course, Step},
    verdict::report,
};

use crate::pages::{
    links::{self, Contents},
    page::{Page, Problem},
};

/// What pages point at and is not there: pages and pictures in the built `html`, files of the checkout.
pub(crate) fn dead(course: &Course, pages: &[(Page, Contents)], html: &Path) -> Vec<Problem> {
    let mut targets = Targets { html, ids: HashMap::new() };
    let mut problems = Vec::new();
    for (page, contents) in pages {
        let mut dead = |line, message| {
            problems.push(Problem { page: page.name.clone(), line, message });
        };
        for link in &contents.links {
            if let Err(message) = targets.leads_somewhere(&page.name, &link.target) {
                dead(link.line, message);
            }
        }
        for file in &contents.files {
            if !exists(&course.root, &file.target) {
                dead(file.line, format!("there is no file `{}`", file.target));
            }
        }
        if let Some(step) =
            course.steps.iter().find(|step| page.name == format!("{}.md", step.slug))
        {
            for (heading, id) in headings_of_reports(step) {
                if targets.leads_somewhere(&page.name, &format!("#{id}")).is_err() {
                    dead(0, format!("there is no heading `{heading}`, and verdicts lead to it"));
                }
            }
        }
    }
    problems
}

/// The headings that a step with tasks needs on its page, since what the terminal says leads there.
fn headings_of_reports(step: &Step) -> Vec<(String, String)> {
    let numbered = (1..).zip(&step.tasks);
    let task = |(number, title): (u8, &String)| {
        (format!("### Task {number}. {title}"), Step::task_anchor(number, title))
    };
    let mut headings: Vec<(String, String)> = numbered.map(task).collect();
    if !headings.is_empty() {
        headings.push(("## Explain it back".to_owned(), report::QUESTIONS.to_owned()));
    }
    headings
}

/// What links may lead to: the ids of each page, which is read once.
struct Targets<'h> {
    html: &'h Path,
    ids: HashMap<PathBuf, HashSet<String>>,
}

impl Targets<'_> {
    fn leads_somewhere(&mut self, page: &str, link: &str) -> Result<(), String> {
        if links::is_external(link) {
            return Ok(());
        }
        let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
        let file = if file.is_empty() { page } else { file };
        let target = match file.strip_suffix(".md") {
            Some(stem) => self.html.join(format!("{stem}.html")),
            None => self.html.join(file),
        };
        if fragment.is_empty() {
            if !target.exists() {
                return Err(format!("the link `{link}` leads to no file"));
            }
            if !is_readable(&target) {
                return Err(format!("the picture `{link}` is not what its name says"));
            }
            return Ok(());
        }
        if !self.ids.contains_key(&target) {
            let text = fs::read_to_string(&target)
                .map_err(|_| format!("the link `{link}` leads to no page"))?;
            self.ids.insert(target.clone(), ids_in(&text));
        }
        if self.ids[&target].contains(fragment) {
            Ok(())
        } else {
            Err(format!("the link `{link}` leads to a page without that heading"))
        }
    }
}

/// The ids of all elements of the page's text. What mdBook puts around it is the same on every page, a third
/// of its bytes, and nothing to link to.
fn ids_in(page: &str) -> HashSet<String> {
    let main = page.split_once("<main>").map_or(page, |(_, rest)| rest);
    let main = main.split_once("</main>").map_or(main, |(main, _)| main);
    // mdBook has written the tags, each attribute alike. A tokenizer would take a tenth of the time that the book takes.
    let in_tag =
        |at: usize| main[..at].rfind(['<', '>']).is_some_and(|end| main[end..].starts_with('<'));
    let ids = main.match_indices(" id=\"").filter(|(at, _)| in_tag(*at));
    ids.filter_map(|(at, begin)| main[at + begin.len()..].split_once('"'))
        .map(|(id, _)| id.to_owned())
        .collect()
}

/// Whether a picture begins as pictures of its kind do; of other files nothing is asked.
fn is_readable(path: &Path) -> bool {
    let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !["png", "jpg", "jpeg", "svg"].contains(&kind) {
        return true;
    }
    let Ok(bytes) = fs::read(path) else { return false };
    match kind {
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "svg" => String::from_utf8(bytes).is_ok_and(|text| text.contains("<svg")),
        _ => bytes.starts_with(b"\xff\xd8\xff"),
    }
}

/// Whether there is such a file or folder. `…` stands for the rest of a name: `steps/03-…/hints.md`.
fn exists(root: &Path, file: &str) -> bool {
    // A learner may do with their own files as they like; the solution has the same.
    let ours = match file.strip_prefix("steps/") {
        Some(rest) if rest.contains("/src") => format!("solutions/{rest}"),
        _ => file.to_owned(),
    };
    let mut found = vec![root.to_owned()];
    for part in ours.split('/').filter(|part| !part.is_empty()) {
        found = match part.split_once('…') {
            None => found.into_iter().map(|folder| folder.join(part)).collect(),
            Some((start, end)) => {
                let fits = |name: &str| name.starts_with(start) && name.ends_with(end);
                found.iter().flat_map(|folder| entries(folder, fits)).collect()
            }
        };
    }
    found.iter().any(|path| path.exists())
}

fn entries(folder: &Path, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(&fits));
    named.map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_page_are_those_of_its_text() {
        let page = "<html id=\"a\"><main><h1 class=\"x\" id=\"b\">an id=\"c\"</h1></main><p id=\"d\"></html>";
        assert_eq!(ids_in(page), HashSet::from(["b".to_owned()]));
    }
}
