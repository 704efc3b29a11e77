//! The five messages, whole.

use super::*;
use crate::verdict::Was;

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
    // The path is the system's own.
    let report = course.report(&verdict).replace('\\', "/");
    assert_eq!(
        report,
        "\
Step 3: An extractor is a guard

  FAIL  takes the token as it came           passed last time
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
        error: Some("error[E0308]: mismatched types".to_owned()),
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
    let of_the_second = |mut known: Diagnosis| {
        known.error = Some("error[E0425]: cannot find value `a` in this scope".to_owned());
        known
    };
    verdict.compiler_mistake = verdict.compiler_mistake.map(of_the_second);
    let shown = course.report(&verdict);
    assert!(!shown.contains("E0308"), "the sentence is about the error above it:\n{shown}");
    let known =
        "One of the errors:\n\nerror[E0425]: cannot find value `a` in this scope\n\n`token`";
    assert!(shown.contains(known), "{shown}");
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
Explain:  why it works: http://127.0.0.1:4000/03-bearer-token.html#explain-it-back
Next:     step 4, The Authorize button (cargo xtask learn 4)
          It starts from our step 3. Your code stays where it is.
Read:     http://127.0.0.1:4000/04-authorize-button.html
"
    );
}

#[test]
fn the_last_step_leads_to_what_production_needs_and_to_another_break_in() {
    let course = Scratch::new("last");
    let step = &course.0.steps[1];
    let verdict = Verdict::new(step, String::new(), Outcome::Solved);
    let report = Report { course: &course.0, step, whose: Whose::Learner, verdict: &verdict };
    let said = report.plain();
    let read =
        "That was the last step. Well done.\nRead:     http://127.0.0.1:4000/production.html\n";
    assert!(said.ends_with(read), "{said}");
    let holes = step.folder(Whose::Reference).join("holes").join("one.patch");
    files::write(&holes, b"").unwrap_or_else(|trouble| panic!("{trouble}"));
    assert!(report.plain().ends_with("--new   (six other holes)\n"), "{}", report.plain());
}
