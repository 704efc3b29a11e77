//! What the class looks like at one moment, to the instructor.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::{Store, class::Class, events::Solved, learners::Learner, now};

/// The same check fails for so long, in seconds …
const STUCK_AFTER: i64 = 5 * 60;

/// … and the last save is no older than this: who went for coffee is not stuck.
const STILL_HERE: i64 = 3 * 60;

/// A median of fewer tells about somebody, not about the step.
const ENOUGH_FOR_A_MEDIAN: usize = 5;

/// The class, for the instructor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// What learners type to join.
    pub code: String,
    /// Whether nobody may join any more.
    pub locked: bool,
    /// The step to which everybody is asked to go.
    pub go_to: Option<i64>,
    /// When the timer ends, in seconds since 1970.
    pub timer_ends: Option<i64>,
    /// A row for each learner, in the order in which they joined.
    pub learners: Vec<Row>,
    /// The checks that fail, the most frequent first.
    pub failing: Vec<Failing>,
    /// How long the steps take.
    pub steps: Vec<Minutes>,
}

/// A learner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// Which learner.
    pub id: String,
    /// As they want to be called.
    pub name: String,
    /// The step that they saved last.
    pub step: Option<i64>,
    /// How many of its checks pass.
    pub passed: Option<i64>,
    /// How many it has.
    pub checks: Option<i64>,
    /// How long they have worked on it.
    pub minutes: Option<i64>,
    /// The check to look at first.
    pub failing: Option<String>,
    /// The kind of difference that it found.
    pub finding: Option<String>,
    /// The known mistake, if it is one.
    pub mistake: Option<String>,
    /// The same check fails for five minutes, and they saved in the last three.
    pub stuck: bool,
    /// Whether they raise a hand.
    pub hand: bool,
    /// When they saved last, in seconds since 1970.
    pub seen: Option<i64>,
}

/// How many learners a check keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failing {
    /// In which step.
    pub step: i64,
    /// The check's name, which is its requirement.
    pub check: String,
    /// For how many it is the one to look at first.
    pub learners: usize,
    /// The kind of difference that it found most often.
    pub finding: Option<String>,
}

/// How long a step takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Minutes {
    /// Which step.
    pub step: i64,
    /// How many have passed its core.
    pub solved: usize,
    /// The median until the core passes, from five learners on.
    pub core: Option<i64>,
    /// The median until all of it passes, from five learners on.
    pub all: Option<i64>,
}

impl Snapshot {
    /// The class at `now`.
    pub fn new(class: &Class, learners: Vec<Learner>, solved: &[Solved], now: i64) -> Self {
        let learners: Vec<Row> = learners.into_iter().map(|learner| row(learner, now)).collect();
        Self {
            code: class.code.clone(),
            locked: class.locked,
            go_to: class.go_to,
            timer_ends: class.timer_ends,
            failing: failing(&learners),
            steps: minutes(solved),
            learners,
        }
    }

    /// The class as it is stored now.
    pub async fn read(store: &Store, class: &Class) -> sqlx::Result<Self> {
        Ok(Self::new(class, store.learners().await?, &store.solved().await?, now()))
    }
}

fn row(learner: Learner, now: i64) -> Row {
    let same_check = learner.stuck_since.is_some_and(|since| now - since >= STUCK_AFTER);
    let here = learner.seen.is_some_and(|seen| now - seen <= STILL_HERE);
    Row {
        id: learner.id,
        name: learner.name,
        step: learner.step,
        passed: learner.passed,
        checks: learner.checks,
        minutes: learner.minutes,
        failing: learner.failing,
        finding: learner.finding,
        mistake: learner.mistake,
        stuck: same_check && here,
        hand: learner.hand,
        seen: learner.seen,
    }
}

fn failing(learners: &[Row]) -> Vec<Failing> {
    let mut checks: BTreeMap<(i64, &str), Vec<&Row>> = BTreeMap::new();
    for learner in learners {
        if let (Some(step), Some(check)) = (learner.step, &learner.failing) {
            checks.entry((step, check)).or_default().push(learner);
        }
    }
    let failing = |((step, check), kept): ((i64, &str), Vec<&Row>)| Failing {
        step,
        check: check.to_owned(),
        learners: kept.len(),
        finding: most_frequent(kept.iter().filter_map(|learner| learner.finding.as_deref())),
    };
    let mut failing: Vec<Failing> = checks.into_iter().map(failing).collect();
    failing.sort_by_key(|failing| std::cmp::Reverse(failing.learners));
    failing
}

fn most_frequent<'f>(findings: impl Iterator<Item = &'f str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(finding, _)| finding.to_owned())
}

fn minutes(solved: &[Solved]) -> Vec<Minutes> {
    let mut steps: BTreeMap<i64, Vec<&Solved>> = BTreeMap::new();
    for solved in solved {
        steps.entry(solved.step).or_default().push(solved);
    }
    let minutes = |(step, all): (i64, Vec<&Solved>)| Minutes {
        step,
        solved: all.len(),
        core: median(all.iter().filter_map(|solved| solved.core).collect()),
        all: median(all.iter().filter_map(|solved| solved.all).collect()),
    };
    steps.into_iter().map(minutes).collect()
}

fn median(mut minutes: Vec<i64>) -> Option<i64> {
    minutes.sort_unstable();
    (minutes.len() >= ENOUGH_FOR_A_MEDIAN).then(|| minutes[minutes.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learner(step: i64, failing: Option<&str>, stuck_since: i64, seen: i64) -> Learner {
        Learner {
            id: "id".to_owned(),
            name: "Ada".to_owned(),
            joined: 0,
            step: Some(step),
            passed: Some(1),
            checks: Some(2),
            minutes: Some(3),
            failing: failing.map(str::to_owned),
            finding: None,
            mistake: None,
            stuck_since: failing.map(|_| stuck_since),
            seen: Some(seen),
            hand: false,
        }
    }

    fn class() -> Class {
        Class {
            audience: "class".to_owned(),
            code: "ABCDEFGH".to_owned(),
            signing_key: String::new(),
            password: String::new(),
            tokens_from: 0,
            go_to: None,
            timer_ends: None,
            locked: false,
            delete_after: 0,
        }
    }

    #[test]
    fn stuck_is_the_same_check_for_five_minutes_and_a_save_in_the_last_three() {
        let stuck = |since, seen| row(learner(1, Some("x"), since, seen), 1000).stuck;
        assert!(stuck(700, 820));
        assert!(!stuck(701, 820), "not for so long");
        assert!(!stuck(700, 819), "not here any more");
        assert!(!row(learner(1, None, 0, 1000), 1000).stuck, "nothing fails");
    }

    #[test]
    fn a_check_comes_with_what_it_found_most_often() {
        let found = |finding: Option<&str>| Learner {
            finding: finding.map(str::to_owned),
            ..learner(3, Some("refuses"), 0, 0)
        };
        let findings = [Some("status"), Some("let_in"), None, Some("let_in")];
        let snapshot = Snapshot::new(&class(), findings.map(found).into(), &[], 0);
        let failing = &snapshot.failing[0];
        assert_eq!((failing.learners, failing.finding.as_deref()), (4, Some("let_in")));
        let snapshot = Snapshot::new(&class(), vec![found(None)], &[], 0);
        assert_eq!(snapshot.failing[0].finding, None);
    }

    #[test]
    fn a_median_is_of_five_or_more() {
        assert_eq!(median(vec![1, 2, 3, 4]), None);
        assert_eq!(median(vec![9, 1, 5, 2, 100]), Some(5));
    }
}
