//! A book that is wrong is not built, and everything that is wrong with it is told at once.

mod clone;

use std::fs;

use clone::Clone;
use workshop_book::render;
use xtask::files;

#[test]
fn a_departure_whose_answer_was_not_recorded_or_does_not_differ() {
    let clone = Clone::new();
    fs::remove_file(clone.root().join("xtask/fastapi/answers/07-password-hashes.json"))
        .expect("it was there");
    let file = clone.root().join("xtask/fastapi/departures.toml");
    let text = fs::read_to_string(&file).expect("the departures");
    let same = text.replace("part = \"/expires_in\"", "part = \"/token_type\"");
    fs::write(&file, same).expect("written");
    let told = told(&clone);
    for words in ["no answer is recorded", "`/token_type` is the same in both answers"] {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let clone = Clone::new();
    clone.append("book/src/glossary.md", "\n{{#lost}}\n\n{{#checks 99-lost}}\n");
    clone.append("book/src/welcome.md", "\n{{#exchange 01-open-route/lost}}\n");
    let told = told(&clone);
    for words in
        ["3 problems", "glossary.md, line", "there is no directive `lost`", "99-lost", "welcome.md"]
    {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn a_link_to_a_lost_page_and_to_a_lost_heading() {
    let clone = Clone::new();
    clone.append("book/src/glossary.md", "\n[a](lost.md) [b](welcome.md#lost) [c](welcome.md)\n");
    let told = told(&clone);
    for words in
        ["2 problems", "`lost.md` leads to no file", "`welcome.md#lost` leads to a page without"]
    {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn links_in_raw_html_lost_pictures_and_lost_files_are_told_with_their_lines() {
    let clone = Clone::new();
    let page = clone.root().join("book/src/glossary.md");
    let lines = fs::read_to_string(&page).expect("a page").lines().count();
    clone.append(
        "book/src/glossary.md",
        "\n<div>\n<a\n href=\"lost.md#x\">a</a></div>\n\n![b](lost.svg)\n\n`steps/03-lost/src/main.rs`\n\n\
         `steps/03-…/hints.md` `solutions/01-open-route/` <a href=\"#claim\">c</a>\n",
    );
    let told = told(&clone);
    for (line, words) in [
        (4, "the link `lost.md#x` leads to no page"),
        (6, "the link `lost.svg` leads to no file"),
        (8, "there is no file `steps/03-lost/src/main.rs`"),
    ] {
        let words = format!("glossary.md, line {}: {words}", lines + line);
        assert!(told.contains(&words), "`{words}` is not in:\n{told}");
    }
    assert!(told.contains("3 problems"), "{told}");
}

#[test]
fn a_picture_that_cannot_be_read() {
    let clone = Clone::new();
    for name in ["cut.png", "cut.jpg", "cut.svg"] {
        clone.append(&format!("book/src/{name}"), "half a picture");
        clone.append("book/src/glossary.md", &format!("\n![a]({name})\n"));
    }
    clone.append("book/src/whole.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    clone.append("book/src/glossary.md", "\n![a](whole.svg)\n");
    let told = told(&clone);
    for words in ["3 problems", "the picture `cut.png` is", "`cut.jpg`", "`cut.svg`"] {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn a_snapshot_that_is_broken() {
    let clone = Clone::new();
    let snapshot = "steps/03-bearer-token/tests/snapshots/refuses_a_request_without_a_token.snap";
    fs::write(clone.root().join(snapshot), "---\n---\nno exchange").expect("written");
    let told = told(&clone);
    for words in ["03-bearer-token.md, line", "without_a_token.snap is no snapshot of an exchange"]
    {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn a_term_that_no_page_uses_and_one_that_the_glossary_does_not_have() {
    let clone = Clone::new();
    clone.append("book/src/glossary.md", "\n## Unheard-of word\n\nNobody says it.\n");
    clone.append("book/src/welcome.md", "\n<!-- plain: unknown word -->\n");
    let told = told(&clone);
    for words in [
        "2 problems",
        "no page uses the term `Unheard-of word`",
        "`unknown word` is no term of the glossary",
    ] {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

#[test]
fn a_step_without_a_page_and_a_page_without_a_step() {
    let clone = Clone::new();
    let summary = clone.root().join("book/src/SUMMARY.md");
    let text = fs::read_to_string(&summary).expect("a summary");
    fs::write(&summary, text.replacen("\n- [", "\n- [Lost](99-lost.md)\n- [", 1)).expect("written");
    clone.append("book/src/99-lost.md", "# Lost\n");
    fs::create_dir(clone.root().join("steps/98-lost")).expect("a folder");
    let manifest = fs::read_to_string(clone.root().join("steps/01-open-route/Cargo.toml"));
    clone.append("steps/98-lost/Cargo.toml", &manifest.expect("a manifest"));
    let told = told(&clone);
    for words in ["there is no step steps/99-lost", "step 98 has no page"] {
        assert!(told.contains(words), "`{words}` is not in:\n{told}");
    }
}

/// The page of all pages is what its name says.
#[test]
fn no_page_is_heavier_than_150_kb() {
    const HEAVIEST: u64 = 150_000;
    let clone = Clone::new();
    let html = clone.root().join("html");
    render::build(clone.root(), &html).unwrap_or_else(|trouble| panic!("{trouble}"));
    let mut pages = 0;
    for file in files::below(&html).expect("a readable folder") {
        let is_page = file.extension().is_some_and(|extension| extension == "html");
        if is_page && !file.ends_with("print.html") {
            let size = fs::metadata(&file).expect("a size").len();
            assert!(size <= HEAVIEST, "{} has {size} bytes", file.display());
            pages += 1;
        }
    }
    assert!(pages > 10, "{pages} pages were weighed");
}

#[track_caller]
fn told(clone: &Clone) -> String {
    let built = render::build(clone.root(), &clone.root().join("html"));
    built.expect_err("this book is wrong").to_string()
}
