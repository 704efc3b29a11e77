//! The step's server on port 3000 while the learner works: always the code of the last save that compiles.

use std::{
    env,
    ffi::OsString,
    io::Read,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use protocol::{SECRET, invisible::harmless, listening};
use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose},
    process::{group::Group, lines, memory_limit, port::free_port, server_copy::ServerCopy},
    session::alive::{self, Alive},
    trouble::Trouble,
    verdict::report,
};

/// How often to look whether the server has ended: what it started may hold its output open.
const LOOK: Duration = Duration::from_millis(50);

/// How long a reader waits for a server that was just started, and for its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// The server that runs now, if one does.
pub struct LiveServer {
    servers: Servers,
    port: u16,
    running: Option<Running>,
}

struct Running {
    heard: Arc<Heard>,
    end: Sender<()>,
    keeper: JoinHandle<()>,
    copy: ServerCopy,
}

impl LiveServer {
    /// Chooses `port`, or the next free one; reports lead there from now on.
    pub fn on(course: &Course, port: u16) -> Result<Self, Trouble> {
        let port = free_port(port)?;
        report::server_is_at(port);
        Ok(Self { servers: Servers::in_checkout(course), port, running: None })
    }

    /// The port that it is told to listen on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it listens, or why it does not: one that was just started has time to say so.
    pub fn in_words(&self) -> String {
        self.in_words_within(PATIENCE)
    }

    /// Tells the same as soon as it is known: nothing waits for it meanwhile.
    pub fn tell_where(&self, tell: impl FnOnce(String) + Send + 'static) {
        let heard = self.running.as_ref().map(|running| running.heard.clone());
        let port = self.port;
        thread::spawn(move || tell(in_words(heard.as_deref(), port, PATIENCE)));
    }

    /// The same, as far as it is known now.
    pub fn in_words_now(&self) -> String {
        self.in_words_within(Duration::ZERO)
    }

    fn in_words_within(&self, patience: Duration) -> String {
        in_words(self.running.as_ref().map(|running| &*running.heard), self.port, patience)
    }

    /// Ends the old one and starts the new one.
    pub fn restart(&mut self, step: &Step, server: ServerCopy) -> Result<(), Trouble> {
        self.stop();
        let mut command = memory_limit::limited(server.path());
        command
            .current_dir(step.folder(Whose::Learner))
            .env("PORT", self.port.to_string())
            .env("JWT_SECRET", jwt_secret())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut group =
            Group::start(command).map_err(|error| Trouble::io("start", server.path(), &error))?;
        let heard = Arc::new(Heard::default());
        if let Some(stdout) = group.take_stdout() {
            let (servers, slug, port) = (self.servers.clone(), step.slug.clone(), self.port);
            // Without a note the page says that no server runs; the terminal goes on.
            let note = move || servers.note(&slug, Whose::Learner, port).ok();
            let heard = heard.clone();
            thread::spawn(move || heard.read_stdout(stdout, port, note));
        }
        if let Some(stderr) = group.take_stderr() {
            heard.change(|state| state.stderr_is_open = true);
            let heard = heard.clone();
            thread::spawn(move || heard.read_stderr(stderr));
        }
        let (end, asked_to_end) = mpsc::channel();
        let keeper = {
            let heard = heard.clone();
            thread::spawn(move || heard.keep(group, &asked_to_end))
        };
        self.running = Some(Running { heard, end, keeper, copy: server });
        Ok(())
    }

    /// Ends it, and then removes its copy.
    pub fn stop(&mut self) {
        if let Some(Running { end, keeper, copy, .. }) = self.running.take() {
            // A keeper whose server has ended listens no more.
            end.send(()).ok();
            if keeper.join().is_err() {
                eprintln!("could not see to it that your server ends");
            }
            drop(copy);
        }
    }
}

fn in_words(heard: Option<&Heard>, port: u16, patience: Duration) -> String {
    heard.map_or_else(
        || "your server does not run yet".to_owned(),
        |heard| heard.in_words(port, patience),
    )
}

