//! A folder for what is needed only as long as we run: it goes with its maker, or at the next start if that was killed.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{course::Course, files, trouble::Trouble};

/// A folder below `target/workshop/running/`, removed when dropped.
pub struct Temporary {
    path: PathBuf,
    /// The system lets go of the lock with the process, even with one that is killed.
    held: Option<File>,
}

impl Temporary {
    /// Makes a folder that nobody else uses.
    pub fn make(course: &Course) -> Result<Self, Trouble> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = all(course).join(format!("{}-{number}", process::id()));
        files::create_folder(&all(course))?;
        let held = hold(&path).map_err(|error| Trouble::io("write", &lock(&path), &error))?;
        let made = Self { path, held: Some(held) };
        files::create_folder(&made.path)?;
        Ok(made)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.path);
        // Windows removes no file that is open.
        self.held = None;
        if let Err(error) = removed.and_then(|()| fs::remove_file(lock(&self.path)))
            && error.kind() != io::ErrorKind::NotFound
        {
            eprintln!("could not remove {}: {error}", self.path.display());
        }
    }
}

/// Removes the folders whose makers have ended, and gives their number.
pub fn sweep(course: &Course) -> usize {
    let Ok(paths) = files::in_folder(&all(course)) else { return 0 };
    let folders = paths.iter().filter(|path| path.is_dir() && !is_held(path));
    let removed = folders.filter(|path| fs::remove_dir_all(path).is_ok()).count();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|kind| kind == "lock")) {
        let folder = path.with_extension("");
        if !folder.exists() && !is_held(&folder) {
            // It is of no use to anybody, and in nobody's way.
            fs::remove_file(path).ok();
        }
    }
    removed
}

/// The lock has its name only once it is held, and the folder comes after it.
fn hold(path: &Path) -> io::Result<File> {
    let beside = path.with_extension("new");
    let file = File::create(&beside)?;
    file.lock()?;
    fs::rename(&beside, lock(path))?;
    Ok(file)
}

fn is_held(path: &Path) -> bool {
    File::open(lock(path)).is_ok_and(|file| file.try_lock().is_err())
}

fn lock(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

fn all(course: &Course) -> PathBuf {
    course.temporary().join("running")
}
