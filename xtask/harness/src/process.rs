//! The learner's server as a process: started, asked why it does not answer, killed.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use protocol::{environment, finding::Kind};

use crate::{failure::Failure, message::RESPONSE_LIMIT, output::Output, users_file::UsersFile};

/// How long a server may take to report that it is listening.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait for a panic's message after a connection has broken off.
const PANIC_LIMIT: Duration = Duration::from_millis(500);

/// A running server, killed when dropped.
pub(crate) struct Process {
    child: Mutex<Child>,
    address: SocketAddr,
    output: Output,
    users: Option<UsersFile>,
    is_as_run: bool,
    has_changed: AtomicBool,
    requests: AtomicUsize,
}

impl Process {
    /// Starts the command on a free port and waits, at most 10 s, for its line
    /// `Listening on http://127.0.0.1:PORT`. The users' file lives as long as the process.
    pub(crate) fn start(
        mut command: Command,
        users: Option<UsersFile>,
        is_as_run: bool,
    ) -> Result<Self, Failure> {
        let mut child = command
            .env("PORT", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::ours(format!("could not start {command:?}: {error}")))?;
        let output = Output::read(&mut child);
        let child = Mutex::new(child);
        let has_changed = AtomicBool::new(false);
        let requests = AtomicUsize::new(0);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut process = Self { child, address, output, users, is_as_run, has_changed, requests };
        let Some(printed) = process.output.wait_for_address(START_LIMIT) else {
            return Err(process.did_not_start());
        };
        match printed.port {
            Some(0) => return Err(no_port(&printed.url)),
            Some(port) if is_open_to_others(port) => return Err(open_to_others(&printed.url)),
            Some(port) => process.address.set_port(port),
            None => return Err(another_address(&printed.url)),
        }
        Ok(process)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether `cargo xtask run` starts the same, and no request has changed it since, so that a request by hand is
    /// answered as it is here.
    pub(crate) fn is_as_run(&self) -> bool {
        self.is_as_run && !self.has_changed.load(Ordering::Relaxed)
    }

    /// Counts a request; returns how many came before it.
    pub(crate) fn note_request(&self) -> usize {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// A request was granted that changes what later ones are about (a login only adds a token).
    pub(crate) fn note_change(&self) {
        self.has_changed.store(true, Ordering::Relaxed);
    }

    /// The number that the system knows it by.
    pub(crate) fn id(&self) -> u32 {
        self.child.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    /// Stops it, whatever it is doing, and gives all that it has printed.
    pub(crate) fn printed(&self) -> Result<String, Failure> {
        let stopped = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        stopped.map_err(|e| Failure::ours(format!("could not stop the server: {e}")))?;
        Ok(self.output.wait_for_all(RESPONSE_LIMIT))
    }

    /// Whether it runs, and no handler of it has panicked.
    pub(crate) fn is_sound(&self) -> bool {
        !self.output.has_ended() && self.output.wait_for_panic(Duration::ZERO).is_none()
    }

    /// In words for the learner: why a request that was sent got no response.
    pub(crate) fn why_no_answer(&self, otherwise: &str) -> String {
        if let Some(panic) = self.output.wait_for_panic(PANIC_LIMIT) {
            return format!("no answer: your code stopped at {panic}");
        }
        match self.exit_status() {
            Some(status) => {
                let said = self.last_words();
                format!("no answer: your server ended in the middle of it ({status}){said}")
            }
            None => format!("no answer: {otherwise}"),
        }
    }

    /// What it printed last, to be added to a sentence; nothing if it printed nothing.
    fn last_words(&self) -> String {
        let printed = match &self.users {
            Some(users) => users.in_words(&self.output.tail()),
            None => self.output.tail(),
        };
        if printed.is_empty() { printed } else { format!("\nIt printed:\n{printed}") }
    }

    fn did_not_start(&self) -> Failure {
        let said = self.last_words();
        let actual = if let Some(panic) = self.output.wait_for_panic(PANIC_LIMIT) {
            format!("your server stopped at {panic}")
        } else if let Some(status) = self.exit_status() {
            format!("your server ended before it listened ({status}){said}")
        } else {
            let seconds = START_LIMIT.as_secs();
            format!(
                "your server runs, but did not report that it is listening within {seconds} s{said}"
            )
        };
        not_started(actual)
    }

    /// The status of a process that has ended; a running one has none. What it started may still hold its output open.
    fn exit_status(&self) -> Option<String> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let status =
            if self.output.has_ended() { child.wait().map(Some) } else { child.try_wait() };
        let status = status.ok().flatten()?;
        let limit = env::var(environment::MEMORY).ok().filter(|_| self.output.lacks_memory());
        let why = limit.map(|limit| {
            format!("; it asked for more memory than the {limit} that it may have here")
        });
        Some(format!("{status}{}", why.unwrap_or_default()))
    }
}

/// Nobody can listen on port 0: the server printed the port that it was given, not the one that it has.
fn no_port(address: &str) -> Failure {
    let actual = format!(
        "`Listening on {address}`: with `PORT=0` the system chooses the port, and `listener.local_addr()?` knows it"
    );
    not_started(actual)
}

/// An address of this machine on which nobody listens but those who listen on all: every address that begins with 127 leads
/// here (RFC 1122 §3.2.1.3).
const ANOTHER: Ipv4Addr = Ipv4Addr::new(127, 86, 7, 1);

/// Linux says at once that nobody listens; Windows asks again and again, and macOS may not know the address.
const ANOTHER_LIMIT: Duration = Duration::from_millis(20);

/// Whether more than 127.0.0.1 leads to what listens there.
fn is_open_to_others(port: u16) -> bool {
    TcpStream::connect_timeout(&SocketAddr::from((ANOTHER, port)), ANOTHER_LIMIT).is_ok()
}

fn open_to_others(address: &str) -> Failure {
    not_started(format!(
        "`Listening on {address}`, but {ANOTHER} accepts connections at that port, too: what listens there listens at \
         every address of this machine, so others may reach it. `Ipv4Addr::LOCALHOST` is 127.0.0.1 alone"
    ))
}

fn another_address(address: &str) -> Failure {
    not_started(format!(
        "`Listening on {address}`, which is not `http://127.0.0.1:PORT`. Listen on `Ipv4Addr::LOCALHOST`, which no \
         other machine can reach, and print `http://` and `listener.local_addr()?`"
    ))
}

fn not_started(actual: String) -> Failure {
    let expected = "a server that prints `Listening on http://127.0.0.1:PORT`, with the port on which it listens, and keeps running";
    Failure::of_kind(Kind::NotStarted, expected.into(), actual.into())
}

impl Drop for Process {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A process that has ended by itself cannot be killed, and need not be.
        if let Err(error) = child.kill().and_then(|()| child.wait()) {
            eprintln!("could not stop the server: {error}");
        }
    }
}
