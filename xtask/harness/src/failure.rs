//! Why a check did not pass.

use protocol::{
    exchange::Exchange,
    finding::{Finding, Kind},
    line::{Difference, Failed},
    said::Said,
};

use crate::current;

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub struct Failure(Box<Failed>);

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

    /// The check, its snapshot or the machine is at fault: never the learner's failure.
    pub fn ours(message: impl Into<String>) -> Self {
        Self(Box::new(Failed::Ours(message.into())))
    }

    /// Two exchanges with the same request that should have been the same.
    pub(crate) fn between(expected: &Exchange, actual: &Exchange) -> Self {
        Self(Box::new(Failed::Theirs(Difference {
            finding: Finding::between(expected, actual),
            expected: Said::Exchange(expected.to_string()),
            actual: Said::Exchange(actual.to_string()),
            reproduce: None,
            drawn: Vec::new(),
        })))
    }

    /// A difference of a kind that is known without comparing.
    pub(crate) fn of_kind(kind: Kind, expected: Said, actual: Said) -> Self {
        let finding = Finding::new(kind);
        Self(Box::new(Failed::Theirs(Difference {
            finding,
            expected,
            actual,
            reproduce: None,
            drawn: Vec::new(),
        })))
    }

    /// Adds the command lines that show the failure again.
    #[must_use]
    pub fn reproduced_by(mut self, commands: Option<String>) -> Self {
        if let Failed::Theirs(difference) = &mut *self.0 {
            difference.reproduce = commands;
        }
        self
    }

    /// What is reported to the runner: in both texts drawn values have names.
    pub(crate) fn into_failed(self) -> Failed {
        let mut failed = *self.0;
        if let Failed::Theirs(difference) = &mut failed {
            for said in [&mut difference.expected, &mut difference.actual] {
                let (Said::Exchange(text) | Said::Words(text)) = said;
                *text = current::with_names(text);
            }
            let texts = [difference.expected.text(), difference.actual.text()].concat();
            difference.drawn = current::drawn();
            difference.drawn.retain(|drawn| texts.contains(&drawn.name));
        }
        failed
    }
}