impl Drop for LiveServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What is known of a server that was started.
#[derive(Default)]
struct Heard {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Where it says that it listens.
    url: Option<String>,
    /// What others read: there is none before it listens and after it has ended.
    note: Option<Alive>,
    /// Its status, once it has ended.
    ended: Option<String>,
    last_words: String,
    stderr_is_open: bool,
}

impl Heard {
    fn read_stdout(&self, stdout: impl Read, port: u16, note: impl Fn() -> Option<Alive>) {
        lines::read(stdout, |line| {
            let Some(address) = listening::parse(line) else { return };
            self.change(|state| {
                // The line may be untrue, or come from what has outlived the server.
                if address.port == Some(port) && state.ended.is_none() {
                    state.note = note();
                }
                state.url = Some(address.url);
            });
        });
    }

    fn read_stderr(&self, stderr: impl Read) {
        lines::read(stderr, |line| {
            // Below a panic rustc's note says how to see more of it.
            if !line.trim().is_empty() && !line.starts_with("note: ") {
                self.change(|state| line.clone_into(&mut state.last_words));
            }
        });
        self.change(|state| state.stderr_is_open = false);
    }

    /// Holds on to the server until it ends or is to end.
    fn keep(&self, mut group: Group, asked_to_end: &Receiver<()>) {
        let status = loop {
            match asked_to_end.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {
                    if let Ok(Some(status)) = group.try_wait() {
                        break status.to_string();
                    }
                }
                Ok(()) | Err(RecvTimeoutError::Disconnected) => break "stopped".to_owned(),
            }
        };
        self.change(|state| {
            state.ended = Some(status);
            state.note = None;
        });
    }

    fn in_words(&self, port: u16, patience: Duration) -> String {
        drop(self.when(patience, |state| state.url.is_some() || state.ended.is_some()));
        let state = self.when(patience, |state| state.ended.is_none() || !state.stderr_is_open);
        let ours = format!("http://127.0.0.1:{port}");
        match (&state.ended, state.url.as_deref()) {
            (Some(status), url) => {
                let when = if url.is_some() { "by itself" } else { "before it listened" };
                let why = match state.last_words.trim() {
                    "" => String::new(),
                    words => {
                        let note = memory_limit::note_on(words).map(|note| format!(". {note}"));
                        let words: String = words.chars().take(300).collect();
                        format!(": {words}{}", note.unwrap_or_default())
                    }
                };
                harmless(&format!("your server ended {when} ({status}){why}"))
            }
            (None, Some(url)) if url == ours => format!("your server: {url}"),
            (None, Some(url)) => {
                let url = harmless(url);
                format!("your server says that it listens on {url}, though PORT is {port}")
            }
            (None, None) => {
                format!("your server has not reported yet that it is listening on port {port}")
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// The state once it is so, or when patience ends.
    fn when(&self, patience: Duration, is_so: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.changed.wait_timeout_while(self.lock(), patience, |state| !is_so(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server that listens: it printed its port itself, and the process that noted it is there to see it end.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerNote {
    /// The step's slug.
    pub step: String,
    /// The learner's code or ours.
    pub whose: Whose,
    /// On 127.0.0.1.
    pub port: u16,
}

/// The servers of steps that `watch`, `learn` and `run` have started, in whatever terminal.
#[derive(Clone)]
pub struct Servers(PathBuf);

impl Servers {
    /// Those of this checkout.
    pub fn in_checkout(course: &Course) -> Self {
        Self(alive::folder(course).join("servers"))
    }

    /// Tells others of a server, until the note is dropped.
    pub fn note(&self, slug: &str, whose: Whose, port: u16) -> Result<Alive, Trouble> {
        Alive::note(&self.0, &ServerNote { step: slug.to_owned(), whose, port })
    }

    /// All that listen now.
    pub fn running(&self) -> Vec<ServerNote> {
        alive::notes(&self.0)
    }
}

/// The learner's `JWT_SECRET`; without one, that of the checks: then a token outlives the next save, and a
/// command line that a check prints shows what the check saw.
pub fn jwt_secret() -> OsString {
    env::var_os("JWT_SECRET").unwrap_or_else(|| SECRET.into())
}
