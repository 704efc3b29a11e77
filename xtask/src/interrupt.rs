//! Ctrl-C: what runs is stopped first, so that no server is left behind.

use std::{
    process,
    sync::{Mutex, PoisonError, mpsc::Sender},
};

use crate::trouble::Trouble;

/// The exit code after Ctrl-C, as shells have it: 128 + SIGINT.
pub const EXIT_CODE: i32 = 130;

type Told = Box<dyn Fn() + Send>;

static LISTENER: Mutex<Option<Told>> = Mutex::new(None);

/// From now on Ctrl-C tells the listener; without one the process ends at once.
pub fn install() -> Result<(), Trouble> {
    ctrlc::set_handler(|| match &*LISTENER.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(tell) => tell(),
        None => process::exit(EXIT_CODE),
    })
    .map_err(|error| Trouble::Environment(format!("could not listen for Ctrl-C: {error}")))
}

/// Sends `event` to `sender` at Ctrl-C, until the guard is dropped.
pub fn send<T: Clone + Send + 'static>(sender: Sender<T>, event: T) -> Guard {
    let tell = move || {
        // The receiver is gone only when there is nothing left to stop.
        sender.send(event.clone()).ok();
    };
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(tell));
    Guard
}

/// While it lives, Ctrl-C is told to somebody.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
