//! What cargo is doing, in one line: a wall of names of crates tells a learner nothing.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

/// Shows what cargo is doing, in one line of a terminal, and returns all that it said.
pub(super) fn relay(stderr: impl Read) -> String {
    let terminal = io::stderr().is_terminal();
    let mut said = String::new();
    let mut count = 0;
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let busy = ["Compiling", "Downloading", "Downloaded", "Updating", "Blocking"];
        if busy.iter().any(|word| line.trim_start().starts_with(word)) {
            count += 1;
            show(terminal, count, &line);
        }
        said.push_str(&line);
        said.push('\n');
    }
    if terminal && count > 0 {
        show_raw("\r\x1b[2K");
    }
    said
}

fn show(terminal: bool, count: usize, line: &str) {
    if terminal {
        let line: String = line.trim().chars().take(60).collect();
        show_raw(&format!("\r\x1b[2K  {line} … ({count})"));
    } else {
        show_raw(&format!("{line}\n"));
    }
}

/// Writes to standard error as it is.
pub(super) fn show_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    // A closed terminal must not stop the build.
    stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).ok();
}
