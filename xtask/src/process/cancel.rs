//! Ends a run before its time: Ctrl-C does, and so may the one who started it.

use std::sync::{Mutex, MutexGuard, PoisonError, mpsc::Sender};

use crate::process::interrupt;

type Tell = Box<dyn Fn() + Send>;

/// Through this, a run of cargo or of checks is told to stop.
#[derive(Default)]
pub struct Cancel(Mutex<State>);

#[derive(Default)]
struct State {
    asked: bool,
    runs: Vec<Tell>,
}

impl Cancel {
    /// Tells what runs, and what is about to run, to stop.
    pub fn ask(&self) {
        let mut state = self.state();
        state.asked = true;
        state.runs.iter().for_each(|tell| tell());
    }

    /// Sends `event` to `sender` when the run is to stop, at once if that was asked before; at Ctrl-C, too, until the
    /// guard is dropped.
    pub fn send<T: Clone + Send + 'static>(&self, sender: Sender<T>, event: T) -> interrupt::Guard {
        let guard = interrupt::send(sender.clone(), event.clone());
        let tell = move || {
            // The receiver is gone only when there is nothing left to stop.
            sender.send(event.clone()).ok();
        };
        let mut state = self.state();
        if state.asked {
            tell();
        }
        state.runs.push(Box::new(tell));
        guard
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_runs_and_what_is_about_to_run_are_told() {
        let cancel = Cancel::default();
        let (sender, told) = mpsc::channel();
        let _running = cancel.send(sender.clone(), "running");
        assert!(told.try_recv().is_err(), "nobody has asked");
        cancel.ask();
        assert_eq!(told.try_recv(), Ok("running"));
        let _late = cancel.send(sender, "about to run");
        assert_eq!(told.try_recv(), Ok("about to run"));
    }
}
