//! Ctrl-C: what runs is stopped first, so that no server is left behind.

use std::{
    process,
    sync::{Mutex, MutexGuard, PoisonError, mpsc::Sender},
};

use crate::trouble::{INTERRUPTED, Trouble};

type Tell = Box<dyn Fn() + Send>;

/// Who is told of Ctrl-C: the last one, who is the innermost.
static LISTENERS: Mutex<Vec<Tell>> = Mutex::new(Vec::new());

/// From now on Ctrl-C tells the listener; without one the process ends at once.
pub fn install() -> Result<(), Trouble> {
    ctrlc::set_handler(|| match listeners().last() {
        Some(tell) => tell(),
        None => process::exit(i32::from(INTERRUPTED)),
    })
    .map_err(|error| Trouble::Environment(format!("could not listen for Ctrl-C: {error}")))
}

/// Sends `event` to `sender` at Ctrl-C, until the guard is dropped.
pub fn send<T: Clone + Send + 'static>(sender: Sender<T>, event: T) -> Guard {
    listeners().push(Box::new(move || {
        // The receiver is gone only when there is nothing left to stop.
        sender.send(event.clone()).ok();
    }));
    Guard
}

/// While it lives, its maker is told of Ctrl-C.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        listeners().pop();
    }
}

fn listeners() -> MutexGuard<'static, Vec<Tell>> {
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
