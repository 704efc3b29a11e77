//! What a learner or a maintainer can ask for: one file a verb.

use crate::trouble::Trouble;

pub mod snapshots;
pub mod starters;
pub mod verify;

/// A call that is not understood, with the verb's help.
fn usage(error: &lexopt::Error, help: &str) -> Trouble {
    Trouble::Usage(format!("{error}\n\n{help}"))
}
