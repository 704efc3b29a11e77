//! Reading and writing so that nothing is lost: whole files, by rename, with a reason when it fails.

use std::{
    cmp::Ordering,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use serde::Serialize;

use crate::trouble::Trouble;

/// Writes beside `path` and renames, so that a reader sees the old file or the new one.
pub fn write(path: &Path, contents: &[u8]) -> Result<(), Trouble> {
    #[expect(clippy::disallowed_methods, reason = "this is the call that writes all or nothing")]
    renamed(path, "write", |beside| fs::write(beside, contents))
}

/// The same for what nobody else on this machine may read.
pub fn write_private(path: &Path, contents: &[u8]) -> Result<(), Trouble> {
    renamed(path, "write", |beside| private().open(beside)?.write_all(contents))
}

/// Copies the file with its permissions, so that a reader sees the old file or the new one.
pub fn copy(from: &Path, to: &Path) -> Result<(), Trouble> {
    renamed(to, "copy", |beside| fs::copy(from, beside).map(drop))
}

/// Makes a file beside `path` and gives it that name.
fn renamed(
    path: &Path,
    what: &'static str,
    make: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Trouble> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // Two terminals may write the same file; each renames its own.
    name.push(format!(".{}.new", process::id()));
    let beside = path.with_file_name(name);
    make(&beside).and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        // Half a file is of no use to anybody; if even this fails, the first error says why.
        fs::remove_file(&beside).ok();
        Trouble::io(what, path, &error)
    })
}

/// A new file that is nobody else's from its first byte on.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether [`write()`] gives this name to what it is about to rename: `main.rs.4711.new`.
pub fn is_unfinished(name: &str) -> bool {
    let number = name.strip_suffix(".new").and_then(|name| name.rsplit_once('.'));
    number.is_some_and(|(_, number)| number.parse::<u32>().is_ok())
}

/// Removes what a call of [`write()`] that was killed has left in the folder: what is younger may still be renamed.
pub fn remove_unfinished(folder: &Path) -> Result<(), Trouble> {
    if !folder.is_dir() {
        return Ok(());
    }
    for path in in_folder(folder)? {
        let named = path.file_name().and_then(|name| name.to_str()).is_some_and(is_unfinished);
        if named && is_forgotten(&path) {
            fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
        }
    }
    Ok(())
}

/// Whether the file is older than any that is still to be renamed.
pub fn is_forgotten(path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|data| data.modified()).ok();
    let age = written.and_then(|written| written.elapsed().ok());
    age.is_some_and(|age| age > A_WRITE)
}

/// Far longer than it takes to write a file.
const A_WRITE: Duration = Duration::from_mins(1);

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
    paths.sort_by(|one, other| in_order(one, other));
    Ok(paths)
}

/// Every regular file below `folder`, sorted; no file if there is no such folder. A link to a file counts as one. A link
/// to a folder is not followed, since it may lead back here; and what nobody can read to an end, such as a FIFO, is left
/// out.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = Vec::new();
    add_below(folder, &mut files)?;
    files.sort_by(|one, other| in_order(one, other));
    Ok(files)
}

/// As text: part by part, paths take longer to compare than their files to read.
fn in_order(one: &Path, other: &Path) -> Ordering {
    one.as_os_str().cmp(other.as_os_str())
}

fn add_below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let failed = |error: io::Error| Trouble::io("read", folder, &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
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
            add_below(&path, files)?;
        } else if kind.is_file() || kind.is_symlink() && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// A file system that does not tell about changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remote {
    /// Windows' disks, seen from WSL.
    Windows,
    /// Another machine's.
    Network,
    /// What a virtual machine shares with the machine that it runs on.
    Shared,
}

impl Remote {
    /// `the workshop lies on …`
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "a disk of Windows, seen from WSL",
            Self::Network => "a network drive",
            Self::Shared => "a folder that another system shares",
        }
    }
}

/// Which of these `folder` lies on, if it is one.
pub fn remote_file_system(folder: &Path) -> Option<Remote> {
    remote_among(&fs::read_to_string("/proc/mounts").ok()?, folder)
}

fn remote_among(mounts: &str, folder: &Path) -> Option<Remote> {
    let mount = |line: &str| {
        let mut words = line.split(' ');
        let (device, point, kind) = (words.next()?, words.next()?, words.next()?);
        // A space is written like this.
        let point = point.replace("\\040", " ");
        let options = words.next().unwrap_or_default();
        let remote = match kind {
            "drvfs" => Some(Remote::Windows),
            "9p" | "virtiofs" if format!("{device} {options}").contains("drvfs") => {
                Some(Remote::Windows)
            }
            "9p" | "vboxsf" => Some(Remote::Shared),
            "cifs" | "fuse.sshfs" | "nfs" | "nfs4" | "smb3" => Some(Remote::Network),
            _ => None,
        };
        folder.starts_with(&point).then_some((point.len(), remote))
    };
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth)?.1
}

#[cfg(test)]
mod tests {
    use std::{fs::File, time::SystemTime};

    use super::*;

    #[test]
    fn a_mount_is_known_by_its_kind() {
        let mounts = "/dev/sda / ext4 rw 0 0\n\
                      C:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\ 0 0\n\
                      drvfsa /mnt/d virtiofs rw 0 0\n\
                      host /mnt/my\\040share vboxsf rw 0 0\n\
                      nas:/x /home/nas nfs4 rw 0 0\n";
        for (folder, remote) in [
            ("/home/ada/rust", None),
            ("/mnt/c/Users/ada", Some(Remote::Windows)),
            ("/mnt/d/rust", Some(Remote::Windows)),
            ("/mnt/my share/rust", Some(Remote::Shared)),
            ("/home/nas/rust", Some(Remote::Network)),
            ("/mnt/cc", None),
        ] {
            assert_eq!(remote_among(mounts, Path::new(folder)), remote, "{folder}");
        }
    }

    #[test]
    fn what_a_killed_call_has_left_is_removed_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("workshop-files-{}", process::id()));
        let names = ["main.rs", "main.rs.1.new", "main.rs.2.new", "notes.new"];
        let before = SystemTime::now() - 2 * A_WRITE;
        for name in names {
            let path = folder.join(name);
            write(&path, b"x").unwrap_or_else(|trouble| panic!("{trouble}"));
            if name != "main.rs.2.new" {
                let file = File::options().append(true).open(&path);
                file.and_then(|file| file.set_modified(before)).expect("it is ours");
            }
        }
        remove_unfinished(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
        let left = names.map(|name| folder.join(name).exists());
        assert_eq!(left, [true, false, true, true]);
        fs::remove_dir_all(folder).expect("nothing holds it");
    }
}
