//! Ctrl-C: what runs is stopped first, so that no server is left behind.

use std::{
    collections::BTreeMap,
    process,
    sync::{Mutex, MutexGuard, PoisonError, mpsc::Sender},
};

use crate::trouble::{INTERRUPTED, Trouble};

type Tell = Box<dyn Fn() + Send>;

/// Who learns of Ctrl-C, by the number of their guards.
static LISTENERS: Mutex<BTreeMap<usize, Tell>> = Mutex::new(BTreeMap::new());

/// From now on Ctrl-C tells every listener; without one the process ends at once.
pub fn install() -> Result<(), Trouble> {
    ctrlc::set_handler(|| {
        let listeners = listeners();
        if listeners.is_empty() {
            #[expect(
                clippy::disallowed_methods,
                reason = "nothing runs that would have to be stopped"
            )]
            process::exit(i32::from(INTERRUPTED));
        }
        listeners.values().for_each(|tell| tell());
    })
    .map_err(|error| Trouble::Environment(format!("could not listen for Ctrl-C: {error}")))
}

/// Sends `event` to `sender` at Ctrl-C, until the guard is dropped.
pub fn send<T: Clone + Send + 'static>(sender: Sender<T>, event: T) -> Guard {
    let mut listeners = listeners();
    let number = listeners.last_key_value().map_or(0, |(last, _)| last + 1);
    let tell = move || {
        // The receiver is gone only when there is nothing left to stop.
        sender.send(event.clone()).ok();
    };
    listeners.insert(number, Box::new(tell));
    Guard { number }
}

/// While it lives, its maker learns of Ctrl-C.
pub struct Guard {
    number: usize,
}

impl Drop for Guard {
    fn drop(&mut self) {
        listeners().remove(&self.number);
    }
}

fn listeners() -> MutexGuard<'static, BTreeMap<usize, Tell>> {
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
