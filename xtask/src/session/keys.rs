//! Single keys from the terminal, without Enter where the system lets us.

use std::{
    io::{self, BufRead},
    sync::mpsc::Sender,
    thread,
};

/// A key that means something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, as it was typed.
    Letter(char),
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One window up.
    PageUp,
    /// One window down.
    PageDown,
}

/// While it lives, keys arrive one by one and are not echoed; Ctrl-C works as ever.
pub struct Keys {
    mode: system::Mode,
}

impl Keys {
    /// Sends `event(key)` for every key. Without a terminal, every letter of every line is a key.
    pub fn listen<T: Send + 'static>(
        sender: Sender<T>,
        event: impl Fn(Key) -> T + Send + 'static,
    ) -> Self {
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

    use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

    use crate::process::{
        interrupt::{self, Turn},
        window::in_foreground,
    };

    /// How the terminal was before; nothing if it is none.
    pub(super) struct Mode(Arc<Mutex<Option<Termios>>>);

    pub(super) fn one_by_one() -> Mode {
        let before = io::stdin().is_terminal().then(|| tcgetattr(io::stdin()).ok()).flatten();
        let mode = Arc::new(Mutex::new(before));
        set(held(&mode).as_ref());
        let again = mode.clone();
        // Who has the terminal while we are stopped sets it to their liking, or leaves it as it is.
        interrupt::at_turn(move |turn| match turn {
            Turn::Shell => put_back(held(&again).as_ref()),
            Turn::Ours if in_foreground() => set(held(&again).as_ref()),
            Turn::Ours | Turn::Resized => {}
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

    fn put_back(before: Option<&Termios>) {
        if let Some(before) = before {
            // The terminal may be gone; then there is nothing to put back.
            tcsetattr(io::stdin(), SetArg::TCSANOW, before).ok();
        }
    }

    fn held(mode: &Mutex<Option<Termios>>) -> MutexGuard<'_, Option<Termios>> {
        mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl Drop for Mode {
        fn drop(&mut self) {
            put_back(held(&self.0).take().as_ref());
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

/// Tells every key of the input, until there is no more or nobody is interested.
fn read(input: impl BufRead, mut tell: impl FnMut(Key) -> bool) {
    let mut sequence = Sequence::default();
    for byte in input.bytes().map_while(Result::ok) {
        if sequence.next(byte).is_some_and(|key| !tell(key)) {
            return;
        }
    }
}

/// What was read of a key that is several bytes: `ESC [ A`, `ESC O A`, `ESC [ 5 ~`.
#[derive(Default)]
enum Sequence {
    #[default]
    None,
    Escape,
    /// With its number, 0 if it has none.
    Open(u8),
}

impl Sequence {
    /// The key that ends with this byte.
    fn next(&mut self, byte: u8) -> Option<Key> {
        match (std::mem::take(self), byte) {
            (Self::None | Self::Escape, 0x1b) => *self = Self::Escape,
            // `ESC [ 1 ; 5 A` is the same key with Ctrl.
            (Self::Escape, b'[' | b'O') | (Self::Open(_), b';') => *self = Self::Open(0),
            (Self::Open(number), b'0'..=b'9') => {
                *self = Self::Open(number.saturating_mul(10).saturating_add(byte - b'0'));
            }
            (Self::Open(number), last) => return named(number, last),
            (_, b' ') => return Some(Key::PageDown),
            (_, letter) if letter.is_ascii_alphabetic() => {
                return Some(Key::Letter(char::from(letter)));
            }
            _ => {}
        }
        None
    }
}

/// The key whose sequence has this number and this end.
fn named(number: u8, last: u8) -> Option<Key> {
    match (number, last) {
        (_, b'A') => Some(Key::Up),
        (_, b'B') => Some(Key::Down),
        (5, b'~') => Some(Key::PageUp),
        (6, b'~') => Some(Key::PageDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys in this input, if nobody asks for more than so many.
    fn keys(input: &[u8], most: usize) -> Vec<Key> {
        let mut keys = Vec::new();
        read(input, |key| {
            keys.push(key);
            keys.len() < most
        });
        keys
    }

    fn letters(letters: &str) -> Vec<Key> {
        letters.chars().map(Key::Letter).collect()
    }

    #[test]
    fn every_letter_of_every_line_is_a_key() {
        assert_eq!(keys(b"h\nnr\r\nQ", usize::MAX), letters("hnrQ"));
    }

    #[test]
    fn what_is_no_letter_is_no_key() {
        assert_eq!(keys(b"1\t-\xc3\xa4\xffq", usize::MAX), letters("q"));
        assert_eq!(keys(b"", usize::MAX), []);
    }

    #[test]
    fn nothing_is_read_once_nobody_listens() {
        assert_eq!(keys(b"hlnrq", 2), letters("hl"));
    }

    #[test]
    fn arrows_and_pages_are_keys_in_both_modes_of_a_terminal() {
        use Key::{Down, PageDown, PageUp, Up};
        assert_eq!(
            keys(b"\x1b[A\x1b[B\x1bOA\x1bOB\x1b[1;5A", usize::MAX),
            [Up, Down, Up, Down, Up]
        );
        assert_eq!(keys(b"\x1b[5~\x1b[6~ ", usize::MAX), [PageUp, PageDown, PageDown]);
    }

    #[test]
    fn other_sequences_are_no_keys_and_swallow_no_letter() {
        assert_eq!(keys(b"\x1b[3~q\x1b[15~\x1b[Hq\x1bOPq", usize::MAX), letters("qqq"));
        assert_eq!(keys(b"\x1b\x1b[Cq\x1bq", usize::MAX), letters("qq"), "Escape alone");
    }
}
