//! The command line as a learner meets it: the real binary, on a checkout of its own.
//!
//! One test binary, so that it links once; each file is named after the rule that its tests check. The checkout
//! is one folder with its own `target/`, so that only what a test changes is compiled again; the tests take it
//! in turn.
#![allow(
    clippy::disallowed_methods,
    reason = "what a test writes needs not survive it, and what a test waits for has a limit"
)]

mod support;
mod terminal;

mod a_failed_start_says_why;
mod a_failure_stays_with_its_check;
mod a_line_to_paste_shows_the_failure;
mod a_report_shows_what_was_seen;
mod a_report_tells_nothing_private;
mod a_screen_is_drawn_in_place;
#[cfg(target_os = "linux")]
mod a_server_may_not_take_all_memory;
mod a_verdict_depends_on_its_inputs;
mod a_verdict_is_of_the_files_on_disk;
mod an_update_keeps_the_learners_code;
#[cfg(unix)]
mod cargo_is_called_only_for_what_has_changed;
mod every_verb_has_help;
mod faults_that_are_not_the_learners_exit_4;
mod hints_are_no_solution;
mod no_save_is_missed;
mod nothing_is_left_running;
mod nothing_is_lost;
mod one_book_is_enough;
mod one_seed_is_one_break_in;
mod other_terminals_are_known;
mod quick_checks_need_not_wait_for_slow_ones;
mod settings_change_no_verdict;
mod the_course_is_consistent;
mod the_schema_describes_every_verdict;
mod the_terminal_is_left_in_order;
mod what_was_solved_is_asked_again;
mod wrong_calls_exit_2;

/// The command line that the tests call.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_xtask");
