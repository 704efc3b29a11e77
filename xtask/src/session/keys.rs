//! Single keys from the terminal, without Enter where the system lets us.

use std::{
    io::{self, BufRead},
    sync::mpsc::Sender,
    thread,
};

/// While it lives, keys arrive one by one and are not echoed; Ctrl-C works as ever.
pub struct Keys {
    mode: system::Mode,
}

impl Keys {
    /// Sends `event(key)` for every key. Without a terminal, every letter of every line is a key.
    pub fn listen<T: Send + 'static>(sender: Sender<T>, event: fn(char) -> T) -> Self {
        thread::spawn(move || read(io::stdin().lock(), |key| sender.send(event(key)).is_ok()));
        Self { mode: system::one_by_one() }
    }

    /// Whether a key needs Enter after it.
    pub fn need_enter(&self) -> bool {
        system::needs_enter(&self.mode)
    }
}

#[cfg(unix)]
mod system {
    use std::{
        io::{self, IsTerminal},
        sync::{Arc, Mutex, MutexGuard, PoisonError},
    };

    use nix::{
        sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr},
        unistd::{getpgrp, tcgetpgrp},
    };

    use crate::process::interrupt;

    /// How the terminal was before; nothing if it is none.
    pub(super) struct Mode(Arc<Mutex<Option<Termios>>>);

    pub(super) fn one_by_one() -> Mode {
        let before = io::stdin().is_terminal().then(|| tcgetattr(io::stdin()).ok()).flatten();
        let mode = Arc::new(Mutex::new(before));
        set(held(&mode).as_ref());
        let again = mode.clone();
        // Who has the terminal while we are stopped sets it to their liking.
        interrupt::at_resume(move || {
            if in_foreground() {
                set(held(&again).as_ref());
            }
        });
        Mode(mode)
    }

    pub(super) fn needs_enter(mode: &Mode) -> bool {
        held(&mode.0).is_none()
    }

    fn set(before: Option<&Termios>) {
        if let Some(mut single) = before.cloned() {
            single.local_flags -= LocalFlags::ICANON | LocalFlags::ECHO;
            // A terminal that refuses goes on line by line.
            tcsetattr(io::stdin(), SetArg::TCSANOW, &single).ok();
        }
    }

    /// After `bg` the terminal is the shell's: setting it would stop us.
    fn in_foreground() -> bool {
        tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
    }

    fn held(mode: &Mutex<Option<Termios>>) -> MutexGuard<'_, Option<Termios>> {
        mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl Drop for Mode {
        fn drop(&mut self) {
            if let Some(before) = held(&self.0).take() {
                // The terminal may be gone; then there is nothing to put back.
                tcsetattr(io::stdin(), SetArg::TCSANOW, &before).ok();
            }
        }
    }
}

#[cfg(windows)]
mod system {
    use winapi_util::{HandleRef, console};

    const ENABLE_LINE_INPUT: u32 = 0x2;
    const ENABLE_ECHO_INPUT: u32 = 0x4;

    /// How the console was before; nothing if there is none.
    pub(super) struct Mode(Option<u32>);

    pub(super) fn one_by_one() -> Mode {
        let before = console::mode(HandleRef::stdin()).ok();
        let single = before.map(|mode| mode & !(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
        let set = single.is_some_and(|mode| console::set_mode(HandleRef::stdin(), mode).is_ok());
        // A console that refuses goes on line by line.
        Mode(before.filter(|_| set))
    }

    pub(super) fn needs_enter(mode: &Mode) -> bool {
        mode.0.is_none()
    }

    impl Drop for Mode {
        fn drop(&mut self) {
            if let Some(before) = self.0 {
                // The console may be gone; then there is nothing to put back.
                console::set_mode(HandleRef::stdin(), before).ok();
            }
        }
    }
}

/// Tells every letter of the input, until there is no more or nobody is interested.
fn read(input: impl BufRead, mut tell: impl FnMut(char) -> bool) {
    for byte in input.bytes().map_while(Result::ok) {
        if byte.is_ascii_alphabetic() && !tell(char::from(byte)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys in this input, if nobody asks for more than so many.
    fn keys(input: &[u8], most: usize) -> String {
        let mut keys = String::new();
        read(input, |key| {
            keys.push(key);
            keys.len() < most
        });
        keys
    }

    #[test]
    fn every_letter_of_every_line_is_a_key() {
        assert_eq!(keys(b"h\nnr\r\nQ", usize::MAX), "hnrQ");
    }

    #[test]
    fn what_is_no_letter_is_no_key() {
        assert_eq!(keys(b" 1\t-\x1b[\xc3\xa4\xffq", usize::MAX), "q");
        assert_eq!(keys(b"", usize::MAX), "");
    }

    #[test]
    fn nothing_is_read_once_nobody_listens() {
        assert_eq!(keys(b"hlnrq", 2), "hl");
    }
}
