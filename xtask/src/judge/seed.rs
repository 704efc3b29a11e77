//! The number that the checks of a run draw their values from.

use std::hash::{BuildHasher, RandomState};

use crate::{
    course::Whose,
    verdict::{Outcome, Verdict},
};

/// Seeds are below this: a learner may have to type one.
const END: u64 = 10_000;

/// The seed of the next run, if the last one for which checks ran came to this verdict. A learner's is new each time
/// the step is solved; as long as a check fails it stays, or luck would look like a regression. Our own code is judged
/// with 0.
pub(super) fn next(whose: Whose, last: Option<&Verdict>) -> u64 {
    if whose == Whose::Reference {
        return 0;
    }
    last.filter(|last| last.outcome != Outcome::Solved)
        .and_then(|last| last.seed)
        .unwrap_or_else(|| RandomState::new().hash_one(0) % END)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::testing;

    fn verdict(outcome: Outcome) -> Verdict {
        Verdict { outcome, seed: Some(END), ..testing::failed(Vec::new()) }
    }

    #[test]
    fn a_seed_stays_until_the_step_is_solved() {
        let after = |outcome| next(Whose::Learner, Some(&verdict(outcome)));
        assert_eq!(after(Outcome::Failed), END);
        assert_eq!(after(Outcome::NotStarted), END);
        assert!(after(Outcome::Solved) < END);
        assert!(next(Whose::Learner, None) < END);
    }

    #[test]
    fn our_own_code_is_always_asked_the_same() {
        assert_eq!(next(Whose::Reference, Some(&verdict(Outcome::Failed))), 0);
    }
}
