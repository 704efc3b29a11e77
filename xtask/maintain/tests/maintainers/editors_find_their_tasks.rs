//! What the repository gives to editors: tasks, a problem matcher, a debugger.

use std::fs;

use regex::Regex;
use serde_json::Value;
use xtask::{course::Whose, files, screen::plain, verdict::Verdict};

use crate::support::checkout::{Checkout, repository as root};

/// JSON in which a line may be a comment.
fn json(file: &str) -> Value {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let kept = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let kept: Vec<&str> = kept.collect();
    serde_json::from_str(&kept.join("\n")).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn task(label: &str) -> Value {
    let tasks = json(".vscode/tasks.json");
    let mut tasks = tasks["tasks"].as_array().expect("it lists tasks").iter();
    let labelled =
        |task: &&Value| task["label"].as_str().is_some_and(|found| found.contains(label));
    tasks.find(labelled).unwrap_or_else(|| panic!("no task `{label}`")).clone()
}

fn pattern(value: &Value) -> Regex {
    Regex::new(value.as_str().expect("a pattern is text")).expect("it is a regular expression")
}

/// What `watch --plain` prints while a learner works.
const PLAIN: &str = "\
workshop: step 3: checking
steps/03-bearer-token/src/main.rs:87:1: error: Refuses another scheme: the request should have been refused (401), and got 200.
steps/03-bearer-token/src/main.rs:102:5: error: Accepts the scheme in any letter case: it was refused
workshop: step 3: 2 of 25 checks fail
";

#[test]
fn a_failing_check_is_a_problem_at_its_line() {
    let watch = task("watch");
    assert_eq!(watch["command"], "cargo xtask watch --plain");
    let matcher = &watch["problemMatcher"][1];
    let (place, is_problem) = (&matcher["pattern"], pattern(&matcher["pattern"]["regexp"]));
    let problems: Vec<_> = PLAIN.lines().filter_map(|line| is_problem.captures(line)).collect();
    let [first, second] = problems.as_slice() else { panic!("{problems:#?}") };
    let part = |name: &str| {
        let group = place[name].as_u64().and_then(|group| usize::try_from(group).ok());
        first.get(group.expect("a group has a number")).expect("the group is in the line").as_str()
    };
    let found = ["file", "line", "column", "severity"].map(part);
    assert_eq!(found, ["steps/03-bearer-token/src/main.rs", "87", "1", "error"]);
    assert!(part("message").starts_with("Refuses another scheme: the request"), "{first:?}");
    assert_eq!(second.get(2).map(|line| line.as_str()), Some("102"));
}

#[test]
fn a_run_begins_and_ends_for_both_matchers() {
    let watch = task("watch");
    let matchers = watch["problemMatcher"].as_array().expect("there are two");
    assert_eq!(matchers[0]["base"], "$rustc", "rust-analyzer's own comes beside ours");
    for matcher in matchers {
        let begins = pattern(&matcher["background"]["beginsPattern"]);
        let ends = pattern(&matcher["background"]["endsPattern"]);
        let lines = |is: &Regex| PLAIN.lines().filter(|line| is.is_match(line)).count();
        assert_eq!((lines(&begins), lines(&ends)), (1, 1));
        for end in [
            "solved",
            "does not compile",
            "does not start",
            "cannot be checked",
            "1 of 3 checks fail",
        ] {
            assert!(ends.is_match(&format!("workshop: step 10: {end}")), "{end}");
        }
        let printed = "the server prints: workshop: step 3: solved";
        assert!(!ends.is_match(printed) && !ends.is_match("workshop: step 3: checking"));
    }
}

#[test]
fn what_is_printed_of_a_real_verdict_leads_to_a_line_of_the_step() {
    let checkout = Checkout::new();
    let (course, step) = (checkout.course(), checkout.step());
    let matcher = &task("watch")["problemMatcher"][1];
    let is_problem = pattern(&matcher["pattern"]["regexp"]);
    let begins = pattern(&matcher["background"]["beginsPattern"]);
    let ends = pattern(&matcher["background"]["endsPattern"]);
    let starter = files::read(&checkout.main_rs()).expect("there is a starter");
    for (code, severity) in
        [(starter.as_str(), "info"), ("fn main() {\n    let a: u8 = \"\";\n}\n", "error")]
    {
        checkout.save(code);
        checkout.xtask(&["verify", "1"]);
        let verdict = Verdict::load(&course, &step, Whose::Learner).expect("it was judged");
        let lines = plain::problems(&step, &verdict).unwrap_or_else(|trouble| panic!("{trouble}"));
        assert!(!lines.is_empty(), "nothing is wrong with:\n{code}");
        for line in lines {
            let found = is_problem.captures(&line).unwrap_or_else(|| panic!("no problem: {line}"));
            assert_eq!((&found[1], &found[4]), ("steps/01-open-route/src/main.rs", severity));
            let at: usize = found[2].parse().expect("it is a number");
            assert!((1..=code.lines().count()).contains(&at), "{line}");
        }
        assert!(begins.is_match(&plain::begin(&step)));
        let end = plain::end(&step, Some(&verdict));
        assert!(ends.is_match(&end), "{end}");
    }
}

#[test]
fn tasks_of_this_file_run_in_its_folder() {
    for (label, command) in [("verify", "cargo xtask verify ."), ("hint", "cargo xtask hint .")] {
        let task = task(label);
        assert_eq!(task["command"], command);
        assert_eq!(task["options"]["cwd"], "${fileDirname}");
    }
    assert_eq!(task("learn")["command"], "cargo xtask learn");
}

#[test]
fn the_debugger_has_a_profile_a_folder_and_a_port_of_its_own() {
    let launch = &json(".vscode/launch.json")["configurations"][0];
    let arguments = launch["cargo"]["args"].to_string();
    for own in ["\"--profile=debugger\"", "\"--target-dir=target/debugger\""] {
        assert!(arguments.contains(own), "{own} is not in {arguments}");
    }
    assert_eq!(launch["env"]["PORT"], "3001");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("there is a workspace");
    assert!(manifest.contains("[profile.debugger]\ninherits = \"dev\"\ndebug = 2\n"));
    let recommended = json(".vscode/extensions.json")["recommendations"].clone();
    let recommended = recommended.as_array().expect("it is a list");
    assert!(recommended.contains(&"vadimcn.vscode-lldb".into()), "launch.json needs it");
    let container = json(".devcontainer/devcontainer.json").to_string();
    for extension in recommended {
        assert!(container.contains(&extension.to_string()), "the container lacks {extension}");
    }
}
