//! What the server prints: kept within bounds, and searched for a panic.

use std::{
    io::Read,
    process::Child,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use protocol::listening::{self, Address};

/// The newest bytes of each stream are kept, at most twice as many; a server may print without end.
const KEPT: usize = 64 * 1024;

/// The two streams of one server, read as they come.
#[derive(Clone, Default)]
pub(crate) struct Output {
    shared: Arc<(Mutex<Text>, Condvar)>,
}

#[derive(Default)]
struct Text {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    line: Vec<u8>,
    address: Option<Address>,
    open: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

impl Output {
    /// Reads both streams of the child.
    pub(crate) fn read(child: &mut Child) -> Self {
        let output = Self::default();
        if let Some(stdout) = child.stdout.take() {
            output.collect(Stream::Out, stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            output.collect(Stream::Err, stderr);
        }
        output
    }

    /// Reads `source` on a thread of its own until it ends.
    fn collect(&self, stream: Stream, mut source: impl Read + Send + 'static) {
        self.lock().open += 1;
        let output = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = source.read(&mut buffer) {
                output.change(|text| text.add(stream, &buffer[..count]));
            }
            output.change(|text| text.open -= 1);
        });
    }

    /// Waits until the server has said where it listens, has ended, or the time is up.
    pub(crate) fn wait_for_address(&self, limit: Duration) -> Option<Address> {
        self.wait_until(limit, |text| text.address.is_some() || text.open == 0);
        self.lock().address.clone()
    }

    /// Waits for a panic's message, which is printed before the connection closes, to be read.
    pub(crate) fn wait_for_panic(&self, limit: Duration) -> Option<String> {
        self.wait_until(limit, |text| text.panic().is_some() || text.open == 0);
        self.lock().panic()
    }

    /// Whether an allocation has failed, as Rust says before it ends a program for it.
    pub(crate) fn lacks_memory(&self) -> bool {
        String::from_utf8_lossy(&self.lock().stderr)
            .lines()
            .any(|line| line.starts_with("memory allocation of ") && line.contains(" failed"))
    }

    /// Waits until both streams have ended and gives what was kept of them.
    pub(crate) fn wait_for_all(&self, limit: Duration) -> String {
        self.wait_until(limit, |text| text.open == 0);
        self.lock().all()
    }

    /// Whether both streams have ended, as they do when the process is gone.
    pub(crate) fn has_ended(&self) -> bool {
        self.lock().open == 0
    }

    /// The last lines of both streams, for a message.
    pub(crate) fn tail(&self) -> String {
        let all = self.lock().all();
        let lines: Vec<&str> = all.lines().filter(|line| !line.trim().is_empty()).collect();
        let short = |line: &&str| line.chars().take(200).collect::<String>();
        lines[lines.len().saturating_sub(8)..].iter().map(short).collect::<Vec<_>>().join("\n")
    }

    fn change(&self, change: impl FnOnce(&mut Text)) {
        change(&mut self.lock());
        self.shared.1.notify_all();
    }

    fn wait_until(&self, limit: Duration, done: impl Fn(&Text) -> bool) {
        let waited = self.shared.1.wait_timeout_while(self.lock(), limit, |text| !done(text));
        drop(waited);
    }

    fn lock(&self) -> MutexGuard<'_, Text> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Text {
    fn add(&mut self, stream: Stream, bytes: &[u8]) {
        if stream == Stream::Out && self.address.is_none() {
            self.look_for_address(bytes);
        }
        let kept = match stream {
            Stream::Out => &mut self.stdout,
            Stream::Err => &mut self.stderr,
        };
        kept.extend_from_slice(bytes);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }

    /// Reads on where the last bytes ended: what was printed before the line may be gone by then.
    fn look_for_address(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = listening::LONGEST.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                let line = String::from_utf8_lossy(&self.line);
                if let Some(address) = listening::parse(&line) {
                    self.address = Some(address);
                    return;
                }
                self.line.clear();
            }
        }
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&[&self.stdout[..], &self.stderr[..]].concat()).into_owned()
    }

    fn panic(&self) -> Option<String> {
        panic_in(&String::from_utf8_lossy(&self.stderr))
    }
}

