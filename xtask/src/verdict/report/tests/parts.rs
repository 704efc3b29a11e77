//! What is in them besides.

use protocol::{
    drawn::Drawn,
    finding::{Finding, Kind},
};

use super::*;
use crate::{course::hints::Tier, verdict::task::Task};

#[test]
fn a_task_that_comes_next_expects_its_failures_and_they_are_not_counted_as_others() {
    let course = Scratch::new("next");
    let mut verdict = solved(&course);
    let first = let_in("refuses_a_request_without_a_token", GET, "{}");
    fail(&mut verdict, Some(2), first.clone());
    for _ in 0..4 {
        fail(&mut verdict, Some(3), let_in("refuses_another_scheme", GET, "{}"));
    }
    verdict.focus = Some(first.name);
    for (number, line) in [(2, 90), (3, 70)] {
        let place = Some(format!("steps/03-bearer-token/src/main.rs:{line}"));
        let of_number = |task: &&mut Task| task.number == number;
        let task = verdict.tasks.iter_mut().find(of_number).expect("there are three");
        (task.begun, task.todo) = (false, place);
    }
    let shown = course.report(&verdict);
    let groups = "
  ok    Task 1  Ask for the token
  todo  Task 2  Say what is missing          0 of 1
  todo  Task 3  Let the right requests in    14 of 18
  ok    7 checks that passed from the start

Task 2 is next, so this failure is expected:

refuses a request without a token: your server let this request in.
";
    assert!(shown.contains(groups), "{shown}");
    let next = "
Open:  steps/03-bearer-token/src/main.rs:90
Read:  http://127.0.0.1:4000/03-bearer-token.html#task-2-say-what-is-missing
Next:  cargo xtask hint 3
";
    assert!(shown.ends_with(next), "{shown}");
    verdict.tasks.iter_mut().for_each(|task| task.todo = None);
    let shown = course.report(&verdict);
    let unmarked = "\nTask 2 is next, and one of its checks fails:\n";
    assert!(shown.contains(unmarked), "it may be written, and wrong: {shown}");
}

#[test]
fn what_was_drawn_and_that_one_may_go_on_is_said_in_groups_too() {
    let course = Scratch::new("drawn");
    let mut verdict = solved(&course);
    let mut check = let_in("refuses_another_scheme", GET, "{}");
    (check.tier, check.drawn) =
        (Tier::Edge, vec![Drawn { name: "<drawn word>".to_owned(), value: "x".to_owned() }]);
    check.finding = Some(Finding::new(Kind::LetIn));
    verdict.focus = Some(check.name.clone());
    verdict.seed = Some(77);
    fail(&mut verdict, Some(3), check);
    let shown = course.report(&verdict);
    let drawn = "\nIts values are drawn from seed 77, which stays the same until it passes: cargo xtask verify 3 --seed 77\n";
    assert!(shown.contains(drawn), "{shown}");
    let end = "\nYou can go on; 1 sharp edge left, and it lets in what must be refused.\n";
    assert!(shown.ends_with(end), "{shown}");
}

#[test]
fn a_server_that_does_not_start_is_one_failure_and_not_a_list_of_all_checks() {
    let course = Scratch::new("dead");
    let mut verdict = solved(&course);
    let mut check = testing::check("refuses_another_scheme", "a server", "none");
    check.finding = Some(Finding::new(Kind::NotStarted));
    check.regression = true;
    for (task, count) in [(Some(1), 1), (Some(2), 1), (Some(3), 18), (None, 7)] {
        for index in 0..count {
            let name = format!("check_{index}_of_{}", task.unwrap_or_default());
            fail(&mut verdict, task, CheckResult { name, ..check.clone() });
        }
    }
    verdict.focus = Some("check_0_of_1".to_owned());
    let shown = course.report(&verdict);
    assert!(shown.contains("  FAIL  24 more checks that passed before\n"), "{shown}");
    assert!(shown.ends_with("Next:  cargo xtask hint 3   (26 more checks fail)\n"), "{shown}");
    assert!(shown.lines().count() < 40, "{shown}");
}

#[test]
fn what_we_write_is_at_most_80_columns_wide() {
    let course = Scratch::new("wide");
    let mut verdict = basic_gets_in(&course);
    let long = "refuses_a_header_that_is_longer_than_any_header_should_be_in_any_letter_case";
    fail(&mut verdict, Some(3), let_in(long, GET, "{}"));
    for check in &mut verdict.checks {
        check.regression = !check.passed;
    }
    verdict.focus = Some(long.to_owned());
    let shown = course.report(&verdict);
    assert!(
        shown.contains(&format!("  FAIL  {}\n        passed before\n", long.replace('_', " ")))
    );
    let wide: Vec<&str> = shown.lines().filter(|line| line.chars().count() > wrap::WIDTH).collect();
    let copied = |line: &&str| line.contains("http://") || line.contains("FAIL");
    assert!(wide.iter().all(copied), "{wide:?} in {shown}");
}
