//! What the learner may have written, with what each of it is told.

use std::fs;

use xtask::{course::Whose, judge::inputs};

use crate::{
    scratch::{Scratch, finish},
    servers::listening,
};

const MAIN_RS: &str = "steps/01-open-route/src/main.rs";

#[test]
fn an_untouched_starter_is_not_started_and_fails_its_new_checks() {
    let scratch = Scratch::new();
    let said = scratch.xtask(&["verify", "1", "--json"]);
    said.exits(1);
    let verdict = said.json();
    assert_eq!(verdict["outcome"], "not_started");
    let judged = verdict["checks"].as_array().expect("the schema says so").iter();
    let failing: Vec<&str> = judged
        .filter(|check| check["passed"] == false)
        .filter_map(|check| check["name"].as_str())
        .collect();
    let checks = scratch.step().checks().expect("there are hints");
    let new: Vec<&str> =
        checks.iter().filter(|check| check.new).map(|check| check.name.as_str()).collect();
    assert_eq!(failing, new);

    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("Not started yet: these 2 failures are expected");
    said.says("http://127.0.0.1:4000/01-open-route.html");
    said.says("FAIL  lists the items").says("ok    answers 404 where nothing is");
}

#[test]
fn the_solution_is_solved_and_the_next_step_is_named() {
    let scratch = Scratch::new();
    scratch.xtask(&["solution", "1", "--apply"]).exits(0);
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(0).says("Solved: all 3 checks pass.").never_says("FAIL");
    said.says("Next: step 2").says("steps/02-api-docs/src/main.rs").says("02-api-docs.html");
    scratch.xtask(&["status"]).exits(0).says("1 of ").says("steps/02-api-docs/src/main.rs");
    scratch.xtask(&["verify"]).exits(1).says("Step 2");
}

#[test]
fn a_solved_step_is_judged_again_only_if_something_has_changed() {
    let scratch = Scratch::new();
    let without_cargo =
        |arguments: &[&str]| finish(scratch.command(arguments).env("PATH", "").env_remove("CARGO"));
    scratch.save_solution();
    scratch.xtask(&["verify", "1"]).exits(0);
    without_cargo(&["verify", "1"]).exits(0).says("Solved");
    without_cargo(&["verify", "1", "--fresh"]).exits(4);

    let snapshot = scratch.step().snapshots().join("lists_the_items.snap");
    let text = fs::read_to_string(&snapshot).expect("it is text");
    fs::write(&snapshot, text.replace("Teapot", "Kettle")).expect("the scratch can be written");
    scratch.xtask(&["verify", "1"]).exits(1).says("Kettle");
}

#[test]
fn a_verdict_depends_on_all_that_it_is_made_of_and_on_nothing_else() {
    let scratch = Scratch::new();
    let course = scratch.course();
    let step = course.step("3").expect("there is a step 3");
    let hash = || inputs::hash(&course, step, Whose::Learner).expect("it can be read");
    let mut before = hash();
    for path in [
        "steps/03-bearer-token/src/main.rs",
        "steps/03-bearer-token/hints.md",
        "steps/02-api-docs/tests/docs/mod.rs",
        "xtask/harness/src/check.rs",
        "Cargo.lock",
        "Cargo.toml",
    ] {
        fs::write(scratch.root.join(path), "other").expect("the scratch can be written");
        let after = hash();
        assert!(before != after, "{path} changes nothing");
        before = after;
    }
    for path in ["steps/02-api-docs/src/main.rs", "solutions/03-bearer-token/src/main.rs"] {
        fs::write(scratch.root.join(path), "other").expect("the scratch can be written");
        assert!(before == hash(), "{path} makes a new run");
    }
}

#[test]
fn our_solution_is_judged_without_the_learners_code() {
    let scratch = Scratch::new();
    scratch.save("this does not compile");
    scratch.xtask(&["verify", "1", "--solutions"]).exits(0).says(", the solution").says("Solved");
    scratch.xtask(&["status"]).exits(0).says("0 of ");
}

#[test]
fn a_wrong_answer_is_shown_beside_what_was_expected() {
    let scratch = Scratch::new();
    scratch.save_solution_but("Teapot", "Kettle");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("FAIL  lists the items").says("- expected\n+ your server");
    said.says("\n-     \"name\": \"Teapot\"").says("\n+     \"name\": \"Kettle\"");
    said.says("cargo xtask run 1").says("-i \"http://127.0.0.1:3000/items\"");
    said.says(format!("Open:  {MAIN_RS}")).says("Next:  cargo xtask hint 1");
}

