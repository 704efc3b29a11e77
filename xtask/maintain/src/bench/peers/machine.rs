//! What was measured on, and what a process or a folder takes of it.

use std::{fs, path::Path, process::Command, thread};

use xtask::{files, process::call, trouble::Trouble};

/// The machine and the day, in words.
pub(crate) struct Machine {
    /// As `2026-11-28`.
    pub(crate) date: String,
    /// Processor, memory and system.
    pub(crate) words: String,
    /// The line of `rustc --version`.
    pub(crate) rustc: String,
    /// How many programs wanted a core in the last minute.
    pub(crate) load: String,
}

impl Machine {
    /// This machine, today.
    pub(crate) fn look() -> Result<Self, Trouble> {
        let model = value(&files::read(Path::new("/proc/cpuinfo"))?, "model name");
        let memory = value(&files::read(Path::new("/proc/meminfo"))?, "MemTotal");
        let memory: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let system = said("uname", &["-sr"])?;
        let load = files::read(Path::new("/proc/loadavg"))?;
        Ok(Self {
            date: said("date", &["-u", "+%Y-%m-%d"])?,
            words: format!("{cores} cores ({model}), {} GiB, {system}", memory / 1024 / 1024),
            rustc: said("rustc", &["--version"])?,
            load: load.split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}

/// The value of a line `name : value`.
fn value(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_prefix(':'));
    line.map_or_else(|| format!("unknown {name}"), |value| value.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> Result<String, Trouble> {
    let output = call::output(Command::new(program).args(arguments))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The most memory that the process with this number has held, in MiB; if it has another name, then that of its
/// descendant with this name.
pub(super) fn peak_memory(id: u32, name: &str) -> Result<u64, Trouble> {
    let mut left = vec![id.to_string()];
    while let Some(id) = left.pop() {
        // One that has just ended has no files.
        let Ok(status) = fs::read_to_string(format!("/proc/{id}/status")) else { continue };
        if value(&status, "Name") == name {
            let peak = value(&status, "VmHWM");
            let peak: Option<u64> = peak.trim_end_matches(" kB").parse().ok();
            return peak.map(|peak| peak.div_ceil(1024)).ok_or_else(|| unknown(name));
        }
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        left.extend(children.unwrap_or_default().split_whitespace().map(str::to_owned));
    }
    Err(unknown(name))
}

fn unknown(name: &str) -> Trouble {
    Trouble::Environment(format!("the system does not say how much memory `{name}` takes"))
}

/// What a folder takes on the disk, in MiB.
pub(super) fn size(folder: &Path) -> Result<u64, Trouble> {
    let output = call::output(Command::new("du").arg("-sm").arg(folder))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = said.split_whitespace().next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| Trouble::Environment(format!("du says nothing on {}", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_name() {
        let text = "processor\t: 0\nmodel name\t: A fast one\nMemTotal:  12 kB\n";
        assert_eq!(value(text, "model name"), "A fast one");
        assert_eq!(value(text, "MemTotal"), "12 kB");
        assert_eq!(value(text, "VmHWM"), "unknown VmHWM");
    }
}
