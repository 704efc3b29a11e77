//! The users that servers under check get as `USERS_FILE`.

use std::io::Write;

use serde_json::Value;

use crate::failure::Failure;

/// Those of the course, with hashes of the least cost. A check that logs in only to have a token need not wait
/// for argon2.
pub(crate) const CHEAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/users.json");

/// A users' file of a check's own, removed when dropped.
pub(crate) struct UsersFile(tempfile::NamedTempFile);

impl UsersFile {
    pub(crate) fn write(users: &Value) -> Result<Self, Failure> {
        let written = tempfile::NamedTempFile::new().and_then(|mut file| {
            file.write_all(users.to_string().as_bytes())?;
            Ok(file)
        });
        written.map(Self).map_err(|e| Failure::ours(format!("could not write users: {e}")))
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// What a program printed, with the file's path in words: it is different in every run.
    pub(crate) fn in_words(&self, printed: &str) -> String {
        let path = self.path().display().to_string();
        let escaped = path.escape_debug().to_string();
        printed.replace(&path, "<the users file>").replace(&escaped, "<the users file>")
    }
}
