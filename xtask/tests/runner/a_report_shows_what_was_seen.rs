//! The report says what was seen, for all that a learner may have written, and what to do next.

use std::fs;

#[cfg(target_os = "linux")]
use crate::support::running_call::RunningCall;
use crate::support::{
    checkout::{Checkout, finish},
    output::Output,
    servers::listening,
};

const MAIN_RS: &str = "steps/01-open-route/src/main.rs";

#[test]
fn an_untouched_starter_is_not_started_and_fails_its_new_checks() {
    let checkout = Checkout::new();
    let output = checkout.xtask(&["verify", "1", "--json"]);
    output.exits(1);
    let verdict = output.json();
    assert_eq!(verdict["outcome"], "not_started");
    let judged = verdict["checks"].as_array().expect("the schema says so").iter();
    let failing: Vec<&str> = judged
        .filter(|check| check["passed"] == false)
        .filter_map(|check| check["name"].as_str())
        .collect();
    let checks = checkout.step().checks().expect("there are hints");
    let new: Vec<&str> =
        checks.iter().filter(|check| check.new).map(|check| check.name.as_str()).collect();
    assert_eq!(failing, new);

    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("You have not begun, so these 2 failures are expected.");
    output.says("Read:  http://127.0.0.1:4000/01-open-route.html");
    output.says("ok    1 check that passed from the start");
    output.says("names the method that works: the status is 404, and 405 is expected.");
}

#[test]
fn the_checks_of_a_step_with_tasks_are_counted_by_task() {
    let checkout = Checkout::new();
    checkout.give_tasks(&["List the items", "Answer in JSON"]);
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("  todo  Task 1  List the items    0 of 1\n");
    output.says("#task-1-list-the-items\n").never_says("Next:");
    let shipped = fs::read_to_string(checkout.main_rs()).expect("there is a starter");
    checkout.save(&format!("{shipped}// Hello.\n"));
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("  todo  Task 1  List the items    0 of 1\n");
    output
        .says("\nTask 1 is next, so this failure is expected:\n")
        .says("Next:  cargo xtask hint 1\n");
    output.says("\nRead:  http://127.0.0.1:4000/01-open-route.html#task-1-list-the-items\n");
    checkout.save_solution_but("Teapot", "Kettle");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("  FAIL  Task 1  List the items    0 of 1\n").never_says("expected:\n");
    output.says("  ok    1 check that passed from the start\n");
    checkout.save_solution();
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(0).says("  ok    Tasks 1 and 2\n").says("#explain-it-back\n");
}

/// In a step of one task, or of none.
#[track_caller]
fn says_that_it_fails(output: &Output, check: &str) {
    output.exits(1).says("FAIL  ").says(format!("\n{check}"));
}

#[test]
fn the_solution_is_solved_and_the_next_step_is_named() {
    let checkout = Checkout::new();
    checkout.xtask(&["solution", "1", "--apply"]).exits(0);
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(0).says("Solved: all 3 checks pass.").never_says("FAIL");
    output.says("Next:     step 2, ").says("(cargo xtask learn 2)").says("--diff");
    checkout.xtask(&["status"]).exits(0).says("1 of ").says("steps/02-api-docs/src/main.rs");
    checkout.xtask(&["verify"]).exits(1).says("Step 2");
}

#[test]
fn a_wrong_answer_is_shown_beside_what_was_expected() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    let output = checkout.xtask(&["verify", "1"]);
    says_that_it_fails(&output, "lists the items: the body differs at 0 > name.");
    output.says("  expected  200 OK\n            [{\"id\":1,\"name\":\"Teapot\"}");
    output.says("  got       200 OK\n            [{\"id\":1,\"name\":\"Kettle\"}");
    output.says("cargo xtask run 1").says("-i --noproxy \"*\" \"http://127.0.0.1:3000/items\"");
    output.says(format!("\n{MAIN_RS}:")).says("Next:  cargo xtask hint 1");
}

#[test]
fn nobody_may_go_on_while_what_passed_from_the_start_fails() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Router::new()", "Router::new().fallback(async || \"here I am\")");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("answers 404 where nothing is").never_says("You can go on");
}

#[test]
fn what_rustc_says_comes_first_if_it_does_not_compile() {
    let checkout = Checkout::new();
    checkout.save_solution_but("id: 1,", "id: \"one\",");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(3);
    output.says(
        "Your code does not compile yet, so no check has run. The first error:\n\nerror[E0308]",
    );
    output.says(format!("{MAIN_RS}:")).says("Next:  fix this, then cargo xtask verify 1");
    output.never_says("aborting due to").never_says("could not compile");
    checkout.xtask(&["hint", "1"]).exits(3).says("error[E0308]");
}

#[test]
fn a_handler_that_never_ends_is_ended() {
    let checkout = Checkout::new();
    checkout
        .save_solution_but("Json(vec![", "loop {}\n    #[allow(unreachable_code)]\n    Json(vec![");
    let output = checkout.xtask(&["verify", "1"]);
    output
        .exits(1)
        .says("no answer: nothing came in 5 s")
        .says("expected  an answer to GET /items");
    output.says("ok    1 check that passed from the start");
}

