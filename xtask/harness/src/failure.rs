//! Why a check did not pass.

use protocol::{
    exchange::Exchange,
    finding::{Finding, Kind},
    line::{Difference, Failed},
    said::Said,
};

use crate::{curl::ByHand, current};

/// Bytes of a text that the runner is told: more than anybody reads.
const LONGEST: usize = 64 * 1024;

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub struct Failure {
    failed: Box<Failed>,
    /// What was expected, if it is an exchange.
    expected: Option<Box<Exchange>>,
    by_hand: Option<Box<ByHand>>,
}

impl Failure {
    /// The learner's server does something else: what the requirement asks for, and what happened, in words.
    pub fn new(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::of_kind(Kind::Other, expected.into().into(), actual.into().into())
    }

    /// The same, where what the server printed is at fault.
    pub fn printed(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::of_kind(Kind::Printed, expected.into().into(), actual.into().into())
    }

    /// The same, where a response came too late.
    pub fn slow(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::of_kind(Kind::Slow, expected.into().into(), actual.into().into())
    }

    /// The same while something else goes on, of which the request says nothing.
    #[must_use]
    pub fn during(mut self, what: &str) -> Self {
        if let Failed::Theirs(difference) = &mut *self.failed
            && let Said::Words(expected) = &mut difference.expected
        {
            expected.push_str(" during ");
            expected.push_str(what);
        }
        self
    }

    /// The check, its snapshot or the machine is at fault: never the learner's failure.
    pub fn ours(message: impl Into<String>) -> Self {
        Self::of(Failed::Ours(message.into()))
    }

    /// Two exchanges with the same request that should have been the same.
    pub(crate) fn between(expected: &Exchange, actual: &Exchange) -> Self {
        let [expected_text, actual_text] =
            [expected, actual].map(|one| Said::Exchange(one.to_string()));
        let failure = Self::theirs(Finding::between(expected, actual), expected_text, actual_text);
        Self { expected: Some(Box::new(expected.clone())), ..failure }
    }

    /// A difference of a kind that is known without comparing.
    pub(crate) fn of_kind(kind: Kind, expected: Said, actual: Said) -> Self {
        Self::theirs(Finding::new(kind), expected, actual)
    }

    fn theirs(finding: Finding, expected: Said, actual: Said) -> Self {
        let (reproduce, drawn) = (None, Vec::new());
        Self::of(Failed::Theirs(Difference { finding, expected, actual, reproduce, drawn }))
    }

    fn of(failed: Failed) -> Self {
        Self { failed: Box::new(failed), expected: None, by_hand: None }
    }

    /// The same with the request from a terminal that may show it again.
    #[must_use]
    pub(crate) fn reproduced_by(self, by_hand: Option<ByHand>) -> Self {
        Self { by_hand: by_hand.map(Box::new), ..self }
    }

    /// What is reported to the runner: in both texts drawn values have names, and the lines to paste are those that
    /// `lines` finds good.
    pub(crate) fn into_failed(
        self,
        lines: impl FnOnce(ByHand, Option<&Exchange>) -> Option<String>,
    ) -> Failed {
        let mut failed = *self.failed;
        if let Failed::Theirs(difference) = &mut failed {
            difference.reproduce =
                self.by_hand.and_then(|by_hand| lines(*by_hand, self.expected.as_deref()));
            for said in [&mut difference.expected, &mut difference.actual] {
                let (Said::Exchange(text) | Said::Words(text)) = said;
                cut(text);
                *text = current::with_names(text);
            }
            let texts = [difference.expected.text(), difference.actual.text()].concat();
            difference.drawn = current::drawn();
            difference.drawn.retain(|drawn| texts.contains(&drawn.name));
        }
        failed
    }
}

fn cut(text: &mut String) {
    if text.len() > LONGEST {
        let left = text.split_off(text.floor_char_boundary(LONGEST));
        text.push_str(&format!("\n… {} lines more", left.lines().count()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_end_is_cut_for_the_runner() {
        let Failed::Theirs(told) =
            Failure::new("little", "é\n".repeat(LONGEST)).into_failed(|_, _| None)
        else {
            panic!("it is the learner's")
        };
        let text = told.actual.text();
        assert!(text.len() < LONGEST + 40 && text.ends_with("lines more"), "{} bytes", text.len());
        assert_eq!(told.expected.text(), "little");
    }
}