/// The place and the message of the first panic: `src/main.rs:41: not yet implemented`.
///
/// ```text
/// thread 'tokio-rt-worker' (7) panicked at src/main.rs:41:9:
/// not yet implemented
/// note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
/// ```
fn panic_in(stderr: &str) -> Option<String> {
    let (_, after) = stderr.split_once(" panicked at ")?;
    let (place, rest) = after.split_once(":\n")?;
    // Without the note the message may still be on its way.
    let end = rest.find("\nnote: ")?;
    let file_and_line = place.rsplit_once(':').map_or(place, |(line, _column)| line);
    Some(format!("{}: {}", below_the_crate(file_and_line), rest[..end].trim()))
}

/// Of a file in somebody's crate only `axum-0.8.9/src/…`, and of the standard library `core/src/…`: where they are kept
/// tells a learner nothing.
fn below_the_crate(place: &str) -> String {
    let place_in_a_crate = place.replace('\\', "/");
    let in_registry = place_in_a_crate.split_once("/registry/src/");
    let of_the_crate = in_registry.and_then(|(_, rest)| rest.split_once('/'));
    let is_std = place.starts_with("/rustc/") || place_in_a_crate.contains("/rustlib/src/rust/");
    let of_std = place_in_a_crate.rsplit_once("/library/").filter(|_| is_std);
    of_the_crate.or(of_std).map_or_else(|| place.to_owned(), |(_, below)| below.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_its_place_and_message() {
        let stderr = "hello\n\nthread 'main' (1) panicked at src/main.rs:41:9:\nnot yet implemented: x\nnote: run with `RUST_BACKTRACE=1`\n";
        assert_eq!(panic_in(stderr).as_deref(), Some("src/main.rs:41: not yet implemented: x"));
    }

    #[test]
    fn a_panic_in_the_standard_library_is_told_without_its_folder() {
        for folder in ["/rustc/59807616e1fa/", r"C:\rust\lib\rustlib\src\rust\"] {
            let place = format!("{folder}library/core/src/str/mod.rs:849:21");
            let stderr = format!("thread 'main' (1) panicked at {place}:\nno\nnote: x");
            assert_eq!(panic_in(&stderr).as_deref(), Some("core/src/str/mod.rs:849: no"));
        }
        let stderr = "thread 'main' (1) panicked at library/src/main.rs:1:2:\nno\nnote: x";
        assert_eq!(panic_in(stderr).as_deref(), Some("library/src/main.rs:1: no"));
    }

    #[test]
    fn a_panic_in_a_crate_is_told_without_the_folder_of_all_crates() {
        for home in ["/home/ann/.cargo/registry/src/index-1f/", r"C:\ann\registry\src\index-1f\"] {
            let stderr = format!(
                "thread 'main' (1) panicked at {home}axum-0.8.9/src/a.rs:7:5:\nno\nnote: x"
            );
            assert_eq!(panic_in(&stderr).as_deref(), Some("axum-0.8.9/src/a.rs:7: no"));
        }
    }

    #[test]
    fn half_a_panic_is_waited_for() {
        assert_eq!(panic_in("thread 'main' panicked at src/main.rs:41:9:\nnot yet"), None);
    }

    #[test]
    fn of_output_without_end_the_newest_is_kept() {
        let output = Output::default();
        let much = std::io::repeat(b'x').take(100 * 1024 * 1024);
        output.collect(Stream::Out, much.chain(&b"the end"[..]));
        let kept = output.wait_for_all(Duration::from_secs(30));
        assert!(output.has_ended() && kept.len() <= 2 * KEPT && kept.ends_with("the end"));
    }

    #[test]
    fn the_address_is_noted_after_much_other_output() {
        let output = Output::default();
        let much = std::io::repeat(b'x').take(1024 * 1024);
        let line = &b"\nListening on http://127.0.0.1:7\n"[..];
        output
            .collect(Stream::Out, much.chain(line).chain(std::io::repeat(b'x').take(1024 * 1024)));
        let address = output.wait_for_address(Duration::from_secs(30));
        assert_eq!(address.and_then(|address| address.port), Some(7));
    }

    #[test]
    fn the_address_counts_only_as_a_whole_line() {
        let address = |pieces: &[&str]| {
            let mut text = Text::default();
            for piece in pieces {
                text.add(Stream::Out, piece.as_bytes());
            }
            text.address.map(|address| address.url)
        };
        assert_eq!(address(&["hello\nListen", "ing on a", "b\r\n"]).as_deref(), Some("ab"));
        assert_eq!(address(&["Listening on a"]), None);
        assert_eq!(address(&["not Listening on a\n"]), None);
    }
}
