//! No page is heavier than a bad network carries in a moment.

use std::fs;

use workshop_book::render;
use xtask::{course::Course, files};

/// Bytes of a page's HTML.
const MOST: u64 = 110_000;

#[test]
fn no_page_is_heavier_than_110_kb() {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let built = tempfile::tempdir().expect("a temporary folder");
    render::build(&course.root, built.path()).unwrap_or_else(|trouble| panic!("{trouble}"));
    let pages = files::in_folder(built.path()).expect("pages").into_iter();
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "html"));
    // All chapters as one page are for paper.
    let pages = pages.filter(|path| !path.ends_with("print.html"));
    let weight = |path| fs::metadata(&path).map(|page| (page.len(), path)).expect("a page");
    let mut weights: Vec<_> = pages.map(weight).collect();
    weights.sort();
    assert!(weights.len() > course.steps.len(), "{weights:#?}");
    let heavy: Vec<_> = weights.iter().filter(|(bytes, _)| *bytes > MOST).collect();
    assert!(heavy.is_empty(), "{heavy:#?}");
}
