//! What the class looks like on a projector: no names, and no group that is one or two people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::{Failing, Snapshot};

/// A group of fewer is shown on no projector: everybody in the room would know who it is.
const ENOUGH_FOR_A_GROUP: usize = 3;

/// The class, for everybody in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Show {
    /// What learners type to join; none once nobody may.
    pub code: Option<String>,
    /// The step to which everybody is asked to go.
    pub go_to: Option<i64>,
    /// When the timer ends, in seconds since 1970.
    pub timer_ends: Option<i64>,
    /// How many have joined.
    pub learners: usize,
    /// How many are at which step; those of small groups together, without a step.
    pub steps: Vec<Group>,
    /// The checks that keep three or more.
    pub failing: Vec<Failing>,
}

/// How many learners are at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// Which step; none for small groups together, and for those who have not saved yet.
    pub step: Option<i64>,
    /// How many.
    pub learners: usize,
}

impl Snapshot {
    /// What everybody may see of it.
    pub fn show(&self) -> Show {
        let mut at: BTreeMap<Option<i64>, usize> = BTreeMap::new();
        for learner in &self.learners {
            *at.entry(learner.step).or_default() += 1;
        }
        let mut elsewhere = 0;
        let mut steps = Vec::new();
        for (step, learners) in at {
            if step.is_some() && learners >= ENOUGH_FOR_A_GROUP {
                steps.push(Group { step, learners });
            } else {
                elsewhere += learners;
            }
        }
        if elsewhere > 0 {
            steps.push(Group { step: None, learners: elsewhere });
        }
        let enough = |failing: &&Failing| failing.learners >= ENOUGH_FOR_A_GROUP;
        Show {
            code: (!self.locked).then(|| self.code.clone()),
            go_to: self.go_to,
            timer_ends: self.timer_ends,
            learners: self.learners.len(),
            steps,
            failing: self.failing.iter().filter(enough).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Row;

    fn row(step: i64) -> Row {
        Row {
            id: "id".to_owned(),
            name: "Ada".to_owned(),
            step: Some(step),
            passed: Some(1),
            checks: Some(2),
            minutes: Some(3),
            failing: Some("same".to_owned()),
            finding: None,
            mistake: None,
            stuck: false,
            hand: false,
            seen: Some(0),
        }
    }

    fn failing((step, learners): (i64, usize)) -> Failing {
        Failing { step, check: "same".to_owned(), learners, finding: None }
    }

    #[test]
    fn a_projector_shows_no_group_of_one_or_two() {
        let snapshot = Snapshot {
            code: "ABCDEFGH".to_owned(),
            locked: true,
            go_to: None,
            timer_ends: None,
            learners: [3, 3, 3, 4, 4, 5].map(row).into(),
            failing: [(3, 3), (4, 2), (5, 1)].map(failing).into(),
            steps: Vec::new(),
        };
        let show = snapshot.show();
        let groups: Vec<_> = show.steps.iter().map(|group| (group.step, group.learners)).collect();
        assert_eq!(groups, [(Some(3), 3), (None, 3)]);
        assert_eq!(show.failing, [failing((3, 3))], "the one that keeps three");
        assert_eq!(show.code, None, "nobody may join");
        assert!(!serde_json::to_string(&show).expect("it is JSON").contains("Ada"));
    }
}
