//! The five messages, whole, as a learner reads them.

use std::{env, fs, path::PathBuf, process};

use protocol::{drawn::Drawn, finding::Kind};

use super::*;
use crate::{
    course::hints::Tier,
    verdict::{CheckResult, Was, diagnosis::Diagnosis, task::Task, testing},
};

/// A course of two steps, the first of which has tasks, in a folder that is removed when it is dropped.
struct Scratch(Course);

impl Scratch {
    fn new(name: &str) -> Self {
        let root = env::temp_dir().join(format!("workshop-report-{name}-{}", process::id()));
        let minutes = "[package.metadata.workshop]\nminutes = { core = 1, all = 2 }\nurls = []\n";
        let tasks = "tasks = [\"Ask for the token\", \"Say what is missing\", \"Let the right requests in\"]\n";
        let steps = [
            ("03-bearer-token", "An extractor is a guard", tasks),
            ("04-authorize-button", "The Authorize button", ""),
        ];
        for (slug, title, tasks) in steps {
            let written = |path: PathBuf, text: String| {
                fs::create_dir_all(&path).expect("the folder for temporary files can be written");
                fs::write(path.join("Cargo.toml"), text).expect("the folder is there");
            };
            let manifest = format!("[package]\ndescription = \"{title}\"\n{minutes}{tasks}");
            written(root.join("steps").join(slug), manifest);
            written(root.join("solutions").join(slug), String::new());
        }
        Self(Course::open(&root).unwrap_or_else(|trouble| panic!("{trouble}")))
    }

    fn report(&self, verdict: &Verdict) -> String {
        let step = &self.0.steps[0];
        Report { course: &self.0, step, whose: Whose::Learner, verdict }.plain()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0.root).expect("nothing holds it");
    }
}

/// So many checks of a task, all of which pass.
fn green(task: u8, count: usize) -> Vec<CheckResult> {
    let check = |index| CheckResult {
        task: Some(task),
        ..testing::check(&format!("check_{index}_of_task_{task}"), "x", "")
    };
    (0..count).map(check).collect()
}

/// The verdict on the model's step: 1, 1 and 18 checks in three tasks, and 7 of earlier steps, all of which pass.
fn solved(course: &Scratch) -> Verdict {
    let mut checks = [green(1, 1), green(2, 1), green(3, 18)].concat();
    let old = |index| CheckResult {
        new: false,
        ..testing::check(&format!("check_{index}_of_before"), "x", "")
    };
    checks.extend((0..7).map(old));
    let mut verdict = Verdict::new(&course.0.steps[0], String::new(), Outcome::Solved);
    verdict.checks = checks;
    for task in &mut verdict.tasks {
        task.begun = true;
    }
    verdict
}

/// Puts a failing check in the place of the first one of this task that passes.
fn fail(verdict: &mut Verdict, task: Option<u8>, failing: CheckResult) {
    let mut checks = verdict.checks.iter_mut();
    let place = checks.find(|check| check.task == task && check.passed).expect("it has one");
    *place = CheckResult { task, new: task.is_some(), ..failing };
    verdict.outcome = Outcome::Failed;
}

fn exchange(request: &str, response: &str) -> String {
    format!("{request}\n\nHTTP/1.1 {response}")
}

const REFUSED: &str = "401 Unauthorized\nwww-authenticate: Bearer\ncontent-type: application/json\n\n\
                       {\"detail\":\"Not authenticated\"}";

fn let_in(name: &str, request: &str, got: &str) -> CheckResult {
    let got = format!("200 OK\ncontent-type: application/json\n\n{got}");
    CheckResult {
        seen: Some("your server let this request in.".to_owned()),
        ..testing::check(name, &exchange(request, REFUSED), &exchange(request, &got))
    }
}

const GET: &str = "GET /items/secret HTTP/1.1";

