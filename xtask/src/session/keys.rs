//! Single keys from the terminal, without Enter where the system lets us.

use std::{
    io::{self, BufRead, IsTerminal},
    sync::mpsc::Sender,
    thread,
};

/// While it lives, keys arrive one by one and are not echoed; Ctrl-C works as ever.
pub struct Keys {
    #[cfg(unix)]
    before: Option<nix::sys::termios::Termios>,
}

impl Keys {
    /// Sends `event(key)` for every key. Without a terminal, every letter of every line is a key.
    pub fn listen<T: Send + 'static>(sender: Sender<T>, event: fn(char) -> T) -> Self {
        thread::spawn(move || read(io::stdin().lock(), |key| sender.send(event(key)).is_ok()));
        Self::one_by_one()
    }

    /// Whether a key needs Enter after it.
    pub fn need_enter(&self) -> bool {
        #[cfg(unix)]
        return self.before.is_none();
        #[cfg(not(unix))]
        true
    }

    #[cfg(unix)]
    fn one_by_one() -> Self {
        use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
        let stdin = io::stdin();
        let before = stdin.is_terminal().then(|| tcgetattr(&stdin).ok()).flatten();
        if let Some(mut single) = before.clone() {
            single.local_flags -= LocalFlags::ICANON | LocalFlags::ECHO;
            // A terminal that refuses goes on line by line.
            tcsetattr(&stdin, SetArg::TCSANOW, &single).ok();
        }
        Self { before }
    }

    #[cfg(not(unix))]
    fn one_by_one() -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Keys {
    fn drop(&mut self) {
        use nix::sys::termios::{SetArg, tcsetattr};
        if let Some(before) = &self.before {
            // The terminal may be gone; then there is nothing to put back.
            tcsetattr(io::stdin(), SetArg::TCSANOW, before).ok();
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
