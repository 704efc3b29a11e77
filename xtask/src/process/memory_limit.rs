//! How much memory a server may have: a mistake in it must not take the learner's whole machine along.
//!
//! On Linux it is RLIMIT_DATA, which counts private memory that can be written. RLIMIT_AS would count what is only
//! reserved, such as the heaps that glibc keeps for each thread; and a control group needs rights that a learner may not
//! have. On other systems nothing alike can be had without a program of its own.

use std::{num::NonZero, path::Path, process::Command, thread};

use protocol::environment;

/// The program that can set the limit for itself and then become a different one.
const SHELL: &str = "/bin/sh";

/// `sh -c … PROGRAM LIMIT ARGUMENT…`; a limit that is lower already stays.
const BECOME: &str = r#"ulimit -S -d "$1" 2>/dev/null; shift; exec "$0" "$@""#;

/// For all but hashes, in MiB: above all the stacks of tokio's threads, 512 of 2 MiB.
const BASE: usize = 2048;

/// What a password's hash may cost at most, in MiB. A server makes as many at once as there are cores.
const HASH: usize = 256;

/// A command that runs this program, a server or what starts servers, with as much memory as a server may have.
pub fn limited(program: &Path) -> Command {
    let Some(limit) = limit() else { return Command::new(program) };
    let mut command = Command::new(SHELL);
    command.args(["-c", BECOME]).arg(program).arg((limit * 1024).to_string());
    command.env(environment::MEMORY, in_words(limit));
    command
}

/// What to add to this line of a server's output: why there was no more memory.
pub fn note_on(line: &str) -> Option<String> {
    let limit = limit().filter(|_| line.starts_with("memory allocation of "))?;
    Some(format!("A server may have {} of memory here.", in_words(limit)))
}

fn limit() -> Option<usize> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    (cfg!(target_os = "linux") && Path::new(SHELL).exists()).then_some(BASE + cores * HASH)
}

fn in_words(limit: usize) -> String {
    format!("{limit} MiB")
}
