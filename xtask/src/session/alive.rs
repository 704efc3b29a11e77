//! Notes that one program leaves for another, and that count only while their writer lives: a number of a
//! process or of a port may belong to somebody else by the time it is read.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::{course::Course, files, trouble::Trouble};

/// A note that counts: dropping it takes it back, and so does the end of the process, however it ends.
pub struct Alive {
    path: PathBuf,
    /// The system lets go of the lock with the process, even with one that is killed.
    _locked: File,
}

impl Alive {
    /// Leaves the note in `folder`.
    pub fn note(folder: &Path, note: &impl Serialize) -> Result<Self, Trouble> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        files::create_folder(folder)?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}.json", process::id()));
        let beside = path.with_extension("new");
        let text = serde_json::to_vec(note).map_err(|error| {
            Trouble::Environment(format!("could not write {}: {error}", path.display()))
        })?;
        // It has its name only once it is locked: nobody sees it without the lock. The lock is a shared
        // one, since Windows lets nobody read under the other kind.
        #[expect(
            clippy::disallowed_methods,
            reason = "it gets its name only after the lock, below"
        )]
        let locked = fs::write(&beside, text).and_then(|()| {
            let file = File::open(&beside)?;
            file.lock_shared()?;
            fs::rename(&beside, &path)?;
            Ok(file)
        });
        let locked = locked.map_err(|error| Trouble::io("write", &path, &error))?;
        Ok(Self { path, _locked: locked })
    }

    /// Whether others can see it: somebody may have deleted the folder.
    pub fn is_there(&self) -> bool {
        self.path.exists()
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            eprintln!("could not remove {}: {error}", self.path.display());
        }
    }
}

/// Where this checkout's notes lie.
pub fn folder(course: &Course) -> PathBuf {
    course.temporary().join("alive")
}

/// The notes in `folder` whose writers live, oldest first; others are removed or left out.
pub fn notes<T: DeserializeOwned>(folder: &Path) -> Vec<T> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<(_, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let path = entry.path();
            let is_note = path.extension().is_some_and(|extension| extension == "json");
            is_note.then(|| (entry.metadata().and_then(|data| data.modified()).ok(), path))
        })
        .collect();
    paths.sort();
    paths.iter().filter_map(|(_, path)| read(path)).collect()
}

/// Waits until the writer of every note that lies in `folder` now has ended.
pub fn wait_for_end(folder: &Path) {
    for path in files::in_folder(folder).unwrap_or_default() {
        let is_note = path.extension().is_some_and(|extension| extension == "json");
        // The writer holds it for as long as it lives.
        if is_note && File::open(&path).is_ok_and(|file| file.lock().is_ok()) {
            fs::remove_file(&path).ok();
        }
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let file = File::open(path).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => serde_json::from_reader(file).ok(),
        Ok(()) => {
            // Its writer has ended; if it cannot be removed, it still does not count.
            fs::remove_file(path).ok();
            None
        }
        Err(TryLockError::Error(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("workshop-alive-{}-{name}", process::id()));
        files::create_folder(&folder).expect("a folder");
        folder
    }

    #[test]
    fn a_note_counts_until_it_is_taken_back() {
        let folder = folder("taken-back");
        let one = Alive::note(&folder, &1).expect("a note");
        let two = Alive::note(&folder, &2).expect("a note");
        assert_eq!(notes::<u8>(&folder), [1, 2]);
        drop(one);
        assert_eq!(notes::<u8>(&folder), [2]);
        drop(two);
        fs::remove_dir(&folder).expect("nothing is left");
    }

    #[test]
    fn a_note_that_nobody_holds_does_not_count_and_is_removed() {
        let folder = folder("nobody");
        let path = folder.join("1-0.json");
        files::write(&path, b"1").expect("a file");
        assert!(notes::<u8>(&folder).is_empty() && !path.exists());
        fs::remove_dir(&folder).expect("nothing is left");
    }

    #[test]
    fn a_note_of_another_shape_does_not_count() {
        let folder = folder("shape");
        let held = Alive::note(&folder, &"words").expect("a note");
        assert!(notes::<u8>(&folder).is_empty());
        drop(held);
        fs::remove_dir(&folder).expect("nothing is left");
    }
}
