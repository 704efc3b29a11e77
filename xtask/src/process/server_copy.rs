//! A copy of a server's binary: it may go on running while cargo overwrites the original.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{course::Course, process::temporary::Temporary, trouble::Trouble};

/// A copy in a folder of its own, removed when dropped.
pub struct ServerCopy {
    path: PathBuf,
    _folder: Temporary,
}

impl ServerCopy {
    /// Copies the program, under its own name.
    pub fn make(course: &Course, program: &Path) -> Result<Self, Trouble> {
        let folder = Temporary::make(course)?;
        let path = folder.path().join(program.file_name().unwrap_or_default());
        // There, cargo makes a new file at each build, so a second name keeps the old one, at no cost.
        let named = cfg!(target_os = "linux") && fs::hard_link(program, &path).is_ok();
        if !named {
            fs::copy(program, &path)
                .map_err(|error| Trouble::io("copy the server to", &path, &error))?;
        }
        Ok(Self { path, _folder: folder })
    }

    /// The program to start.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
