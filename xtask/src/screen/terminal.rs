//! The terminal's second screen: rows are drawn in place there, and it is left however this process ends.
//!
//! Only sequences that terminals have had for decades, and that tmux, screen and ssh pass on: the second screen, cursor
//! home, erase line, no wrapping at the margin, no cursor.

use std::{
    env,
    io::{self, IsTerminal, Write},
    panic,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anstream::{AutoStream, ColorChoice, adapter::strip_str};

use crate::process::{
    interrupt::{self, Turn},
    window::{self, Size},
};

const ENTER: &str = "\x1b[?1049h\x1b[?7l\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?7h\x1b[?1049l";
const HOME: &str = "\x1b[H";
const ERASE_LINE: &str = "\x1b[2K";

/// The second screen, from the first drawing until it is dropped.
pub struct Terminal {
    shared: Arc<Mutex<Shared>>,
    size: Size,
}

struct Shared {
    /// Where all goes.
    write: fn(&str),
    /// Whether the second screen is the one that is seen.
    entered: bool,
    /// Whether the terminal is the shell's now.
    lent: bool,
    /// What it shows.
    rows: Vec<String>,
}

impl Terminal {
    /// Where one can be drawn on: a terminal at both ends that knows its size and is more than a teletype. `turned` is
    /// called when all has to be drawn again.
    pub fn open(turned: impl Fn() + Send + 'static) -> Option<Self> {
        let can_draw = env::var_os("TERM").is_some_and(|term| !term.is_empty());
        if !can_draw
            || window::is_dumb()
            || !io::stdin().is_terminal()
            || !io::stdout().is_terminal()
        {
            return None;
        }
        let size = window::size()?;
        let shared = Arc::new(Mutex::new(Shared::new(write)));
        let lends = Arc::clone(&shared);
        interrupt::at_turn(move |turn| {
            match turn {
                Turn::Shell => locked(&lends).lend(),
                Turn::Ours if window::in_foreground() => locked(&lends).lent = false,
                Turn::Ours => return,
                Turn::Resized => {}
            }
            if turn != Turn::Shell {
                turned();
            }
        });
        leave_before_a_panic_is_reported(Arc::clone(&shared));
        Some(Self { shared, size })
    }

    /// The size of its window.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Asks for the size again.
    pub fn measure(&mut self) {
        self.size = window::size().unwrap_or(self.size);
    }

    /// The next drawing is of all rows: a terminal may have moved them, or shown something else.
    pub fn forget(&self) {
        locked(&self.shared).rows.clear();
    }

    /// Draws these rows, of which there are as many as the window has, unless they are there.
    pub fn draw(&self, rows: Vec<String>) {
        let mut shared = locked(&self.shared);
        if shared.lent || shared.entered && shared.rows == rows {
            return;
        }
        let mut text = String::new();
        if !shared.entered {
            shared.entered = true;
            text.push_str(ENTER);
        }
        text.push_str(HOME);
        let coloured = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                text.push_str("\r\n");
            }
            text.push_str(ERASE_LINE);
            if coloured {
                text.push_str(row);
            } else {
                text.push_str(&strip_str(row).to_string());
            }
        }
        (shared.write)(&text);
        shared.rows = rows;
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        locked(&self.shared).leave();
    }
}

impl Shared {
    fn new(write: fn(&str)) -> Self {
        Self { write, entered: false, lent: false, rows: Vec::new() }
    }

    fn lend(&mut self) {
        self.leave();
        self.lent = true;
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.entered) {
            (self.write)(LEAVE);
        }
    }
}

/// What is printed on the second screen goes with it.
fn leave_before_a_panic_is_reported(shared: Arc<Mutex<Shared>>) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // Where it is held, somebody draws, and the end of the screen is left to its owner.
        if let Ok(mut shared) = shared.try_lock() {
            shared.leave();
        }
        before(panic);
    }));
}

fn locked(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(text: &str) {
    let mut stdout = io::stdout().lock();
    // A terminal that is closed sends a signal, which ends us.
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_reported_on_the_first_screen() {
        let shared = Arc::new(Mutex::new(Shared { entered: true, ..Shared::new(|_| {}) }));
        let (at_report, seen) = (Arc::clone(&shared), Arc::new(Mutex::new(None)));
        let before = panic::take_hook();
        let reports = Arc::clone(&seen);
        panic::set_hook(Box::new(move |_| {
            *reports.lock().expect("nobody panics here") = Some(locked(&at_report).entered);
        }));
        leave_before_a_panic_is_reported(Arc::clone(&shared));
        let panicked = panic::catch_unwind(|| panic!("on the second screen"));
        panic::set_hook(before);
        assert!(panicked.is_err());
        assert_eq!(*seen.lock().expect("nobody panics here"), Some(false));
    }
}
