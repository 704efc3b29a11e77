//! What the repository gives to editors: tasks, a problem matcher, a debugger.

use std::fs;

use regex::Regex;
use serde_json::Value;
use xtask::{
    course::{Course, Step, Whose},
    files,
    screen::plain,
    verdict::{Verdict, report::Report},
};

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

/// As rust-analyzer defines `$rustc`: two lines, one directly below the other.
const RUSTC: [&str; 2] =
    [r"^(warning|warn|error)(?:\[(.*?)\])?: (.*)$", r"^[\s\->=]*(.*?):(\d*):(\d*)\s*$"];

/// Each problem that an editor lists: its file, its line and its severity.
fn listed(printed: &str) -> Vec<(String, usize, String)> {
    let [first, second] = RUSTC.map(|pattern| Regex::new(pattern).expect("it is one"));
    let ours = pattern(&task("watch")["problemMatcher"][1]["pattern"]["regexp"]);
    let lines: Vec<&str> = printed.lines().collect();
    let problem = |file: &str, line: &str, severity: &str| {
        (file.to_owned(), line.parse().expect("it is a number"), severity.to_owned())
    };
    let of_rustc = lines.windows(2).filter_map(|pair| {
        let (what, place) = (first.captures(pair[0])?, second.captures(pair[1])?);
        Some(problem(&place[1], &place[2], &what[1]))
    });
    let of_ours = lines.iter().filter_map(|line| {
        let found = ours.captures(line)?;
        Some(problem(&found[1], &found[2], &found[4]))
    });
    of_rustc.chain(of_ours).collect()
}

/// What `watch --plain` prints at the end of a judgement: the report, then the lines for editors.
fn printed(course: &Course, step: &Step, verdict: &Verdict) -> String {
    let report = Report { course, step, whose: Whose::Learner, verdict }.plain();
    let problems = plain::problems(step, verdict).unwrap_or_else(|trouble| panic!("{trouble}"));
    format!("{report}\n{}\n{}\n", problems.join("\n"), plain::end(step, Some(verdict)))
}

#[test]
fn each_problem_of_a_real_verdict_is_listed_once_at_a_line_of_the_step() {
    let checkout = Checkout::new();
    let (course, step) = (checkout.course(), checkout.step());
    let matcher = &task("watch")["problemMatcher"][1];
    let begins = pattern(&matcher["background"]["beginsPattern"]);
    let ends = pattern(&matcher["background"]["endsPattern"]);
    let file = "steps/01-open-route/src/main.rs";
    let error = |line| (file.to_owned(), line, "error".to_owned());
    let judged = || {
        checkout.xtask(&["verify", "1"]);
        let verdict = Verdict::load(&course, &step, Whose::Learner).expect("it was judged");
        let text = printed(&course, &step, &verdict);
        assert!(text.lines().any(|line| ends.is_match(line)), "{text}");
        (verdict.failing().count(), listed(&text), text)
    };
    assert!(begins.is_match(&plain::begin(&step)));

    let starter = files::read(&checkout.main_rs()).expect("there is a starter");
    let (failing, problems, text) = judged();
    assert_eq!(problems.len(), failing, "{text}");
    for (found, line, severity) in &problems {
        assert_eq!((found.as_str(), severity.as_str()), (file, "info"));
        assert!((1..=starter.lines().count()).contains(line), "{text}");
    }

    checkout.save("fn main() {\n    let a: u8 = \"\";\n    let b: u8 = \"\";\n}\n");
    let (_, problems, text) = judged();
    assert_eq!(problems, [error(2), error(3)], "{text}");
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
