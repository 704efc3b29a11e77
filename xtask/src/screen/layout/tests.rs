//! Windows of several sizes, row by row.

use anstream::adapter::strip_str;

use super::*;
use crate::{
    course::Whose,
    verdict::{
        Outcome, Verdict,
        report::{
            Report,
            tests::{Scratch, basic_gets_in, solved},
        },
    },
};

/// The state after the verdict.
fn judged<'a>(course: &'a Scratch, verdict: Option<&'a Verdict>) -> State<'a> {
    let (course, step) = (&course.0, &course.0.steps[0]);
    State {
        step,
        report: verdict.map(|verdict| Report { course, step, whose: Whose::Learner, verdict }),
        phase: Phase::Judged,
        notice: None,
        page: None,
        server: "your server: http://127.0.0.1:3000",
        class: None,
        ahead: None,
        not_built: None,
        scroll: 0,
    }
}

/// What is seen, without colours.
fn seen(state: &State<'_>, width: usize, height: usize) -> Vec<String> {
    let rows = rows(state, Size { width, height }).rows;
    rows.iter().map(|row| strip_str(row).to_string()).collect()
}

#[test]
fn a_failure_is_in_the_middle_of_eighty_by_twenty() {
    let course = Scratch::new("screen-80");
    let verdict = basic_gets_in(&course);
    let state = State { ahead: Some("6 of 19".to_owned()), ..judged(&course, Some(&verdict)) };
    assert_eq!(
        seen(&state, 80, 20).join("\n"),
        "\
Step 3: An extractor is a guard                  [##################..] 25 of 27
2 of 27 checks fail

  ok    Tasks 1 and 2
  FAIL  Task 3  Let the right requests in    16 of 18
  ok    7 checks that passed from the start

refuses another scheme: your server let this request in.

  GET /items/secret
  authorization: Basic b2xhOm9sYQ==

  expected  401 Unauthorized
            www-authenticate: Bearer
            {\"detail\":\"Not authenticated\"}
  got       200 OK
-- 13 more rows: j, k, arrows, PageUp, PageDown --
your server: http://127.0.0.1:3000
the other steps are still compiling: 6 of 19; you need not wait
h hint  l list  n next step  r run again  c cargo  j/k scroll  q quit"
    );
}

#[test]
fn what_cargo_could_not_build_is_named_below() {
    let course = Scratch::new("screen-not-built");
    let verdict = solved(&course);
    let not_built = Some("step-07, step-08".to_owned());
    let seen = seen(&State { not_built, ..judged(&course, Some(&verdict)) }, 80, 20);
    let words = "cargo could not build step-07, step-08 ahead: c shows why";
    assert!(seen.contains(&words.to_owned()), "{seen:#?}");
}

#[test]
fn a_narrow_window_has_less_around_the_failure_and_breaks_its_lines() {
    let course = Scratch::new("screen-narrow");
    let verdict = basic_gets_in(&course);
    assert_eq!(
        seen(&judged(&course, Some(&verdict)), 36, 14).join("\n"),
        "\
Step 3: An extractor is a…  25 of 27
2 of 27 checks fail

refuses another scheme: your server
let this request in.

  GET /items/secret
  authorization: Basic b2xhOm9sYQ==

-- 31 more rows: j, k, arrows, Page…
your server: http://127.0.0.1:3000
h hint  l list  n next step
r run again  c cargo  j/k scroll
q quit"
    );
}

#[test]
fn the_text_is_scrolled_to_its_end_and_no_further() {
    let course = Scratch::new("screen-scroll");
    let verdict = basic_gets_in(&course);
    let scrolled = |scroll| {
        rows(&State { scroll, ..judged(&course, Some(&verdict)) }, Size { width: 80, height: 20 })
    };
    let top = scrolled(0);
    let next = scrolled(3);
    assert_eq!(
        next.rows[8..16],
        top.rows[11..].iter().take(5).chain(&next.rows[13..16]).cloned().collect::<Vec<_>>()[..]
    );
    let end = scrolled(usize::MAX);
    assert_eq!(scrolled(end.scroll), end);
    assert_eq!(scrolled(end.scroll + 1), end);
    let last = end.rows.iter().position(|row| row.starts_with("Next:  cargo xtask hint 3"));
    let position = end.rows.iter().position(|row| row.starts_with("-- "));
    assert_eq!(last.map(|row| row + 1), position, "{end:?}");
}

#[test]
fn a_high_window_names_the_checks_that_fail_below_their_task() {
    let course = Scratch::new("screen-high");
    let verdict = basic_gets_in(&course);
    let page = "http://127.0.0.1:4000/03-bearer-token.html";
    let state = State { page: Some(page.to_owned()), ..judged(&course, Some(&verdict)) };
    let seen = seen(&state, 100, 42);
    let expected = [
        "  ok    Tasks 1 and 2",
        "  FAIL  Task 3  Let the right requests in    16 of 18",
        "          refuses another scheme",
        "          refuses a longer scheme",
        "  ok    7 checks that passed from the start",
    ];
    assert_eq!(seen[3..8], expected);
    assert_eq!(seen[40], format!("the page:    {page}"));
    assert!(!seen.iter().any(|row| row.starts_with("-- ")), "all of it is there: {seen:#?}");
}

#[test]
fn what_is_under_way_is_above_the_last_verdict() {
    let course = Scratch::new("screen-phase");
    let verdict = solved(&course);
    let status =
        |phase, verdict| seen(&State { phase, ..judged(&course, verdict) }, 80, 20)[1].clone();
    let compiling =
        |does: Option<&str>| Phase::Compiling { seconds: 3, does: does.map(str::to_owned) };
    assert_eq!(status(compiling(None), None), "Compiling, 3 s");
    let cargo = "Compiling tokio v1.47.1 … (12)";
    assert_eq!(
        status(compiling(Some(cargo)), Some(&verdict)),
        "Compiling, 3 s: tokio v1.47.1 … (12)"
    );
    let checking = |seconds, said: Option<&str>| {
        status(Phase::Checking { seconds, said: said.map(str::to_owned) }, None)
    };
    assert_eq!(checking(0, None), "Checking");
    assert_eq!(checking(2, None), "Checking, 2 s");
    let said = "18 checks pass, 3 still running";
    assert_eq!(checking(0, Some(said)), "Checking: 18 checks pass, 3 still running");
    assert_eq!(status(Phase::Trouble, Some(&verdict)), "Cannot be checked");
    assert_eq!(status(Phase::Judged, Some(&verdict)), "Solved");
    assert_eq!(status(Phase::Judged, None), "");
}

#[test]
fn of_code_that_does_not_compile_no_task_is_said_to_be_done() {
    let course = Scratch::new("screen-refused");
    let mut verdict = Verdict::new(&course.0.steps[0], String::new(), Outcome::DoesNotCompile);
    verdict.compiler = Some("error: expected `;`\n --> a:1:1\n".to_owned());
    let seen = seen(&judged(&course, Some(&verdict)), 80, 24);
    assert_eq!(seen[..2], ["Step 3: An extractor is a guard", "Does not compile"]);
    assert!(seen.contains(&"error: expected `;`".to_owned()), "{seen:#?}");
    assert!(!seen.iter().any(|row| row.contains("Task")), "{seen:#?}");
}

#[test]
fn a_notice_is_in_place_of_the_failure() {
    let course = Scratch::new("screen-notice");
    let verdict = basic_gets_in(&course);
    let state = State { notice: Some("Hint 1 of 2\n\nRead."), ..judged(&course, Some(&verdict)) };
    let seen = seen(&state, 80, 20).join("\n");
    assert!(seen.contains("\n\nHint 1 of 2\n\nRead.\n\n"), "{seen}");
    assert!(!seen.contains("refuses another scheme"), "{seen}");
    assert!(
        seen.ends_with(
            "\nb back  h hint  l list  n next step  r run again  c cargo  j/k scroll  q quit"
        ),
        "{seen}"
    );
}

#[test]
fn no_window_is_too_small() {
    let course = Scratch::new("screen-small");
    let verdict = basic_gets_in(&course);
    for verdict in [None, Some(&verdict)] {
        let state = State {
            ahead: Some("1 of 2".to_owned()),
            not_built: Some("step-07".to_owned()),
            scroll: 9,
            ..judged(&course, verdict)
        };
        for width in (0..100).step_by(3) {
            for height in 0..50 {
                let seen = seen(&state, width, height);
                assert_eq!(seen.len(), height, "{width} x {height}");
                let widest = seen.iter().map(|row| columns_of(row)).max().unwrap_or_default();
                // A row without columns cannot be: it has one.
                assert!(widest <= width.max(1), "{width} x {height}: {seen:#?}");
            }
        }
    }
}

#[test]
fn a_bar_is_full_only_if_all_pass() {
    assert_eq!(bar(0, 27, 10), "..........");
    assert_eq!(bar(1, 270, 10), "#.........");
    assert_eq!(bar(26, 27, 10), "#########.");
    assert_eq!(bar(27, 27, 10), "##########");
    assert_eq!([bar(0, 0, 4), bar(1, 2, 0), bar(1, 2, 1)], ["....", "", "#"]);
}
