//! The step's server on port 3000 while the learner works: always the code of the last save that compiles.

use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use serde::{Deserialize, Serialize};

use crate::{
    alive::{self, Alive},
    course::{Course, Step, Whose},
    group::Group,
    server_copy::ServerCopy,
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
        Ok(Self { servers: Servers::of(course), port: free_port(port)?, running: None })
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
        if let Some(stdout) = group.leader().stdout().take() {
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
        if let Some(port) = port_in(&String::from_utf8_lossy(&line)) {
            // Without a note the page says that no server runs; the terminal goes on.
            *held(note) = servers.note(slug, Whose::Learner, port).ok();
        }
    }
    drop(held(note).take());
}

fn held(note: &Shared) -> MutexGuard<'_, Option<Alive>> {
    note.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The port in the line that a step's server prints once it accepts.
pub fn port_in(line: &str) -> Option<u16> {
    line.trim_end().strip_prefix("Listening on http://127.0.0.1:")?.parse().ok()
}

/// A server that listens: it printed its port itself, and whoever noted it is there to see it end.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
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
    pub fn of(course: &Course) -> Self {
        Self(alive::folder(course).join("servers"))
    }

    /// Tells others of a server, until the note is dropped.
    pub fn note(&self, slug: &str, whose: Whose, port: u16) -> Result<Alive, Trouble> {
        Alive::note(&self.0, &Running { step: slug.to_owned(), whose, port })
    }

    /// All that listen now.
    pub fn running(&self) -> Vec<Running> {
        alive::notes(&self.0)
    }
}

/// The key that the checks give a server.
pub const CHECKS_SECRET: &str = "only the checks know this secret";

/// The learner's `JWT_SECRET`; without one, that of the checks: then a token outlives the next save, and a
/// command line that a check prints shows what the check saw.
pub fn jwt_secret() -> OsString {
    env::var_os("JWT_SECRET").unwrap_or_else(|| CHECKS_SECRET.into())
}

/// `wanted`, or the next port that nobody uses; the caller says so if it is another one.
pub fn free_port(wanted: u16) -> Result<u16, Trouble> {
    let mut ports = wanted..=wanted.saturating_add(20);
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).ok_or_else(|| {
        Trouble::Environment(format!(
            "none of the ports {wanted} to {} is free: end a server that runs there",
            wanted.saturating_add(20)
        ))
    })
}
