//! Where a newer workshop comes from: a remote of git, an archive, or a folder.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{course::Course, files, process::call, trouble::Trouble};

/// A workshop that may be newer.
pub struct Newer {
    /// Its folder; none if this workshop has all of it already.
    pub root: Option<PathBuf>,
    /// What it is called.
    pub name: String,
}

/// Fetches it into this folder, which is empty, unless it is in a folder already.
pub fn fetch(course: &Course, from: Option<&str>, into: &Path) -> Result<Newer, Trouble> {
    // In a folder of somebody else's repository git would take theirs.
    let is_clone = course.root.join(".git").exists();
    let path = from.map(Path::new);
    if let Some(archive) = path.filter(|path| path.is_file()) {
        unpack(archive, "-xz", into)?;
        let root = files::in_folder(into)?.into_iter().find(|path| path.is_dir());
        let root = root.ok_or_else(|| {
            Trouble::Usage(format!("{} has no folder with a workshop in it", archive.display()))
        })?;
        return Ok(Newer { root: Some(root), name: archive.display().to_string() });
    }
    if let Some(folder) = path.filter(|path| path.is_dir())
        && !(is_clone && folder.join(".git").exists())
    {
        return Ok(Newer { root: Some(folder.to_owned()), name: folder.display().to_string() });
    }
    let remote = match from {
        Some(remote) if is_clone => Some(remote.to_owned()),
        None if is_clone => default_remote(course)?,
        _ => None,
    };
    let remote = remote.ok_or_else(|| {
        Trouble::Usage(
            "there is no remote of git to update from. Name an archive or a folder, or in a clone an address: \
             `cargo xtask update workshop-offline.tar.gz`"
                .to_owned(),
        )
    })?;
    let root = from_git(course, &remote, into)?;
    Ok(Newer { root, name: format!("`{remote}`") })
}

fn from_git(course: &Course, remote: &str, into: &Path) -> Result<Option<PathBuf>, Trouble> {
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(&course.root);
        git
    };
    call::must_succeed(git().args(["fetch", "--quiet", remote, "HEAD"]))?;
    // The learner's own fork may be behind their folder: that is nothing to go back to.
    let is_known = git()
        .args(["merge-base", "--is-ancestor", "FETCH_HEAD", "HEAD"])
        .stderr(Stdio::null())
        .status();
    if is_known.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let tar = into.join("newer.tar");
    call::must_succeed(
        git().args(["archive", "FETCH_HEAD", "--format=tar", "--output"]).arg(&tar),
    )?;
    let root = into.join("newer");
    files::create_folder(&root)?;
    unpack(&tar, "-x", &root)?;
    Ok(Some(root))
}

/// Through a pipe: to some tars, what is before a colon in a name (`C:`) is another machine.
fn unpack(archive: &Path, flags: &str, into: &Path) -> Result<(), Trouble> {
    let file = File::open(archive).map_err(|error| Trouble::io("open", archive, &error))?;
    let mut tar = Command::new("tar");
    let status = tar.args([&format!("{flags}f"), "-"]).current_dir(into).stdin(file).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Trouble::Usage(format!("{} is no archive of a workshop", archive.display()))),
        Err(error) => Err(call::could_not_start(&tar, &error)),
    }
}

fn default_remote(course: &Course) -> Result<Option<String>, Trouble> {
    let mut git = Command::new("git");
    git.arg("remote").current_dir(&course.root).stderr(Stdio::null());
    let remotes = call::output(&mut git)?;
    let remotes = String::from_utf8_lossy(&remotes.stdout).into_owned();
    let named = |name: &&str| remotes.lines().any(|remote| remote == *name);
    Ok(["upstream", "origin"].into_iter().find(named).map(str::to_owned))
}
