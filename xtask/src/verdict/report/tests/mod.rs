//! Reports on a made-up course, as a learner reads them.

use std::{env, fs, path::PathBuf, process};

use super::*;
use crate::{
    files,
    verdict::{CheckResult, diagnosis::Diagnosis, testing},
};

mod messages;
mod parts;

/// A course of two steps, the first of which has tasks, in a folder that is removed when it is dropped.
pub(crate) struct Scratch(pub(crate) Course);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let root = env::temp_dir().join(format!("workshop-report-{name}-{}", process::id()));
        let minutes = "[package.metadata.workshop]\nminutes = { core = 1, all = 2 }\nurls = []\n";
        let tasks = "tasks = [\"Ask for the token\", \"Say what is missing\", \"Let the right requests in\"]\n";
        let steps = [
            ("03-bearer-token", "An extractor is a guard", tasks),
            ("04-authorize-button", "The Authorize button", ""),
        ];
        for (slug, title, tasks) in steps {
            let written = |path: PathBuf, text: String| {
                let written = files::write(&path.join("Cargo.toml"), text.as_bytes());
                written.unwrap_or_else(|trouble| panic!("{trouble}"));
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
pub(crate) fn solved(course: &Scratch) -> Verdict {
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

/// The verdict where a guard never reads the scheme, and one more check fails.
pub(crate) fn basic_gets_in(course: &Scratch) -> Verdict {
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
        error: None,
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
