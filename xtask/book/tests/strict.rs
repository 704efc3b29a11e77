//! A book that is wrong is not built, and everything that is wrong with it is told at once.

mod clone;

use std::fs;

use clone::Clone;
use workshop_book::{page, render};
use xtask::{course::Course, files};

/// What the page's problems are, each with its line.
#[track_caller]
fn problems(markdown: &str) -> Vec<String> {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let (_, problems) = page::expand(&course, "page.md", markdown);
    problems.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn has_problem(markdown: &str, expected: &str) {
    let problems = problems(markdown);
    assert!(problems.len() == 1 && problems[0].contains(expected), "{problems:#?}");
}

#[test]
fn a_directive_that_does_not_exist() {
    has_problem(
        "text\n{{#snipet x}}\n",
        "book/src/page.md, line 2: there is no directive `snipet`",
    );
}

#[test]
fn a_directive_with_the_wrong_arguments() {
    has_problem("{{#diff 01-open-route}}", "`diff` with the wrong arguments: 01-open-route");
}

#[test]
fn a_diff_to_a_starter_that_does_not_exist() {
    has_problem("{{#diff 09-scopes starter 99-lost}}", "there is no step `99-lost`");
    has_problem("{{#diff starter 09-scopes 10-break-in}}", "`diff` with the wrong arguments");
}

#[test]
fn a_diff_to_a_starter_shows_its_holes() {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let shown = |directive: &str| {
        let (page, problems) = page::expand(&course, "page.md", directive);
        assert!(problems.is_empty(), "{problems:#?}");
        page.markdown
    };
    let starter = shown("{{#diff 09-scopes starter 10-break-in}}");
    let solution = shown("{{#diff 09-scopes 10-break-in}}");
    let argon2 = "<ins>        tokio::spawn(work)";
    assert!(starter.contains(argon2) && !solution.contains(argon2), "{starter}");
}

#[test]
fn a_snippet_of_a_starter_with_holes() {
    has_problem("{{#snippet starter solutions/10-break-in/src/main.rs}}", "has holes");
}

#[test]
fn mdbook_s_own_include_which_checks_nothing() {
    has_problem("{{#include x.rs}}", "`include` is not checked");
}

#[test]
fn a_directive_in_the_middle_of_a_line() {
    has_problem("see {{#minutes}}", "a directive must stand alone on its line");
}

#[test]
fn a_file_that_does_not_exist() {
    has_problem("{{#snippet solutions/01-open-route/src/lost.rs:x}}", "lost.rs");
}

#[test]
fn an_anchor_that_does_not_exist() {
    has_problem("{{#snippet solutions/01-open-route/src/main.rs:lost}}", "lost");
}

#[test]
fn a_snapshot_that_does_not_exist() {
    has_problem("{{#exchange 01-open-route/lost}}", "lost");
}

#[test]
fn a_step_that_does_not_exist() {
    has_problem("{{#checks 99-lost}}", "99-lost");
}

#[test]
fn hints_of_a_step_that_does_not_exist() {
    has_problem("{{#hints 99-lost}}", "there is no step `99-lost`");
}

#[test]
fn a_schedule_that_cannot_be_kept() {
    let wrong = |arguments: &str, expected: &str| {
        has_problem(&format!("text\n{{{{#schedule {arguments}}}}}"), expected);
    };
    wrong("20 core 01-open-route 05-token-endpoint", "line 2: these steps and their breaks take");
    wrong("90 core 01-open-route 99-lost", "there is no step `99-lost`");
    wrong(
        "90 core 05-token-endpoint 01-open-route",
        "`05-token-endpoint` comes after `01-open-route`",
    );
    wrong("soon all 01-open-route 05-token-endpoint", "`soon` is no number of minutes");
    wrong("90 half 01-open-route 05-token-endpoint", "`schedule` with the wrong arguments");
}

#[test]
fn users_on_a_card() {
    has_problem("{{#users 09-scopes alice=a carol=b}}", "`bob` has no password here");
    has_problem("{{#users 09-scopes alice=a mallory=b}}", "there is no user `mallory`");
    has_problem("{{#users 09-scopes alice}}", "`alice` is not `NAME=PASSWORD`");
    has_problem("{{#users 03-bearer-token alice=a}}", "users.json");
}

#[test]
fn routes_and_answers_of_snapshots_that_do_not_exist() {
    has_problem("{{#routes 01-open-route}}", "serves_the_openapi_document.snap");
    has_problem("{{#routes 99-lost}}", "there is no step `99-lost`");
    has_problem("{{#answers 03-bearer-token lists_the_items lost}}", "lost.snap");
    has_problem("{{#answers 03-bearer-token}}", "`answers` with the wrong arguments");
    has_problem("{{#answers 02-api-docs serves_swagger_ui_at_docs}}", "is no JSON");
}

#[test]
fn failures_that_nobody_can_meet() {
    has_problem(
        "{{#failures 03-bearer-token refuses_another_scheme lost}}",
        "step `03-bearer-token` has no mistake and no check `lost`",
    );
    has_problem("{{#failures 03-bearer-token}}", "`failures` with the wrong arguments");
    has_problem("{{#slides 3}}", "`slides` with the wrong arguments: 3");
}

#[test]
fn a_question_that_is_not_closed() {
    has_problem("text\n{{#question}}\nWhy?\n", "line 2: `question` has no `{{/question}}`");
    let second = "{{#question}}\nWhy?\n- [x] A\n\n  yes\n- [ ] B\n\n  no\n{{/question}}\n";
    has_problem(&format!("{{{{#question}}}}\nWhy?\n{second}"), "line 1: `question` has no");
    has_problem("text\n{{/question}}\n", "line 2: a directive must stand alone");
}

#[test]
fn a_question_that_is_wrong_is_told_with_the_line_of_the_page() {
    let page = "text\n{{#question}}\nWhy?\n\n- [x] A\n\n  yes\n\n- [ ] B\n{{/question}}\n";
    has_problem(page, "line 9: the answer `B` is not explained");
    let page = page.replace("- [x]", "- [ ]") + "{{#lost}}\n";
    assert_eq!(problems(&page).len(), 3);
}

#[test]
fn a_table_of_departures_for_a_step_that_shows_none() {
    has_problem("{{#departures 99-lost}}", "there is no step `99-lost`");
    has_problem("{{#departures 10-break-in}}", "no departure shows in this step first");
    has_problem("{{#departures 03-bearer-token 04-authorize-button}}", "with the wrong arguments");
}

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
fn a_directive_in_a_code_block_is_text() {
    assert_eq!(problems("```text\n{{#snipet x}}\n```\n"), Vec::<String>::new());
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
