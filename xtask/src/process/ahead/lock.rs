//! The file that is locked by those who wait for a build, in whatever terminal.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

pub(super) fn lock(root: &Path) -> PathBuf {
    root.join("target").join("workshop-builds.lock")
}

pub(super) fn hold(lock: &Path) -> io::Result<File> {
    lock.parent().map_or(Ok(()), fs::create_dir_all)?;
    let file = File::create(lock)?;
    file.lock_shared()?;
    Ok(file)
}
