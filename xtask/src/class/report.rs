//! What is reported: names and numbers, never code, and no text of the learner's.

use serde::{Deserialize, Serialize};

use crate::{
    course::Course,
    verdict::{Outcome, Verdict},
};

/// In words, for anybody who is asked to join.
pub const IN_WORDS: &str = "  your name as you gave it, and whether you raise a hand
  the step's number, how many checks pass, and your minutes on it
  of the check to look at first: its name, the kind of difference, the known mistake";

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A save was judged.
    Verdict(Judged),
    /// A hand was raised, or taken down.
    Hand(bool),
}

/// How a step stands after a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    step: u8,
    passed: usize,
    checks: usize,
    core: bool,
    minutes: u16,
    failing: Option<String>,
    finding: Option<protocol::finding::Kind>,
    mistake: Option<String>,
}

/// What is reported of the verdict; nothing where no check has run.
pub fn of(course: &Course, verdict: &Verdict, minutes: u16) -> Option<What> {
    let step = course.steps.iter().find(|step| step.slug == verdict.step)?;
    if verdict.checks.is_empty() || verdict.outcome == Outcome::Broken {
        return None;
    }
    let focus = verdict.focused();
    Some(What::Verdict(Judged {
        step: step.number,
        passed: verdict.checks.iter().filter(|check| check.passed).count(),
        checks: verdict.checks.len(),
        core: verdict.core_passes() || verdict.outcome == Outcome::Solved,
        minutes,
        failing: focus.map(|check| check.name.clone()),
        finding: focus.and_then(|check| check.finding.as_ref()).map(|finding| finding.kind),
        mistake: focus.and_then(|check| check.mistake.as_ref()).map(|mistake| mistake.name.clone()),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{learner::testing::Scratch, verdict::testing};

    #[test]
    fn names_and_numbers_are_reported_and_no_text() {
        let scratch = Scratch::new("report");
        let checks = vec![
            testing::check("works", "x", ""),
            testing::check("refuses", "want", "secret text"),
        ];
        let mut verdict = testing::failed(checks);
        let reported = of(&scratch.course, &verdict, 7).expect("checks have run");
        let expected = json!({"verdict": {"step": 3, "passed": 1, "checks": 2, "core": false,
            "minutes": 7, "failing": "refuses", "finding": "other", "mistake": null}});
        assert_eq!(serde_json::to_value(reported).expect("it is JSON"), expected);
        verdict.checks.clear();
        assert_eq!(of(&scratch.course, &verdict, 7), None);
    }
}
