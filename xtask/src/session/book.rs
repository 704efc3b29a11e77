//! The book of this checkout: one server, however many terminals. A second `learn` uses the pages of the first,
//! and serves them itself once the first has ended.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    course::Course,
    process::{group::Group, listening},
    session::alive::{self, Alive},
    trouble::Trouble,
};

/// A server of the book.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookNote {
    /// `http://127.0.0.1:4000`.
    pub address: String,
    /// The name of the folder that it keeps its pages in.
    pub folder: String,
    /// The program that serves.
    pub program: PathBuf,
}

/// The servers of the book, in whatever terminal.
#[derive(Clone)]
pub struct Books(PathBuf);

impl Books {
    /// Those of this checkout.
    pub fn in_checkout(course: &Course) -> Self {
        Self(alive::folder(course).join("books"))
    }

    /// Tells others of a server, until the note is dropped.
    pub fn note(&self, note: &BookNote) -> Result<Alive, Trouble> {
        Alive::note(&self.0, note)
    }

    /// All that live now, oldest first.
    pub fn served(&self) -> Vec<BookNote> {
        alive::notes(&self.0)
    }
}

/// How long the book may take to begin, once it is compiled.
const LIMIT: Duration = Duration::from_secs(30);

/// How often, and how many times, to look whether the port of a server that has ended is free.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: u32 = 100;

/// The book while a terminal needs it.
pub struct ServedBook {
    /// `http://127.0.0.1:4000`.
    pub address: String,
    server: Arc<Mutex<Server>>,
}

enum Server {
    OfAnotherTerminal,
    Ours {
        _group: Group,
    },
    /// Nobody needs it any more, so none must be started.
    Left,
}

impl ServedBook {
    /// Starts a server on `port`, or on the next free one.
    pub fn start(course: &Course, program: &Path, port: u16) -> Result<Self, Trouble> {
        let mut group = spawn(&course.root, program, port, Stdio::piped())
            .map_err(|error| Trouble::io("start", program, &error))?;
        let address = listening::wait(&mut group, LIMIT).ok_or_else(|| {
            Trouble::Environment(
                "the book did not start; see the reason above. Without it: `cargo xtask watch`"
                    .to_owned(),
            )
        })?;
        let server = Arc::new(Mutex::new(Server::Ours { _group: group }));
        Ok(Self { address: address.url, server })
    }

    /// The book that another terminal serves, if one does; once that has ended, it is served from here.
    pub fn of_another_terminal(course: &Course) -> Option<Self> {
        let books = Books::in_checkout(course);
        let BookNote { address, program, .. } = books.served().into_iter().next()?;
        let server = Arc::new(Mutex::new(Server::OfAnotherTerminal));
        let (port, root) = (port_of(&address)?, course.root.clone());
        let heir = Arc::clone(&server);
        thread::spawn(move || {
            while !books.served().is_empty() {
                alive::wait_for_end(&books.0);
            }
            // The system may let go of the note before the port.
            for _ in 0..LOOKS {
                if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    break;
                }
                thread::park_timeout(LOOK);
            }
            let mut server = heir.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*server, Server::OfAnotherTerminal) {
                match spawn(&root, &program, port, Stdio::null()) {
                    Ok(group) => *server = Server::Ours { _group: group },
                    Err(error) => eprintln!(
                        "The terminal that served the book has ended, and it could not be started here: {error}.\n\
                         Next:  cargo xtask learn, in a new terminal"
                    ),
                }
            }
        });
        Some(Self { address, server })
    }
}

impl Drop for ServedBook {
    fn drop(&mut self) {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Server::Left;
    }
}

fn spawn(root: &Path, program: &Path, port: u16, stdout: Stdio) -> io::Result<Group> {
    let mut command = Command::new(program);
    command
        .args(["serve", "--port", &port.to_string()])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(stdout);
    Group::start(command)
}

fn port_of(address: &str) -> Option<u16> {
    address.rsplit_once(':')?.1.parse().ok()
}
