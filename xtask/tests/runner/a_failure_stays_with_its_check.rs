//! A server that has passed a check serves the next one; a failure stays with the check that shows it.

use std::{fs, path::PathBuf};

use crate::support::checkout::Checkout;

/// Step 3 as we solve it, with these lines first in the function that starts so.
fn save_step_3(checkout: &Checkout, function: &str, lines: &str) -> PathBuf {
    checkout.xtask(&["solution", "3", "--apply"]).exits(0);
    let main_rs = checkout.root.join("steps/03-bearer-token/src/main.rs");
    let code = fs::read_to_string(&main_rs).expect("the solution was put there");
    let body = code.find(function).map(|at| at + function.len()).expect("the function is there");
    let changed = format!("{}{lines}{}", &code[..body], &code[body..]);
    fs::write(&main_rs, changed).expect("the checkout can be written");
    checkout.root.join("started")
}

#[test]
fn a_server_that_passed_serves_the_next_check() {
    let checkout = Checkout::new();
    let started = save_step_3(
        &checkout,
        "async fn main() -> Result<(), Box<dyn Error>> {\n",
        "    use std::io::Write;\n    \
         let file = std::fs::OpenOptions::new().create(true).append(true).open(\"../../started\");\n    \
         file.expect(\"a file\").write_all(b\"one more\\n\").expect(\"room\");\n",
    );
    let output = checkout.xtask(&["verify", "3"]);
    output.exits(0).says("Solved");
    let starts = fs::read_to_string(&started).expect("servers have started").lines().count();
    let checks = checkout.course().step("3").expect("a step").checks().expect("its checks").len();
    // Eight checks run side by side, and the one on the output asks for a server of its own.
    assert!(starts <= 9 && starts < checks, "{starts} servers for {checks} checks");
}

#[test]
fn a_server_that_failed_serves_no_other_check() {
    let checkout = Checkout::new();
    save_step_3(
        &checkout,
        "async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, NotAuthenticated> {\n",
        "        static BROKEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);\n        \
         let breaks = parts.headers.contains_key(header::COOKIE);\n        \
         if BROKEN.fetch_or(breaks, std::sync::atomic::Ordering::SeqCst) || breaks {\n            \
         return Ok(Self(String::new()));\n        }\n",
    );
    let output = checkout.xtask(&["verify", "3", "--json"]);
    output.exits(1);
    let verdict = output.json();
    let checks = verdict["checks"].as_array().expect("a verdict has checks").iter();
    let failing: Vec<_> = checks.filter(|check| check["passed"] == false).collect();
    let names: Vec<_> = failing.iter().map(|check| &check["name"]).collect();
    assert_eq!(names, ["refuses_a_token_in_a_cookie"], "{failing:#?}");
}
