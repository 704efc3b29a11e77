//! A verdict in a few words.

use protocol::finding::Kind;

use crate::verdict::{Outcome, Verdict};

/// How a judgement has come out: `solved`, `2 of 9 checks fail`.
pub(super) fn of(verdict: &Verdict) -> String {
    match verdict.outcome {
        Outcome::Solved => "solved".to_owned(),
        Outcome::DoesNotCompile => "does not compile".to_owned(),
        Outcome::Broken => CANNOT_BE_CHECKED.to_owned(),
        Outcome::Failed | Outcome::NotStarted if does_not_start(verdict) => {
            "does not start".to_owned()
        }
        Outcome::Failed | Outcome::NotStarted => {
            format!("{} of {} checks fail", verdict.failing().count(), verdict.checks.len())
        }
    }
}

/// The machine or the workshop is at fault.
pub(super) const CANNOT_BE_CHECKED: &str = "cannot be checked";

fn does_not_start(verdict: &Verdict) -> bool {
    let finding = verdict.focused().and_then(|check| check.finding.as_ref());
    finding.is_some_and(|finding| finding.kind == Kind::NotStarted)
}

#[cfg(test)]
mod tests {
    use protocol::finding::Finding;

    use super::*;
    use crate::verdict::testing;

    #[test]
    fn failures_are_counted_unless_nothing_runs() {
        let checks = || vec![testing::check("a", "x", "y"), testing::check("b", "x", "")];
        let mut verdict = testing::failed(checks());
        assert_eq!(of(&verdict), "1 of 2 checks fail");
        verdict.checks[0].finding = Some(Finding::new(Kind::NotStarted));
        assert_eq!(of(&verdict), "does not start");
        verdict.outcome = Outcome::DoesNotCompile;
        assert_eq!(of(&verdict), "does not compile");
    }
}
