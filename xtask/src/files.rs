//! Reading and writing so that nothing is lost: whole files, by rename, with a reason when it fails.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

use serde::Serialize;

use crate::trouble::Trouble;

/// Writes beside `path` and renames, so that a reader sees the old file or the new one.
pub fn write(path: &Path, contents: &[u8]) -> Result<(), Trouble> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // Two terminals may write the same file; each renames its own.
    name.push(format!(".{}.new", process::id()));
    let beside = path.with_file_name(name);
    #[expect(clippy::disallowed_methods, reason = "this is the call that writes all or nothing")]
    let written = fs::write(&beside, contents).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // Half a file is of no use to anybody; if even this fails, the first error says why.
        fs::remove_file(&beside).ok();
        Trouble::io("write", path, &error)
    })
}

/// Writes the value as JSON that people can read, in the same way.
pub fn write_json(path: &Path, value: &(impl Serialize + ?Sized)) -> Result<(), Trouble> {
    write(path, (json(value)? + "\n").as_bytes())
}

/// The value as JSON that people can read.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Trouble> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Trouble::Environment(format!("this is not to be had as JSON: {error}")))
}

/// The file's text.
pub fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| Trouble::io("read", path, &error))
}

/// Makes the folder and those above it.
pub fn create_folder(folder: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(folder).map_err(|error| Trouble::io("create", folder, &error))
}

/// What lies directly in `folder`, sorted.
pub fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let entries = fs::read_dir(folder).map_err(|error| Trouble::io("read", folder, &error))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths
        .collect::<io::Result<Vec<_>>>()
        .map_err(|error| Trouble::io("read", folder, &error))?;
    paths.sort();
    Ok(paths)
}

/// Every regular file below `folder`, sorted; no file if there is no such folder. A link to a file counts as one. A link
/// to a folder is not followed, since it may lead back here; and what nobody can read to an end, such as a FIFO, is left
/// out.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let failed = |error: io::Error| Trouble::io("read", folder, &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            // Editors' own files come and go.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        if kind.is_dir() {
            files.extend(below(&path)?);
        } else if kind.is_file() || kind.is_symlink() && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The kind of the file system that `folder` lies on, if it is one that does not tell about changes:
/// a network mount, or Windows' disks seen from WSL.
pub fn remote_file_system(folder: &Path) -> Option<String> {
    const REMOTE: [&str; 8] =
        ["9p", "cifs", "drvfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "vboxsf"];
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mount = |line: &str| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?.to_owned(), words.next()?.to_owned());
        folder.starts_with(&point).then_some((point.len(), kind))
    };
    let (_, kind) = mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth)?;
    REMOTE.contains(&kind.as_str()).then_some(kind)
}
