//! Ctrl-C: what runs is stopped first, so that no server is left behind. And Ctrl-Z, after which the terminal may be
//! another.

use std::{
    collections::BTreeMap,
    process,
    sync::{Mutex, MutexGuard, PoisonError, mpsc::Sender},
};

use crate::{
    process::group,
    trouble::{INTERRUPTED, Trouble},
};

type Tell = Box<dyn Fn() + Send>;

/// Who learns of Ctrl-C, by the number of their guards.
static LISTENERS: Mutex<BTreeMap<usize, Tell>> = Mutex::new(BTreeMap::new());

/// From now on Ctrl-C tells every listener; without one the process ends at once.
pub fn install() -> Result<(), Trouble> {
    system::keep_resumes();
    ctrlc::set_handler(|| {
        let listeners = listeners();
        if listeners.is_empty() {
            // What is just being started has a warden from then on, which ends it with us.
            let _nothing_starts = group::starting();
            #[expect(
                clippy::disallowed_methods,
                reason = "the warden stops what runs, and the next start removes what is left"
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

/// Calls back each time that the process goes on after Ctrl-Z.
pub fn at_resume(tell: impl FnMut() + Send + 'static) {
    system::at_resume(tell);
}

#[cfg(unix)]
mod system {
    use std::thread;

    use nix::sys::signal::{SigSet, Signal};

    /// A signal that some thread does not block may be delivered there, and is lost: call this before there are others.
    pub(super) fn keep_resumes() {
        // Where this is refused, the keys need Enter after `fg`.
        resumes().thread_block().ok();
    }

    pub(super) fn at_resume(mut tell: impl FnMut() + Send + 'static) {
        thread::spawn(move || {
            while resumes().wait().is_ok() {
                tell();
            }
        });
    }

    fn resumes() -> SigSet {
        Signal::SIGCONT.into()
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn keep_resumes() {}

    pub(super) fn at_resume(_tell: impl FnMut() + Send + 'static) {}
}

fn listeners() -> MutexGuard<'static, BTreeMap<usize, Tell>> {
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
