//! Whose a process is, where the system lets us ask: on Linux every process that a group starts has a variable with the
//! group's mark, even one that has left the group by `setsid` or outlived us.
//!
//! A mark is `PID-START-COUNT`: our number, the time at which we started (a number alone may soon be somebody else's), and
//! which of our groups it is.

pub use system::{end, end_orphans, mark, owner, unmark};

#[cfg(target_os = "linux")]
mod system {
    use std::{
        fs::{self, File},
        io::Read,
        process::{self, Command},
        sync::{
            OnceLock,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };

    const VARIABLE: &str = "WORKSHOP_OWNER";

    /// Bytes of an environment that are looked at; what we start has far less.
    const LONGEST_ENVIRONMENT: usize = 256 * 1024;

    /// A process that forks while it is looked for is found the next time, at the latest after so many.
    const MOST_ROUNDS: usize = 50;

    /// This process, as marks name it.
    pub fn owner() -> &'static str {
        static OWNER: OnceLock<String> = OnceLock::new();
        OWNER.get_or_init(|| {
            let id = process::id();
            format!("{id}-{}", started(&id.to_string()).unwrap_or_default())
        })
    }

    /// Marks what the command will start; the mark is this command's alone.
    pub fn mark(command: &mut Command) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let mark = format!("{}-{}", owner(), COUNT.fetch_add(1, Ordering::Relaxed));
        command.env(VARIABLE, &mark);
        mark
    }

    /// What the command will start has no mark, although we may have one.
    pub fn unmark(command: &mut Command) {
        command.env_remove(VARIABLE);
    }

    /// Ends every process with this mark, or with any mark of this owner.
    pub fn end(mark_or_owner: &str) -> usize {
        let all = format!("{mark_or_owner}-");
        end_marked(|mark| mark == mark_or_owner || mark.starts_with(&all))
    }

    /// Ends every process whose owner has ended without ending it; gives their number.
    pub fn end_orphans() -> usize {
        end_marked(|mark| {
            let owner = mark.rsplit_once('-').and_then(|(owner, _)| owner.split_once('-'));
            owner.is_some_and(|(id, start)| started(id).as_deref() != Some(start))
        })
    }

    fn end_marked(is_meant: impl Fn(&str) -> bool) -> usize {
        let mut ended = 0;
        for _ in 0..MOST_ROUNDS {
            let found = marked(&is_meant);
            if found.is_empty() {
                break;
            }
            ended += found.iter().filter(|id| kill(**id, Signal::SIGKILL).is_ok()).count();
        }
        ended
    }

    fn marked(is_meant: &impl Fn(&str) -> bool) -> Vec<Pid> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        // In a container numbers mean something else, and so does the mark of what runs there.
        let here = fs::read_link("/proc/self/ns/pid").ok();
        let this = process::id().cast_signed();
        let mut room = vec![0; LONGEST_ENVIRONMENT];
        let mut found = Vec::new();
        for name in entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
            let Some(id) = name.parse().ok().filter(|id| *id != this) else { continue };
            if let Some(mark) = mark_of(&name, &mut room)
                && is_meant(&mark)
                && fs::read_link(format!("/proc/{name}/ns/pid")).ok() == here
            {
                found.push(Pid::from_raw(id));
            }
        }
        found
    }

    /// The mark of the process with this number; most have none, so this has to be quick.
    fn mark_of(id: &str, room: &mut [u8]) -> Option<String> {
        let mut file = File::open(format!("/proc/{id}/environ")).ok()?;
        let mut length = 0;
        while let Ok(more @ 1..) = file.read(&mut room[length..]) {
            length += more;
        }
        let environment = String::from_utf8_lossy(&room[..length]);
        let mut values = environment
            .split('\0')
            .filter_map(|variable| variable.strip_prefix(VARIABLE)?.strip_prefix('='));
        values.next().map(str::to_owned)
    }

    /// When the process started, in the system's ticks; nothing if it has ended.
    fn started(id: &str) -> Option<String> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name in brackets may have anything in it; the state follows, and 19 fields later the time.
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let has_ended = matches!(fields.next()?, "Z" | "X");
        fields.nth(18).filter(|_| !has_ended).map(str::to_owned)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::{process, process::Command, sync::OnceLock};

    /// This process.
    pub fn owner() -> &'static str {
        static OWNER: OnceLock<String> = OnceLock::new();
        OWNER.get_or_init(|| process::id().to_string())
    }

    /// There is no mark that could be looked for.
    pub fn mark(_command: &mut Command) -> String {
        owner().to_owned()
    }

    /// Nobody is marked.
    pub fn unmark(_command: &mut Command) {}

    /// Nobody is marked.
    pub fn end(_mark_or_owner: &str) -> usize {
        0
    }

    /// Nobody is marked.
    pub fn end_orphans() -> usize {
        0
    }
}
