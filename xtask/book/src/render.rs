//! From `book/` to a folder of HTML, or every problem at once.

use std::{
    collections::HashSet,
    mem,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use mdbook_driver::{
    MDBook,
    book::{Book, BookItem},
};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, errors::Error};
use xtask::{course::Course, trouble::Trouble};

use crate::{
    glossary,
    links::{self, Contents},
    page::{self, Page, Problem},
    pages,
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
        read.problems = pages::dead_links(&course, &read.pages, dest);
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
        let terms = book.iter().find_map(|item| match item {
            BookItem::Chapter(chapter)
                if chapter.path.as_deref() == Some(Path::new(glossary::PAGE)) =>
            {
                Some(glossary::terms(&chapter.content))
            }
            _ => None,
        });
        let terms = terms.unwrap_or_default();
        let mut used = HashSet::new();
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(path) = &chapter.path
            {
                let name = path.display().to_string();
                let (mut page, problems) = page::expand(&self.course, &name, &chapter.content);
                read.problems.extend(problems);
                let contents = links::of(&page);
                if name != glossary::PAGE {
                    let problems = glossary::link(&terms, &mut page, &contents, &mut used);
                    read.problems.extend(problems);
                }
                chapter.content.clone_from(&page.markdown);
                read.pages.push((page, contents));
            }
        });
        read.problems.extend(glossary::unused(&terms, &used));
        let missing = pages::missing(&self.course, &read.pages);
        read.problems.extend(missing);
        match read.problems.len() {
            0 => Ok(book),
            count => Err(Error::msg(format!("{count} problems"))),
        }
    }
}
