//! What a browser shows: the book opened as files, the book as it is served, Swagger UI, the board.
//!
//! One test binary, so that it links once and builds the book once.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

mod authorize_button;
mod board;
mod book;
mod built;
#[path = "../../../book/tests/checkout/mod.rs"]
mod checkout;
mod class;
mod code;
mod console;
mod edges;
mod every_page;
mod everybody;
mod keyboard;
mod login;
mod marks;
mod ours;
mod panel;
mod paper;
mod questions;
mod served;
#[path = "../../../book/tests/step_server/mod.rs"]
mod step_server;
#[path = "../../../book/tests/tasks/mod.rs"]
mod tasks;
mod token;
mod typed;
#[path = "../../../book/tests/verdicts/mod.rs"]
mod verdicts;
