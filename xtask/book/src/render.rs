//! From `book/` to a folder of HTML, or every problem at once.

use std::{
    collections::HashSet,
    mem,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use mdbook_driver::{
    MDBook,
    book::{Book, BookItem, Chapter},
};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, errors::Error};
use xtask::{course::Course, trouble::Trouble};

use crate::pages::{
    expansion::{self, Material},
    glossary,
    links::{self, Contents},
    numbered,
    page::{Page, Problem},
    targets,
};

/// Builds the book of the checkout at `root` into `dest`, and gives its pages, directives expanded.
pub fn build(root: &Path, dest: &Path) -> Result<Vec<Page>, Trouble> {
    make(root, dest, &[])
}

/// The same without search and without the page of all pages, which take half of the time.
pub(crate) fn pages_only(root: &Path, dest: &Path) -> Result<Vec<Page>, Trouble> {
    make(root, dest, &["output.html.search.enable", "output.html.print.enable"])
}

fn make(root: &Path, dest: &Path, left_out: &[&str]) -> Result<Vec<Page>, Trouble> {
    let course = Arc::new(Course::open(root)?);
    let read = Arc::new(Mutex::new(Read::default()));
    let broken =
        |error: Error| Trouble::Environment(format!("the book cannot be built: {error:#}"));
    let mut book = MDBook::load(root.join("book")).map_err(broken)?;
    dest.clone_into(&mut book.config.build.build_dir);
    for part in left_out {
        book.config.set(part, false).map_err(broken)?;
    }
    book.with_preprocessor(Workshop { course: Arc::clone(&course), read: Arc::clone(&read) });
    let built = book.build();
    let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
    if read.problems.is_empty() {
        built.map_err(broken)?;
        read.problems = targets::dead(&course, &read.pages, dest);
    }
    if read.problems.is_empty() {
        return Ok(mem::take(&mut read.pages).into_iter().map(|(page, _)| page).collect());
    }
    let list: Vec<String> = read.problems.iter().map(Problem::to_string).collect();
    let problems = if list.len() == 1 { "problem" } else { "problems" };
    let count = list.len();
    Err(Trouble::Environment(format!("the book has {count} {problems}:\n{}", list.join("\n"))))
}

/// The preprocessor that mdBook calls with all pages.
struct Workshop {
    course: Arc<Course>,
    read: Arc<Mutex<Read>>,
}

/// What was found on the way.
#[derive(Default)]
struct Read {
    pages: Vec<(Page, Contents)>,
    problems: Vec<Problem>,
}

impl Preprocessor for Workshop {
    fn name(&self) -> &'static str {
        "workshop"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book, Error> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let material = Material::new(&self.course);
        for_each_page(&mut book, |name, chapter| {
            let (page, problems) = expansion::expand(&material, name, &chapter.content);
            read.problems.extend(problems);
            let contents = links::contents(&page);
            read.pages.push((page, contents));
        });
        let problems = link_terms(&mut read.pages);
        read.problems.extend(problems);
        let problems = numbered::problems(&self.course, read.pages.iter().map(|(page, _)| page));
        read.problems.extend(problems);
        let mut pages = read.pages.iter();
        for_each_page(&mut book, |_, chapter| {
            if let Some((page, _)) = pages.next() {
                chapter.content.clone_from(&page.markdown);
            }
        });
        match read.problems.len() {
            0 => Ok(book),
            count => Err(Error::msg(format!("{count} problems"))),
        }
    }
}

/// Calls back with the name of each page below `book/src`, in the order of SUMMARY.md.
fn for_each_page(book: &mut Book, mut see: impl FnMut(&str, &mut Chapter)) {
    book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item
            && let Some(path) = &chapter.path
        {
            let name = path.display().to_string();
            see(&name, chapter);
        }
    });
}

/// Links the glossary's terms on all other pages.
fn link_terms(pages: &mut [(Page, Contents)]) -> Vec<Problem> {
    let glossary = pages.iter().find(|(page, _)| page.name == glossary::PAGE);
    let terms = glossary.map(|(_, contents)| glossary::terms(contents)).unwrap_or_default();
    let mut used = HashSet::new();
    let mut problems = Vec::new();
    for (page, contents) in pages.iter_mut().filter(|(page, _)| page.name != glossary::PAGE) {
        problems.extend(glossary::link(&terms, page, contents, &mut used));
    }
    problems.extend(glossary::unused(&terms, &used));
    problems
}
