//! What a watch waits for.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use crate::{process::progress::News, session::keys::Key};

/// Editors write a file in several goes; what comes within this time is one save.
const ONE_SAVE: Duration = Duration::from_millis(5);

/// How long a save may take at most: where something writes without a pause, it is judged all the same.
const LONGEST_SAVE: Duration = Duration::from_millis(150);

#[derive(Clone)]
pub(super) enum Event {
    /// In the step of this slug, if it is a step's file.
    Saved(Option<String>),
    Key(Key),
    /// A page asks for the step of this slug.
    AskedFor(String),
    /// Of the cargo call that is under way.
    News(News),
    /// What the checks of the judgement of this number have said so far, in words.
    SoFar(usize, String),
    /// The judgement of this number has ended.
    Judged(usize),
    /// Where the server is that was started after the judgement of this number, in words.
    ServerIs(usize, String),
    /// The terminal has another size, or has been somebody else's.
    Turned,
    Interrupted,
}

/// Takes in what belongs to the same save, and gives the next event that does not.
pub(super) fn rest_of_the_save(
    events: &Receiver<Event>,
    saved: &mut Vec<Option<String>>,
) -> Option<Event> {
    let until = Instant::now() + LONGEST_SAVE;
    while Instant::now() < until {
        match events.recv_timeout(ONE_SAVE) {
            Ok(Event::Saved(slug)) => saved.push(slug),
            Ok(other) => return Some(other),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}
