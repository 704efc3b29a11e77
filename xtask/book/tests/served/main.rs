//! The book as `learn` serves it.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

mod a_crowd_does_not_stop_it;
mod a_page_hears_of_its_checks_and_tasks;
mod a_page_hears_of_its_class;
mod a_page_hears_of_verdicts;
mod answers_are_kept;
#[path = "../checkout/mod.rs"]
mod checkout;
mod one_book_a_checkout;
mod only_our_pages_may_send;
mod our_server_is_started;
mod pages_are_guarded;
mod pages_are_new_at_every_save;
mod server;
#[path = "../step_server/mod.rs"]
mod step_server;
#[path = "../tasks/mod.rs"]
mod tasks;
mod the_last_book_is_there_at_once;
#[path = "../verdicts/mod.rs"]
mod verdicts;
