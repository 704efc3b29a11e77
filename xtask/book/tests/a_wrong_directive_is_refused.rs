//! A page whose directives are wrong says what is wrong with each, and in which line.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

use workshop_book::pages::expansion::{self, Material};
use xtask::course::Course;

/// What the page's problems are, each with its line.
#[track_caller]
fn problems(markdown: &str) -> Vec<String> {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let (_, problems) = expansion::expand(&Material::new(&course), "page.md", markdown);
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
        let (page, problems) = expansion::expand(&Material::new(&course), "page.md", directive);
        assert!(problems.is_empty(), "{problems:#?}");
        page.markdown
    };
    let starter = shown("{{#diff 09-scopes starter 10-break-in}}");
    let solution = shown("{{#diff 09-scopes 10-break-in}}");
    let argon2 = ">        let work = async move {";
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
fn a_question_that_is_wrong_is_reported_with_the_line_of_the_page() {
    let page = "text\n{{#question}}\nWhy?\n\n- [x] A\n\n  yes\n\n- [ ] B\n{{/question}}\n";
    has_problem(page, "line 9: the answer `B` is not explained");
    let page = page.replace("- [x]", "- [ ]") + "{{#lost}}\n";
    assert_eq!(problems(&page).len(), 3);
}

#[test]
fn a_prediction_that_is_about_nothing_or_has_no_heading() {
    let choices = "- [x] A\n\n  yes\n- [ ] B\n\n  no\n{{/predict}}\n";
    let begin = "{{#predict 03-bearer-token/lost}}\n**1. Lost**\n\n";
    has_problem(&format!("{begin}{choices}"), "lost.snap");
    has_problem(&format!("{{{{#predict}}}}\n\nPlain\n\n{choices}"), "line 3: a prediction begins");
    let unexplained = format!("{{{{#predict}}}}\n**1.**\n\n{choices}").replace("  no\n", "");
    has_problem(&unexplained, "line 7: the answer `B` is not explained");
    assert_eq!(problems(&format!("{{{{#predict}}}}\n**1.**\n\n{choices}")), Vec::<String>::new());
    let typed = |answer: &str| {
        let exchange = "03-bearer-token/refuses_a_request_without_a_token typed=status";
        format!(
            "{{{{#predict {exchange}}}}}\n**1.**\n\n- [x] {answer}\n\n  yes\n{{{{/predict}}}}\n"
        )
    };
    has_problem(&typed("403"), "`403` is not in the response of");
    assert_eq!(problems(&typed("401")), Vec::<String>::new());
}

#[test]
fn a_directive_in_a_block_is_not_read_and_so_refused() {
    let page = "text\n{{#need}}\n- a\n{{#minutes}}\n";
    has_problem(page, "line 2: `need` has no `{{/need}}`");
    has_problem("{{#need}}\n- a\n\n  ```text\n  {{/need}}\n  ```\n", "`need` has no `{{/need}}`");
}

#[test]
fn a_table_of_departures_for_a_step_that_shows_none() {
    has_problem("{{#departures 99-lost}}", "there is no step `99-lost`");
    has_problem("{{#departures 10-break-in}}", "no departure shows in this step first");
    has_problem("{{#departures 03-bearer-token 04-authorize-button}}", "with the wrong arguments");
}

#[test]
fn a_directive_in_a_code_block_is_text() {
    for page in [
        "```text\n{{#snipet x}}\n```\n",
        "````md\n```\n{{#snipet x}}\n```\n{{#snipet x}}\n````\n",
        "~~~text\n```\n{{#snipet x}}\n~~~\n",
        "- a\n\n  ```\n  {{#snipet x}}\n  ```\n",
        "```text\n{{#snipet x}}",
    ] {
        assert_eq!(problems(page), Vec::<String>::new(), "{page}");
    }
    has_problem("````\n```\n````\n{{#snipet x}}\n", "line 4: there is no directive `snipet`");
}

#[test]
fn code_in_a_question_does_not_end_it() {
    let code = "  ```md\n  {{/question}}\n  ```\n";
    let page =
        format!("{{{{#question}}}}\nWhy?\n- [x] A\n\n{code}- [ ] B\n\n  no\n{{{{/question}}}}\n");
    assert_eq!(problems(&page), Vec::<String>::new());
}