#[test]
fn with_the_core_alone_the_learner_may_go_on() {
    let scratch = Scratch::new();
    scratch.save_solution_but("Router::new()", "Router::new().fallback(async || \"here I am\")");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("You can go on; 1 sharp edge left.").says("ok    lists the items");
}

#[test]
fn what_rustc_says_comes_first_if_it_does_not_compile() {
    let scratch = Scratch::new();
    scratch.save_solution_but("id: 1,", "id: \"one\",");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(3);
    said.says("Your code does not compile yet. This is what rustc says:\n\nerror[E0308]: mismatched types");
    said.says(format!("{MAIN_RS}:")).says(format!("Open:  {MAIN_RS}")).says("cargo xtask verify 1");
    said.never_says("aborting due to").never_says("could not compile");
    scratch.xtask(&["hint", "1"]).exits(3).says("error[E0308]");
}

#[test]
fn a_server_that_never_listens_is_ended() {
    let scratch = Scratch::new();
    scratch.save("fn main() { println!(\"Listenin on 3000\"); loop {} }");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("your server runs, but has not said in 10 s that it listens");
    said.says("It printed:\n  Listenin on 3000")
        .says("prints `Listening on http://127.0.0.1:PORT`");
}

#[test]
fn a_handler_that_never_ends_is_ended() {
    let scratch = Scratch::new();
    scratch
        .save_solution_but("Json(vec![", "loop {}\n    #[allow(unreachable_code)]\n    Json(vec![");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("no answer: nothing came in 5 s").says("Expected: an answer to GET /items");
    said.says("ok    answers 404 where nothing is");
}

#[test]
fn a_server_that_exits_is_told_with_its_status() {
    let scratch = Scratch::new();
    scratch.save("fn main() { eprintln!(\"no config\"); std::process::exit(7) }");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("your server ended before it listened (exit ").says(": 7)");
    said.says("It printed:\n  no config");

    scratch.save_solution_but("Json(vec![", "if true { std::process::exit(7) }\n    Json(vec![");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("no answer: your server ended in the middle of it (exit ").says(": 7)");
}

#[test]
fn a_panic_is_told_with_its_file_and_line() {
    let scratch = Scratch::new();
    scratch.save_solution_but("Json(vec![", "if true { todo!() }\n    Json(vec![");
    let solution = scratch.solution();
    let line = 1 + solution.lines().take_while(|line| !line.contains("Json(vec![")).count();
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1);
    said.says(format!("your handler stopped at {MAIN_RS}:{line}: not yet implemented"));

    scratch.save("fn main() {\n    panic!(\"no database\")\n}\n");
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says(format!("your server stopped at {MAIN_RS}:2: no database"));
}

#[test]
fn much_output_before_it_listens_does_no_harm() {
    let scratch = Scratch::new();
    scratch.save_solution_but(
        "    let port: u16",
        "    let noise = \"a line of forty letters and its line end\\n\".repeat(25_000);\n    \
         for _ in 0..100 {\n        print!(\"{noise}\");\n    }\n    let port: u16",
    );
    scratch.xtask(&["verify", "1"]).exits(0).says("Solved");
}

#[test]
fn an_answer_without_end_is_cut() {
    let scratch = Scratch::new();
    scratch.save(&listening(
        r#"socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").expect("a reader");
        while socket.write_all(&[b' '; 8192]).is_ok() {}"#,
    ));
    let said = scratch.xtask(&["verify", "1"]);
    said.exits(1).says("no answer: it began, but did not end in 5 s or 4 MiB");
}

#[test]
fn what_is_not_http_is_no_answer() {
    let scratch = Scratch::new();
    scratch.save(&listening(r#"socket.write_all(b"hello\n").expect("a reader");"#));
    scratch.xtask(&["verify", "1"]).exits(1).says("no answer:").never_says("not your fault");
}

#[test]
fn a_server_that_ends_by_itself_ends_the_run() {
    let scratch = Scratch::new();
    scratch.save("fn main() { println!(\"bye\") }");
    let said = finish(scratch.command(&["run", "1"]).env("PORT", "0"));
    said.exits(1).says("bye").says("ended before it listened").says("cargo xtask verify 1");
}
