//! What cargo is doing, in one line: a wall of names of crates tells a learner nothing.

use std::{
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anstream::ColorChoice;

use crate::process::{cargo_output, window};

/// What is to be known of a call of cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It has begun.
    Began,
    /// It does this: `Compiling tokio v1.47.1 … (12)`.
    Does(String),
    /// It has ended, well or badly.
    Ended,
}

type Listener = Box<dyn Fn(News) + Send>;

/// Who shows the progress instead of standard error.
static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

/// From now on the news go there, and nothing is written to standard error, until the guard is dropped.
pub fn tell(listener: impl Fn(News) + Send + 'static) -> Guard {
    *held() = Some(Box::new(listener));
    Guard
}

/// While it lives, its maker shows the progress.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        *held() = None;
    }
}

fn held() -> MutexGuard<'static, Option<Listener>> {
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether somebody was told.
fn told(news: News) -> bool {
    let listener = held();
    if let Some(tell) = &*listener {
        tell(news);
    }
    listener.is_some()
}

/// Shows what cargo is doing, in one line of a terminal, and returns all that it said.
pub(super) fn relay(stderr: impl Read, call: cargo_output::Call) -> String {
    told(News::Began);
    let in_place = in_place();
    let mut said = String::new();
    let mut count = 0;
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let busy = ["Compiling", "Downloading", "Downloaded", "Updating", "Blocking"];
        if busy.iter().any(|word| line.trim_start().starts_with(word)) {
            count += 1;
            show(in_place, count, &line);
        }
        call.add(&line);
        said.push_str(&line);
        said.push('\n');
    }
    if !told(News::Ended) && in_place && count > 0 {
        show_raw("\r\x1b[2K");
    }
    said
}

fn show(in_place: bool, count: usize, line: &str) {
    let short: String = line.trim().chars().take(60).collect();
    let short = format!("{short} … ({count})");
    if told(News::Does(short.clone())) {
        return;
    }
    show_raw(&if in_place { format!("\r\x1b[2K  {short}") } else { format!("{line}\n") });
}

/// Whether standard error is a terminal that can erase a line, and nobody has asked for plain lines.
fn in_place() -> bool {
    io::stderr().is_terminal() && !window::is_dumb() && ColorChoice::global() != ColorChoice::Never
}

/// Says what cargo does not: that it waits.
pub(super) fn show_waiting(what: &str) {
    if !told(News::Does(what.to_owned())) {
        show_raw(&format!("{what}.\n"));
    }
}

/// Writes to standard error as it is.
pub(super) fn show_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    // A closed terminal must not stop the build.
    stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).ok();
}
