//! The disk, the file system, the memory.

use std::{fs, io, path::Path};

use crate::{
    files::{self, Remote},
    trouble::Trouble,
    verbs::doctor::finding::Finding,
};

/// Bytes that all steps, solutions and the book take below target/, with room to spare.
const DISK_NEEDED: u64 = 4 * 1024 * 1024 * 1024;

/// Bytes of memory below which two rustc and a linker at once may be too much.
const MEMORY_NEEDED: u64 = 4 * 1024 * 1024 * 1024;

pub(super) fn writable(root: &Path) -> Finding {
    let probe = root.join(".workshop").join("probe");
    let written = files::write(&probe, b"probe").and_then(|()| {
        fs::remove_file(&probe).map_err(|error| Trouble::io("remove", &probe, &error))
    });
    match written {
        Ok(()) => Finding::Good(format!("{} can be written", root.display())),
        Err(trouble) => Finding::Fix(
            trouble.to_string(),
            "Clone the workshop into a folder of your own, below your home.",
        ),
    }
}

pub(super) fn disk(root: &Path) -> Finding {
    match free_space(root) {
        Ok(free) if free >= DISK_NEEDED => {
            Finding::Good(format!("{} GB of disk are free", free >> 30))
        }
        Ok(free) => Finding::Fix(
            format!(
                "only {} MB of disk are free; the workshop needs {} GB",
                free >> 20,
                DISK_NEEDED >> 30
            ),
            "Make room, for example with `cargo clean` in other projects.",
        ),
        Err(error) => Finding::Warn(
            format!("free disk space is unknown: {error}"),
            "Make sure that a few GB are free.",
        ),
    }
}

/// Bytes that may still be written below the folder.
#[cfg(unix)]
#[allow(clippy::useless_conversion, reason = "both are 32 bits wide on macOS")]
fn free_space(folder: &Path) -> io::Result<u64> {
    let found = nix::sys::statvfs::statvfs(folder)?;
    Ok(u64::from(found.blocks_available()) * u64::from(found.fragment_size()))
}

/// Bytes that may still be written below the folder.
#[cfg(windows)]
fn free_space(folder: &Path) -> io::Result<u64> {
    fs4::available_space(folder)
}

pub(super) fn mount(root: &Path) -> Finding {
    let Some(remote) = files::remote_file_system(root) else {
        return Finding::Good("the file system tells about saved files".to_owned());
    };
    Finding::Warn(
        format!("the workshop lies on {}", remote.name()),
        match remote {
            Remote::Windows => {
                "Builds are slow, and `learn` and `watch` have to look for saves every second: clone below your Linux home (`~`)."
            }
            Remote::Network | Remote::Shared => {
                "Builds are slow, and `learn` and `watch` have to look for saves every second: clone to a disk of this system."
            }
        },
    )
}

pub(super) fn memory(total: Option<u64>) -> Finding {
    match total {
        Some(total) if total < MEMORY_NEEDED => Finding::Warn(
            format!("only {}.{} GB of memory", total >> 30, ((total * 10) >> 30) % 10),
            "Where cargo is ended for lack of memory, set the variable CARGO_BUILD_JOBS to 1: it then compiles one crate at a time.",
        ),
        Some(total) => Finding::Good(format!("{} GB of memory", total >> 30)),
        None => Finding::Good("how much memory there is, this system does not tell".to_owned()),
    }
}

/// macOS scans each new program before its first start, unless the terminal is one of these tools.
pub(super) fn scans() -> Option<Finding> {
    cfg!(target_os = "macos").then(|| {
        Finding::Warn(
            "macOS scans every program that you have just compiled, before it starts".to_owned(),
            "To spare the seconds: System Settings, Privacy & Security, Developer Tools: switch your terminal on there.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_memory_is_told_with_what_to_do() {
        let told = memory(Some(2_040_109_466));
        assert!(
            matches!(told, Finding::Warn(what, fix) if what == "only 1.9 GB of memory" && fix.contains("CARGO_BUILD_JOBS"))
        );
        assert!(matches!(memory(Some(8 << 30)), Finding::Good(what) if what == "8 GB of memory"));
    }
}
