//! A copy of a server's binary: it may go on running while cargo overwrites the original.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{course::Course, files, trouble::Trouble};

/// A copy below `target/workshop/servers/`, removed when dropped.
pub struct ServerCopy {
    path: PathBuf,
}

impl ServerCopy {
    /// Copies the program under a name of its own.
    pub fn make(course: &Course, program: &Path) -> Result<Self, Trouble> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let folder = course.temporary().join("servers");
        files::create_folder(&folder)?;
        let stem = program.file_stem().unwrap_or_default().to_string_lossy();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut path = folder.join(format!("{stem}-{}-{number}", process::id()));
        path.set_extension(program.extension().unwrap_or_default());
        // There, cargo makes a new file at each build, so a second name keeps the old one, at no cost.
        let named = cfg!(target_os = "linux") && fs::hard_link(program, &path).is_ok();
        if !named {
            fs::copy(program, &path)
                .map_err(|error| Trouble::io("copy the server to", &path, &error))?;
        }
        Ok(Self { path })
    }

    /// The program to start.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ServerCopy {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            eprintln!("could not remove {}: {error}", self.path.display());
        }
    }
}
