//! Where the book and the learner's server are now: reports lead there.

use std::sync::OnceLock;

use crate::course::Step;

/// Where the book is served, if not where it usually is.
static BOOK: OnceLock<String> = OnceLock::new();

/// From now on reports lead to the book at this address.
pub fn book_is_at(address: &str) {
    BOOK.get_or_init(|| address.to_owned());
}

/// Where the learner's server listens while a step is watched.
static SERVER: OnceLock<u16> = OnceLock::new();

/// From now on command lines lead to the server at this port, which needs no `run`; and a save is enough to check again.
pub fn server_is_at(port: u16) {
    SERVER.get_or_init(|| port);
}

/// Whether a save is enough to check again.
pub(super) fn is_watched() -> bool {
    SERVER.get().is_some()
}

/// A command line of a check, which leads to port 3000, as it is to be typed here; and what comes before it.
pub(super) fn to_try(step: &Step, command: &str) -> String {
    match SERVER.get() {
        Some(port) => {
            command.replace("http://127.0.0.1:3000/", &format!("http://127.0.0.1:{port}/"))
        }
        None => {
            format!("cargo xtask run {}   and, in a second terminal:\n{command}", step.number)
        }
    }
}

/// The page of a step, where `cargo xtask learn` serves it.
pub fn page(step: &Step) -> String {
    format!("{}/{}", book(), step.page())
}

/// The page of a step, if `learn` has said where the book is.
pub fn page_if_served(step: &Step) -> Option<String> {
    BOOK.get().map(|_| page(step))
}

pub(super) fn book() -> &'static str {
    BOOK.get().map_or("http://127.0.0.1:4000", String::as_str)
}
