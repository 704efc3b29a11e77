//! What only a served page has, in a browser: the panel and the consoles.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

#[path = "../../../book/tests/checkout/mod.rs"]
mod checkout;
mod class;
mod console;
mod everybody;
mod marks;
mod ours;
mod panel;
mod questions;
mod served;
#[path = "../../../book/tests/step_server/mod.rs"]
mod step_server;
#[path = "../../../book/tests/tasks/mod.rs"]
mod tasks;
mod typed;
#[path = "../../../book/tests/verdicts/mod.rs"]
mod verdicts;