#[test]
fn an_untouched_step_expects_its_failures_and_leads_to_the_first_task() {
    let course = Scratch::new("untouched");
    let mut verdict = solved(&course);
    let got = r#"{"message":"This is not a secret yet."}"#;
    let first = let_in("refuses_a_request_without_a_token", GET, got);
    for (task, count) in [(1, 1), (2, 1), (3, 18)] {
        for _ in 0..count {
            fail(&mut verdict, Some(task), first.clone());
        }
    }
    verdict.outcome = Outcome::NotStarted;
    verdict.focus = Some(first.name);
    for task in &mut verdict.tasks {
        task.begun = false;
        task.todo = Some(format!("steps/03-bearer-token/src/main.rs:{}", 54 + task.number));
    }
    assert_eq!(
        course.report(&verdict),
        "\
Step 3: An extractor is a guard

  todo  Task 1  Ask for the token            0 of 1
  todo  Task 2  Say what is missing          0 of 1
  todo  Task 3  Let the right requests in    0 of 18
  ok    7 checks that passed from the start

You have not begun, so these 20 failures are expected. One of them:

refuses a request without a token: your server let this request in.

  GET /items/secret

  expected  401 Unauthorized
            www-authenticate: Bearer
            {\"detail\":\"Not authenticated\"}
  got       200 OK
            {\"message\":\"This is not a secret yet.\"}

Open:  steps/03-bearer-token/src/main.rs:55
Read:  http://127.0.0.1:4000/03-bearer-token.html#task-1-ask-for-the-token
"
    );
}

/// The verdict where a guard never reads the scheme, and one more check fails.
fn basic_gets_in(course: &Scratch) -> Verdict {
    let mut verdict = solved(course);
    let request = format!("{GET}\nauthorization: Basic b2xhOm9sYQ==");
    let got = r#"{"message":"This is a protected route!","token":"b2xhOm9sYQ=="}"#;
    let known = Diagnosis {
        name: "scheme-ignored".to_owned(),
        says: "Any scheme gets in. Only `Bearer` should.".to_owned(),
        why: "RFC 6750 §2.1: a bearer token comes after the scheme `Bearer`, in any letter case."
            .to_owned(),
        read: "03-bearer-token.html#a-sibling".to_owned(),
        file: Some("steps/03-bearer-token/src/main.rs".to_owned()),
        line: Some(80),
        code: Some(
            "let (_, token) = credentials.split_once(' ').ok_or(NotAuthenticated)?;".to_owned(),
        ),
    };
    let curl =
        "curl -i -H \"Authorization: Basic b2xhOm9sYQ==\" \"http://127.0.0.1:3000/items/secret\"";
    let check = CheckResult {
        mistake: Some(known),
        reproduce: Some(curl.to_owned()),
        ..let_in("refuses_another_scheme", &request, got)
    };
    fail(&mut verdict, Some(3), check);
    fail(&mut verdict, Some(3), let_in("refuses_a_longer_scheme", &request, got));
    verdict.focus = Some("refuses_another_scheme".to_owned());
    verdict
}

#[test]
fn a_known_mistake_is_named_with_its_line_below_what_was_seen() {
    let course = Scratch::new("known");
    assert_eq!(
        course.report(&basic_gets_in(&course)),
        "\
Step 3: An extractor is a guard

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
            {\"message\":\"This is a protected route!\",\"token\":\"b2xhOm9sYQ==\"}

steps/03-bearer-token/src/main.rs:80:
  let (_, token) = credentials.split_once(' ').ok_or(NotAuthenticated)?;
Any scheme gets in. Only `Bearer` should.
Why:   RFC 6750 §2.1: a bearer token comes after the scheme `Bearer`, in any
       letter case.
Read:  http://127.0.0.1:4000/03-bearer-token.html#a-sibling

Try:   cargo xtask run 3   and, in a second terminal:
       curl -i -H \"Authorization: Basic b2xhOm9sYQ==\" \"http://127.0.0.1:3000/items/secret\"
Next:  cargo xtask hint 3   (also failing: refuses a longer scheme)
"
    );
}

#[test]
fn a_regression_is_named_above_the_tasks() {
    let course = Scratch::new("regression");
    let mut verdict = solved(&course);
    let (sent, got) = ("Open.Sesame-1_2~3+4/5==", "open.sesame-1_2~3+4/5==");
    let check = CheckResult {
        regression: true,
        was: Was::Passed,
        seen: Some("the body differs at \"token\".".to_owned()),
        ..testing::check("takes_the_token_as_it_came", sent, got)
    };
    fail(&mut verdict, Some(3), check);
    verdict.focus = Some("takes_the_token_as_it_came".to_owned());
    assert_eq!(
        course.report(&verdict),
        "\
Step 3: An extractor is a guard

  FAIL  takes the token as it came           passed at your last save
  ok    Tasks 1 and 2
  FAIL  Task 3  Let the right requests in    17 of 18
  ok    7 checks that passed from the start

takes the token as it came: the body differs at \"token\".

  expected  Open.Sesame-1_2~3+4/5==
  got       open.sesame-1_2~3+4/5==

Open:  steps/03-bearer-token/src/main.rs
Read:  http://127.0.0.1:4000/03-bearer-token.html#task-3-let-the-right-requests-in
Next:  cargo xtask hint 3
"
    );
}

#[test]
fn of_code_that_does_not_compile_the_first_error_is_shown() {
    let course = Scratch::new("refused");
    let mut verdict = solved(&course);
    verdict.outcome = Outcome::DoesNotCompile;
    verdict.checks.clear();
    let first = "error[E0308]: mismatched types\n  --> steps/03-bearer-token/src/main.rs:79:21\n   |\n\
                 79 |             Ok(Self(token))\n   |                     ^^^^^ expected `String`, found `&str`\n\n";
    verdict.compiler =
        Some(format!("{first}error[E0425]: cannot find value `a` in this scope\n\n"));
    verdict.compiler_mistake = Some(Diagnosis {
        name: "slice".to_owned(),
        says: "`token` is a slice of the header, but `BearerToken` has to own its string."
            .to_owned(),
        why: "The header is gone when the handler runs.".to_owned(),
        read: "03-bearer-token.html#a-sibling".to_owned(),
        file: None,
        line: None,
        code: None,
    });
    let shown = course.report(&verdict);
    assert_eq!(
        shown,
        format!(
            "\
Step 3: An extractor is a guard

Your code does not compile yet, so no check has run. The first error:

{first}\
`token` is a slice of the header, but `BearerToken` has to own its string.
Why:   The header is gone when the handler runs.
Read:  http://127.0.0.1:4000/03-bearer-token.html#a-sibling

Next:  fix this, then cargo xtask verify 3   (1 more error)
"
        )
    );
}

#[test]
fn a_solved_step_leads_to_our_code_to_the_questions_and_to_the_next_step() {
    let course = Scratch::new("solved");
    assert_eq!(
        course.report(&solved(&course)),
        "\
Step 3: An extractor is a guard

  ok    Tasks 1 to 3
  ok    7 checks that passed from the start

Solved: all 27 checks pass.

Compare:  cargo xtask solution 3 --diff
Explain:  http://127.0.0.1:4000/03-bearer-token.html#explain-it-back
Next:     step 4, The Authorize button (cargo xtask learn 4)
          It starts from our step 3. Your code stays where it is.
"
    );
}

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
}

#[test]
fn what_was_drawn_and_that_one_may_go_on_is_said_in_groups_too() {
    let course = Scratch::new("drawn");
    let mut verdict = solved(&course);
    let mut check = let_in("refuses_another_scheme", GET, "{}");
    (check.tier, check.drawn) =
        (Tier::Edge, vec![Drawn { name: "<drawn word>".to_owned(), value: "x".to_owned() }]);
    verdict.focus = Some(check.name.clone());
    verdict.seed = Some(77);
    fail(&mut verdict, Some(3), check);
    let shown = course.report(&verdict);
    let drawn =
        "\nThe seed 77 drew this, and stays until it passes: cargo xtask verify 3 --seed 77\n";
    assert!(shown.contains(drawn), "{shown}");
    assert!(shown.ends_with("\nYou can go on; 1 sharp edge left.\n"), "{shown}");
}

#[test]
fn a_server_that_does_not_start_is_one_failure_and_not_a_list_of_all_checks() {
    let course = Scratch::new("dead");
    let mut verdict = solved(&course);
    let mut check = testing::check("refuses_another_scheme", "a server", "none");
    check.finding = Some(protocol::finding::Finding::new(Kind::NotStarted));
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
    let wide: Vec<&str> = shown.lines().filter(|line| line.chars().count() > WIDTH).collect();
    let copied = |line: &&str| line.contains("http://") || line.contains("FAIL");
    assert!(wide.iter().all(copied), "{wide:?} in {shown}");
    assert_eq!(wrapped(&"word ".repeat(40), 7).lines().count(), 3);
}
