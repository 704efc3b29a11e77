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
        return a_workshop(root, archive);
    }
    if let Some(folder) = path.filter(|path| path.is_dir())
        && !(is_clone && folder.join(".git").exists())
    {
        return a_workshop(folder.to_owned(), folder);
    }
    let remotes = if is_clone { remotes(course)? } else { Vec::new() };
    // An address has a colon, or is a folder: anything else is a file that is not here.
    if let Some(name) = from.filter(|name| !name.contains(':'))
        && !remotes.iter().any(|remote| remote == name)
        && !Path::new(name).exists()
    {
        return Err(Trouble::Usage(format!(
            "`{name}` is no file or folder here, and no remote of git either"
        )));
    }
    let remote = match from {
        Some(remote) if is_clone => Some(remote.to_owned()),
        None => default_remote(&remotes),
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
    if !call::succeeds(git().args(["fetch", "--quiet", remote, "HEAD"]))? {
        return Err(Trouble::Environment(format!(
            "git could not fetch from `{remote}`: see above. Nothing was changed.\n\
             Next:  without a network, name an archive: cargo xtask update workshop-offline.tar.gz"
        )));
    }
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

fn remotes(course: &Course) -> Result<Vec<String>, Trouble> {
    let mut git = Command::new("git");
    git.arg("remote").current_dir(&course.root).stderr(Stdio::null());
    let output = call::output(&mut git)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

fn default_remote(remotes: &[String]) -> Option<String> {
    let named = |name: &&str| remotes.iter().any(|remote| remote == *name);
    ["upstream", "origin"].into_iter().find(named).map(str::to_owned)
}

fn a_workshop(root: PathBuf, from: &Path) -> Result<Newer, Trouble> {
    if root.join("steps").is_dir() && root.join("xtask").is_dir() {
        return Ok(Newer { root: Some(root), name: from.display().to_string() });
    }
    Err(Trouble::Usage(format!("there is no workshop in {}", from.display())))
}