#[test]
fn a_panic_is_reported_with_its_file_and_line() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Json(vec![", "if true { todo!() }\n    Json(vec![");
    let solution = checkout.solution();
    let line = 1 + solution.lines().take_while(|line| !line.contains("Json(vec![")).count();
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1);
    output.says(format!("your code stopped at {MAIN_RS}:{line}: not yet implemented"));

    checkout.save("fn main() {\n    panic!(\"no database\")\n}\n");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says(format!("your server stopped at {MAIN_RS}:2: no database"));
}

#[test]
fn much_output_before_it_listens_does_no_harm() {
    let checkout = Checkout::new();
    checkout.save_solution_but(
        "    let port: u16",
        "    let noise = \"a line of forty letters and its line end\\n\".repeat(25_000);\n    \
         for _ in 0..100 {\n        print!(\"{noise}\");\n    }\n    let port: u16",
    );
    checkout.xtask(&["verify", "1"]).exits(0).says("Solved");
}

#[test]
fn an_answer_without_end_is_cut() {
    let checkout = Checkout::new();
    checkout.save(&listening(
        r#"socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").expect("a reader");
        while socket.write_all(&[b' '; 8192]).is_ok() {}"#,
    ));
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("no answer: it began, but did not end in 5 s or 4 MiB");
}

#[test]
fn what_is_not_http_is_no_answer() {
    let checkout = Checkout::new();
    checkout.save(&listening(r#"socket.write_all(b"hello\n").expect("a reader");"#));
    checkout.xtask(&["verify", "1"]).exits(1).says("no answer:").never_says("not your fault");
}

#[test]
fn a_server_that_ends_by_itself_ends_the_run() {
    let checkout = Checkout::new();
    checkout.save("fn main() { println!(\"bye\") }");
    let output = finish(checkout.command(&["run", "1"]).env("PORT", "0"));
    output.exits(1).says("bye").says("ended before it listened").says("cargo xtask verify 1");
}

/// Four megabytes of JSON are ten times as many in lines, and a hundred times where each is indented.
#[test]
fn of_a_response_that_is_huge_the_beginning_is_shown() {
    let checkout = Checkout::new();
    checkout.save(&listening(
        r#"let (zeros, depth) = ("0,".repeat(1_900_000), 60);
        let body = format!("{}{zeros}0{}", "[".repeat(depth), "]".repeat(depth));
        let head = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        // The check may have seen enough.
        socket.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}").as_bytes()).ok();"#,
    ));
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("bytes in all").never_says("not your fault");
    assert!(output.text.lines().count() < 80, "{} lines", output.text.lines().count());
    let verdict = fs::metadata(checkout.root.join("target/workshop/01-open-route.json"));
    assert!(verdict.expect("there is a verdict").len() < 1_000_000, "a huge verdict");
}

/// A quarter of a gigabyte in one line, and room for half of it.
#[cfg(target_os = "linux")]
#[test]
fn of_a_line_without_end_the_beginning_is_shown() {
    let checkout = Checkout::new();
    let noise = r#"for _ in 0..4000 { std::io::stdout().write_all(&[b'x'; 64 * 1024]).expect("a reader"); }
    println!("\nListening"#;
    checkout.save(&listening("").replacen("println!(\"Listening", noise, 1));
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "ulimit -v 250000; exec \"$@\"", "sh", crate::PROGRAM, "run", "1"])
        .env_remove("CARGO_TARGET_DIR")
        .env("PORT", "0")
        .current_dir(&checkout.root);
    checkout.xtask(&["verify", "1"]).exits(1);
    let mut running = RunningCall::start(&mut command);
    running.wait_for("Ctrl-C ends the server.");
    running.signal("INT");
    running.ends().exits(130);
}

/// What a terminal would obey, as a string of Rust: a title, the clipboard, an 8-bit escape, a turned direction.
const COMMANDS: &str = r"\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}\u{9b}2J\u{202e}\u{200b}";

#[track_caller]
fn never_obeyed(output: &Output) {
    output.says("u{1b}").says("u{9b}2J").says("u{202e}");
    let obeyed = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{200b}".contains(c);
    let found: Vec<char> = output.text.chars().filter(|c| obeyed(*c)).collect();
    assert!(found.is_empty(), "{found:?} in {:?}", output.text);
}

#[test]
fn what_a_server_says_is_shown_and_not_obeyed() {
    let checkout = Checkout::new();
    checkout.save(&listening(&format!(
        r#"let body = "{COMMANDS}\r";
        let head = format!("www-authenticate: \u{{9b}}2J\u{{202e}}\r\ncontent-length: {{}}", body.len());
        socket.write_all(format!("HTTP/1.1 401 Unauthorized\r\n{{head}}\r\n\r\n{{body}}").as_bytes()).ok();"#
    )));
    never_obeyed(checkout.xtask(&["verify", "1"]).exits(1));
    checkout.save(&format!("fn main() {{ println!(\"{COMMANDS}\"); panic!(\"{COMMANDS}\") }}"));
    never_obeyed(checkout.xtask(&["verify", "1"]).exits(1));
    never_obeyed(finish(checkout.command(&["run", "1"]).env("PORT", "0")).exits(1));
    checkout.save(&format!("fn main() {{ println!(\"{COMMANDS}\"); std::process::exit(7) }}"));
    never_obeyed(checkout.xtask(&["verify", "1"]).exits(1));
}

#[test]
fn what_rustc_quotes_is_shown_and_not_obeyed() {
    let checkout = Checkout::new();
    checkout.save(&format!("fn main() {{}}\ncompile_error!(\"{COMMANDS}\");\n"));
    never_obeyed(checkout.xtask(&["verify", "1"]).exits(3));
    never_obeyed(finish(checkout.command(&["run", "1"]).env("PORT", "0")).exits(3));
}
