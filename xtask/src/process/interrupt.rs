//! Ctrl-C: what runs is stopped first, so that no server is left behind. And what else happens to the terminal: Ctrl-Z,
//! `fg`, a window of another size.

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
    system::install();
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

/// What happens to the terminal of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Ctrl-Z: the process is about to stop, and the terminal is the shell's.
    Shell,
    /// The process goes on, and the terminal is as the shell left it.
    Ours,
    /// The window has another size.
    Resized,
}

type Watcher = Box<dyn FnMut(Turn) + Send>;

/// Who learns of the terminal's turns.
static WATCHERS: Mutex<Vec<Watcher>> = Mutex::new(Vec::new());

/// Calls back at each turn from now on, before the process stops and after it goes on.
pub fn at_turn(tell: impl FnMut(Turn) + Send + 'static) {
    watchers().push(Box::new(tell));
}

#[cfg(unix)]
fn tell(turn: Turn) {
    watchers().iter_mut().for_each(|tell| tell(turn));
}

fn watchers() -> MutexGuard<'static, Vec<Watcher>> {
    WATCHERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
mod system {
    use std::thread;

    use nix::sys::signal::{SigSet, Signal, raise};

    use super::{Turn, tell};

    /// A signal that some thread does not block may be delivered there, and is lost: call this before there are others.
    pub(super) fn install() {
        let signals: SigSet =
            [Signal::SIGTSTP, Signal::SIGCONT, Signal::SIGWINCH].into_iter().collect();
        // Where this is refused, Ctrl-Z stops us at once, and the keys need Enter after `fg`.
        if signals.thread_block().is_err() {
            return;
        }
        thread::spawn(move || {
            while let Ok(signal) = signals.wait() {
                match signal {
                    Signal::SIGTSTP => stop(),
                    Signal::SIGCONT => tell(Turn::Ours),
                    _ => tell(Turn::Resized),
                }
            }
        });
    }

    /// Stops the process, unless there is no shell that could let it go on: then the system ignores this.
    fn stop() {
        tell(Turn::Shell);
        let signal = Signal::SIGTSTP;
        let blocked = SigSet::from(signal);
        if raise(signal).and_then(|()| blocked.thread_unblock()).is_ok() {
            // Refused only if it is no set of signals.
            blocked.thread_block().ok();
        }
        tell(Turn::Ours);
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn install() {}
}

fn listeners() -> MutexGuard<'static, BTreeMap<usize, Tell>> {
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}
