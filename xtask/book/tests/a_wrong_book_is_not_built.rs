//! A book that is wrong is not built, and everything that is wrong with it is said at once.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

mod checkout;

use std::fs;

use checkout::Checkout;
use workshop_book::render;
use xtask::files;

#[test]
fn a_departure_whose_answer_was_not_recorded_or_does_not_differ() {
    let checkout = Checkout::copy();
    fs::remove_file(checkout.root().join("xtask/peers/fastapi/answers/07-password-hashes.json"))
        .expect("it was there");
    let file = checkout.root().join("xtask/peers/fastapi/departures.toml");
    let text = fs::read_to_string(&file).expect("the departures");
    let same = text.replace("part = \"/expires_in\"", "part = \"/token_type\"");
    fs::write(&file, same).expect("written");
    let said = said(&checkout);
    for words in ["no answer is recorded", "`/token_type` is the same in both answers"] {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

#[test]
fn all_problems_are_said_at_once() {
    let checkout = Checkout::copy();
    checkout.append("book/src/glossary.md", "\n{{#lost}}\n\n{{#checks 99-lost}}\n");
    checkout.append("book/src/welcome.md", "\n{{#exchange 01-open-route/lost}}\n");
    let said = said(&checkout);
    for words in
        ["3 problems", "glossary.md, line", "there is no directive `lost`", "99-lost", "welcome.md"]
    {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

#[test]
fn a_link_to_a_lost_page_and_to_a_lost_heading() {
    let checkout = Checkout::copy();
    checkout
        .append("book/src/glossary.md", "\n[a](lost.md) [b](welcome.md#lost) [c](welcome.md)\n");
    let said = said(&checkout);
    for words in
        ["2 problems", "`lost.md` leads to no file", "`welcome.md#lost` leads to a page without"]
    {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

/// The page of step 10 has no tasks of its own.
#[test]
fn a_task_without_a_heading_on_its_page() {
    let checkout = Checkout::copy();
    let step = checkout.course().steps.pop().expect("there is a last step");
    let manifest = checkout.root().join("steps").join(&step.slug).join("Cargo.toml");
    let table = "[package.metadata.workshop]";
    let text = fs::read_to_string(&manifest).expect("it is a package");
    let tasks = r#"tasks = ["Read `main`, twice", "Lost"]"#;
    fs::write(&manifest, text.replace(table, &format!("{table}\n{tasks}"))).expect("written");
    let page = format!("book/src/{}.md", step.slug);
    checkout.append(&page, "\n### Task 1. Read `main`, twice\n");
    let said = said(&checkout);
    assert!(said.contains("there is no heading `### Task 2. Lost`"), "{said}");
    assert!(!said.contains("### Task 1."), "{said}");
}

#[test]
fn links_in_raw_html_lost_pictures_and_lost_files_are_reported_with_their_lines() {
    let checkout = Checkout::copy();
    let page = checkout.root().join("book/src/glossary.md");
    let lines = fs::read_to_string(&page).expect("a page").lines().count();
    checkout.append(
        "book/src/glossary.md",
        "\n<div>\n<a\n href=\"lost.md#x\">a</a></div>\n\n![b](lost.svg)\n\n`steps/03-lost/src/main.rs`\n\n\
         `steps/03-…/hints.md` `solutions/01-open-route/` <a href=\"#claim\">c</a>\n",
    );
    let said = said(&checkout);
    for (line, words) in [
        (4, "the link `lost.md#x` leads to no page"),
        (6, "the link `lost.svg` leads to no file"),
        (8, "there is no file `steps/03-lost/src/main.rs`"),
    ] {
        let words = format!("glossary.md, line {}: {words}", lines + line);
        assert!(said.contains(&words), "`{words}` is not in:\n{said}");
    }
    assert!(said.contains("3 problems"), "{said}");
}

#[test]
fn a_picture_that_cannot_be_read() {
    let checkout = Checkout::copy();
    for name in ["cut.png", "cut.jpg", "cut.svg"] {
        checkout.append(&format!("book/src/{name}"), "half a picture");
        checkout.append("book/src/glossary.md", &format!("\n![a]({name})\n"));
    }
    checkout.append("book/src/whole.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    checkout.append("book/src/glossary.md", "\n![a](whole.svg)\n");
    let said = said(&checkout);
    for words in ["3 problems", "the picture `cut.png` is", "`cut.jpg`", "`cut.svg`"] {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

#[test]
fn a_snapshot_that_is_broken() {
    let checkout = Checkout::copy();
    let snapshot = "steps/03-bearer-token/tests/snapshots/refuses_a_request_without_a_token.snap";
    fs::write(checkout.root().join(snapshot), "---\n---\nno exchange").expect("written");
    let said = said(&checkout);
    for words in ["03-bearer-token.md, line", "without_a_token.snap is no snapshot of an exchange"]
    {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

#[test]
fn a_term_that_no_page_uses_and_one_that_the_glossary_does_not_have() {
    let checkout = Checkout::copy();
    checkout.append("book/src/glossary.md", "\n## Unheard-of word\n\nNobody says it.\n");
    checkout.append("book/src/welcome.md", "\n<!-- plain: unknown word -->\n");
    let said = said(&checkout);
    for words in [
        "2 problems",
        "no page uses the term `Unheard-of word`",
        "`unknown word` is no term of the glossary",
    ] {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

#[test]
fn a_step_without_a_page_and_a_page_without_a_step() {
    let checkout = Checkout::copy();
    let summary = checkout.root().join("book/src/SUMMARY.md");
    let text = fs::read_to_string(&summary).expect("a summary");
    fs::write(&summary, text.replacen("\n- [", "\n- [Lost](99-lost.md)\n- [", 1)).expect("written");
    checkout.append("book/src/99-lost.md", "# Lost\n");
    for folder in ["steps/98-lost", "solutions/98-lost"] {
        fs::create_dir(checkout.root().join(folder)).expect("a folder");
    }
    let manifest = fs::read_to_string(checkout.root().join("steps/01-open-route/Cargo.toml"));
    checkout.append("steps/98-lost/Cargo.toml", &manifest.expect("a manifest"));
    let said = said(&checkout);
    for words in ["there is no step steps/99-lost", "step 98 has no page"] {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}

/// The page of all pages is what its name says.
#[test]
fn no_page_is_heavier_than_150_kb() {
    const HEAVIEST: u64 = 150_000;
    let checkout = Checkout::copy();
    let html = checkout.root().join("html");
    render::build(checkout.root(), &html).unwrap_or_else(|trouble| panic!("{trouble}"));
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
fn said(checkout: &Checkout) -> String {
    let built = render::build(checkout.root(), &checkout.root().join("html"));
    built.expect_err("this book is wrong").to_string()
}
