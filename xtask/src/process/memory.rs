//! How much memory there is to compile with.

use std::{fs, process::Command};

/// Bytes of memory that this machine, or the container that we are in, has; unknown where the system does not tell.
pub fn total() -> Option<u64> {
    let limit = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let limit = limit.and_then(|limit| limit.trim().parse().ok());
    machine().map(|machine| limit.map_or(machine, |limit: u64| limit.min(machine)))
}

fn machine() -> Option<u64> {
    if cfg!(target_os = "macos") {
        let said = Command::new("sysctl").args(["-n", "hw.memsize"]).output().ok()?;
        return String::from_utf8_lossy(&said.stdout).trim().parse().ok();
    }
    in_meminfo(&fs::read_to_string("/proc/meminfo").ok()?)
}

/// `MemTotal:        2014112 kB`
fn in_meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_linux_writes_it() {
        let text = "MemTotal:        2014112 kB\nMemFree:  1 kB\n";
        assert_eq!(in_meminfo(text), Some(2_014_112 * 1024));
        assert_eq!(in_meminfo("MemFree: 1 kB\n"), None);
    }
}
