//! The terminal that we print to: how large its window is, and whether it is ours.

use std::env;

/// How much a window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// What a terminal that does not know its own size has had since the first ones.
#[cfg(unix)]
const USUAL: Size = Size { width: 80, height: 24 };

/// The size of the window, if there is a way to learn it. Systems have a call for this, which is unsafe in Rust; POSIX
/// has `stty size` since 2024, and all Unix systems had it before.
pub fn size() -> Option<Size> {
    system::size()
}

/// Whether the terminal shows text alone; in CI, too, which asks for colours otherwise.
pub fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether what we print is seen: after `bg`, the terminal is the shell's, and setting it would stop us.
pub fn in_foreground() -> bool {
    system::in_foreground()
}

/// `24 80`: rows and columns.
#[cfg(unix)]
fn parse(said: &str) -> Option<Size> {
    let mut numbers = said.split_whitespace().map(str::parse);
    let (Some(Ok(height)), Some(Ok(width)), None) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return None;
    };
    // A serial line says that it has none.
    Some(if height == 0 || width == 0 { USUAL } else { Size { width, height } })
}

#[cfg(unix)]
mod system {
    use std::{
        io,
        os::fd::AsFd,
        process::{Command, Stdio},
    };

    use nix::unistd::{getpgrp, tcgetpgrp};

    use super::{Size, parse};

    pub(super) fn size() -> Option<Size> {
        let terminal = io::stdout().as_fd().try_clone_to_owned().ok()?;
        let mut stty = Command::new("stty");
        let said = stty.arg("size").stdin(terminal).stderr(Stdio::null()).output().ok()?;
        parse(&String::from_utf8_lossy(&said.stdout))
    }

    pub(super) fn in_foreground() -> bool {
        tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
    }
}

#[cfg(not(unix))]
mod system {
    use super::Size;

    pub(super) fn size() -> Option<Size> {
        None
    }

    pub(super) fn in_foreground() -> bool {
        true
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn rows_come_before_columns() {
        assert_eq!(parse("20 80\n"), Some(Size { width: 80, height: 20 }));
        assert_eq!(parse("0 0\n"), Some(USUAL));
        assert_eq!(parse(""), None);
        assert_eq!(parse("stty: not a terminal"), None);
    }
}
