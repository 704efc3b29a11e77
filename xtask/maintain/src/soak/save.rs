//! How editors save a file.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    thread,
    time::Duration,
};

use xtask::trouble::Trouble;

/// A way to save.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// Empties the file and writes it.
    Truncate,
    /// Writes beside it, and renames.
    Rename,
    /// Makes the old file a backup first.
    Backup,
    /// Keeps a swap file beside it meanwhile.
    Swap,
    /// Writes Windows' line ends.
    Crlf,
    /// Writes a half, and the rest a moment later.
    Halves,
}

pub(crate) const ALL: [Style; 6] =
    [Style::Truncate, Style::Rename, Style::Backup, Style::Swap, Style::Crlf, Style::Halves];

/// Between two halves: longer than what counts as one save.
const MOMENT: Duration = Duration::from_millis(60);

impl Style {
    /// Saves the text.
    pub(crate) fn save(self, path: &Path, text: &str) -> Result<(), Trouble> {
        let beside = path.with_file_name("main.rs.tmp");
        let backup = path.with_file_name("main.rs~");
        let swap = path.with_file_name(".main.rs.swp");
        let written = match self {
            Self::Truncate => write(path, text),
            Self::Rename => write(&beside, text).and_then(|()| fs::rename(&beside, path)),
            Self::Backup => fs::rename(path, &backup)
                .and_then(|()| write(path, text))
                .and_then(|()| fs::remove_file(&backup)),
            Self::Swap => write(&swap, "b0VIM")
                .and_then(|()| write(path, text))
                .and_then(|()| fs::remove_file(&swap)),
            Self::Crlf => write(path, &text.replace('\n', "\r\n")),
            Self::Halves => File::create(path).and_then(|mut file| {
                let (first, rest) = text.as_bytes().split_at(text.len() / 2);
                file.write_all(first)?;
                file.flush()?;
                thread::park_timeout(MOMENT);
                file.write_all(rest)
            }),
        };
        written.map_err(|error| Trouble::io("write", path, &error))
    }
}

#[expect(clippy::disallowed_methods, reason = "it writes as editors do, not as we do")]
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)
}
