//! A file of ours that is remembered between two runs: what it says, or why it cannot be read.

use std::{fs, io, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

use crate::trouble::Trouble;

#[derive(Deserialize)]
struct Format {
    version: u32,
}

/// Reads the file; nothing is remembered where there is none. `what` is its contents in words, `cure` what to do where
/// they cannot be read.
pub(super) fn load<T: DeserializeOwned + Default>(
    path: &Path,
    newest: u32,
    what: &str,
    cure: &str,
) -> Result<T, Trouble> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        Err(error) => return Err(Trouble::io("read", path, &error)),
    };
    let unreadable = |error: serde_json::Error| {
        Trouble::Environment(format!("{what} cannot be read: {error}.\n{cure}"))
    };
    // A newer format may have other fields: its number is read first.
    let Format { version } = serde_json::from_str(&text).map_err(unreadable)?;
    if version > newest {
        return Err(Trouble::Environment(format!(
            "{what} cannot be read: a newer workshop wrote the file (format {version}, this one reads {newest}).\n\
             Bring the workshop up to date with `git pull` or a newer archive. Or: {cure}"
        )));
    }
    serde_json::from_str(&text).map_err(unreadable)
}
