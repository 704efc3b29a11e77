//! The maintainers' verbs, as `cargo xtask` hands over to them: the real binary, on a checkout of its own. It
//! knows the learners' verbs too.
//!
//! One test binary, so that it links once; each file is named after the rule that its tests check.
#![allow(
    clippy::disallowed_methods,
    reason = "what a test writes needs not survive it, and what a test waits for has a limit"
)]

#[path = "../../../tests/runner/support/mod.rs"]
mod support;

mod bank;
mod git;

mod a_bundle_is_made_of_commits;
mod a_debugger_stops_at_a_handler;
mod a_fork_is_green_and_useful;
mod a_known_mistake_is_named;
mod a_step_is_made_with_the_kit;
mod departures_are_explained;
mod editors_find_their_tasks;
mod every_verb_has_help;
mod examples_do_what_is_recorded;
mod line_ends_are_the_same_everywhere;
mod names_do_not_slip_away;
mod patches_follow_their_solution;
mod right_solutions_never_fail;
mod snapshots_are_what_solutions_answer;
mod starters_are_made_from_solutions;
mod the_bank_is_right;

/// The command line that the tests call.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_workshop-maintain");
