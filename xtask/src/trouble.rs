//! Why a verb could not finish, told apart by whose turn it is to act.

use std::{fmt, io, path::Path};

use protocol::invisible::harmless_in_colour;

/// The exit code after Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// A reason to stop that is not the learner's code: each carries its own exit code.
#[derive(Debug)]
pub enum Trouble {
    /// The arguments are not understood, so the verb's help is shown with this: exit 2.
    Arguments(String),
    /// The arguments are understood, and ask for what does not exist: exit 2.
    Usage(String),
    /// The machine, the checkout or the tool itself is at fault: exit 4.
    Environment(String),
    /// The learner pressed Ctrl-C: exit 130, as shells have it (128 + SIGINT).
    Interrupted,
}

impl Trouble {
    /// An environment fault at `path`, with the system's own words, and what to do where they tell it.
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let cure = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "\nYou may not do that there. Make the workshop's folder your own, then try again."
            }
            io::ErrorKind::StorageFull => "\nThe disk is full. Make room, then try again.",
            _ => "",
        };
        Self::Environment(format!("could not {doing} {}: {error}{cure}", path.display()))
    }

    /// A file of ours that cannot be used: never the learner's failure. The workshop may come from
    /// `cargo xtask bundle`, without git.
    pub fn ours(path: &Path, why: impl fmt::Display) -> Self {
        Self::Environment(format!(
            "{} cannot be used: {why}. This is the workshop's fault, not yours: {}.",
            path.display(),
            bring_back(path)
        ))
    }

    /// The process exit code: 2 for usage, 4 for the environment, 130 for Ctrl-C.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Arguments(_) | Self::Usage(_) => 2,
            Self::Environment(_) => 4,
            Self::Interrupted => INTERRUPTED,
        }
    }
}

/// How a file of ours is brought back, in words that follow a colon.
pub fn bring_back(path: &Path) -> String {
    format!(
        "bring it back with `git checkout -- \"{}\"`, or from the archive that you unpacked",
        path.display()
    )
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Cargo's words may be in it, and a learner's.
            Self::Arguments(message) | Self::Usage(message) | Self::Environment(message) => {
                f.write_str(&harmless_in_colour(message))
            }
            Self::Interrupted => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<lexopt::Error> for Trouble {
    fn from(error: lexopt::Error) -> Self {
        Self::Arguments(error.to_string())
    }
}
