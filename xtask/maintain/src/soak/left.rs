//! What a `watch` has left behind, and how much memory it has.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use xtask::{
    course::{Course, Step, Whose},
    files,
    trouble::Trouble,
};

use crate::soak::program::SLEEP;

/// In words, all that should not be there any more; `before` is what lay in the step's folder at first.
pub(crate) fn behind(
    course: &Course,
    step: &Step,
    port: Option<u16>,
    before: &[std::path::PathBuf],
) -> Result<Vec<String>, Trouble> {
    let mut left = processes(&course.root);
    if let Some(port) = port.filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_err())
    {
        left.push(format!("somebody still has port {port}"));
    }
    let more = files::below(&step.folder(Whose::Learner))?.into_iter();
    let more = more.filter(|path| !before.contains(path));
    let temporary = files::below(&course.temporary().join("running"))?;
    let notes = files::below(&course.temporary().join("alive"))?;
    left.extend(more.chain(temporary).chain(notes).map(|path| path.display().to_string()));
    Ok(left)
}

/// Processes of this checkout's programs, and those that a server has started; none where the system does not tell.
fn processes(root: &Path) -> Vec<String> {
    let all = files::in_folder(Path::new("/proc")).unwrap_or_default().into_iter();
    let is_left = |path: &std::path::PathBuf| {
        let of_checkout = fs::read_link(path.join("exe")).is_ok_and(|exe| exe.starts_with(root));
        let command = fs::read(path.join("cmdline")).unwrap_or_default();
        let sleeps = command.split(|byte| *byte == 0).any(|word| word == SLEEP.as_bytes());
        of_checkout || sleeps
    };
    all.filter(is_left).map(|path| format!("process {}", path.display())).collect()
}

/// The memory that the process holds, in KiB, where the system tells.
pub(crate) fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        process::Command,
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn a_process_that_a_server_has_left_is_seen() {
        let seen = |id: u32| {
            let name = format!("process /proc/{id}");
            processes(Path::new("/no/such/folder")).contains(&name)
        };
        let mut left = Command::new("sleep").arg(SLEEP).spawn().expect("there is `sleep`");
        let id = left.id();
        // A process that has just begun has no arguments yet.
        let until = Instant::now() + Duration::from_secs(30);
        while !seen(id) && Instant::now() < until {
            thread::yield_now();
        }
        let was_seen = seen(id);
        left.kill().and_then(|()| left.wait()).expect("it is ours");
        assert!(was_seen && !seen(id));
        assert!(memory(std::process::id()).is_some_and(|memory| memory > 0));
    }
}
