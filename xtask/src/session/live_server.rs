//! The step's server on port 3000 while the learner works: always the code of the last save that compiles.

use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use protocol::{SECRET, listening};
use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose},
    process::{group::Group, port::free_port, server_copy::ServerCopy},
    session::alive::{self, Alive},
    trouble::Trouble,
};

/// The server that runs now, if one does.
pub struct LiveServer {
    servers: Servers,
    port: u16,
    running: Option<(Group, ServerCopy, Shared)>,
}

/// The note on a server; there is none before it listens and after it has ended.
type Shared = Arc<Mutex<Option<Alive>>>;

impl LiveServer {
    /// Chooses `port`, or the next free one.
    pub fn on(course: &Course, port: u16) -> Result<Self, Trouble> {
        Ok(Self { servers: Servers::in_checkout(course), port: free_port(port)?, running: None })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends the old one and starts the new one.
    pub fn restart(&mut self, step: &Step, server: ServerCopy) -> Result<(), Trouble> {
        self.stop();
        let mut command = Command::new(server.path());
        command
            .current_dir(step.folder(Whose::Learner))
            .env("PORT", self.port.to_string())
            .env("JWT_SECRET", jwt_secret())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut group =
            Group::start(command).map_err(|error| Trouble::io("start", server.path(), &error))?;
        let note = Shared::default();
        if let Some(stdout) = group.take_stdout() {
            let (servers, slug, note) = (self.servers.clone(), step.slug.clone(), note.clone());
            thread::spawn(move || listen(stdout, &servers, &slug, &note));
        }
        self.running = Some((group, server, note));
        Ok(())
    }

    /// Ends it, and then removes its copy.
    pub fn stop(&mut self) {
        if let Some((group, copy, note)) = self.running.take() {
            drop(held(&note).take());
            drop(group);
            drop(copy);
        }
    }
}

impl Drop for LiveServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Notes the server when it says that it listens, and takes the note back when it ends.
fn listen(stdout: ChildStdout, servers: &Servers, slug: &str, note: &Shared) {
    for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
        let address = listening::parse(&String::from_utf8_lossy(&line));
        if let Some(port) = address.and_then(|address| address.port) {
            // Without a note the page says that no server runs; the terminal goes on.
            *held(note) = servers.note(slug, Whose::Learner, port).ok();
        }
    }
    drop(held(note).take());
}

fn held(note: &Shared) -> MutexGuard<'_, Option<Alive>> {
    note.lock().unwrap_or_else(PoisonError::into_inner)
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
