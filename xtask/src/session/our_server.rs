//! Our server of a step, for a page that asks for it: the solution is compiled if it is not, and listens on a port
//! from 3100. There is one at a time: the next ends the one before.

use std::{
    process::Stdio,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{
    course::{Course, Step, Whose},
    process::{
        cancel::Cancel,
        compile::{self, Compiled},
        group::Group,
        listening, memory_limit,
        port::free_port,
        server_copy::ServerCopy,
    },
    session::live_server::{Servers, jwt_secret},
    trouble::Trouble,
};

/// The learner's servers are on the ports from 3000.
const FIRST_PORT: u16 = 3100;

/// How long it may take to listen.
const LIMIT: Duration = Duration::from_secs(10);

/// How often to look whether the server has ended.
const LOOK: Duration = Duration::from_millis(50);

/// How far the server of a step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It is compiled, or has not listened yet.
    Begun,
    /// It listens on this port of 127.0.0.1.
    Running(u16),
    /// Why it does not run.
    Failed(String),
}

/// The server that was asked for last, ended when dropped.
pub struct OurServer {
    started: Mutex<Option<Started>>,
    told: Arc<Told>,
}

struct Started {
    cancel: Arc<Cancel>,
    keeper: JoinHandle<()>,
}

/// What others know of it, and who hears of a change.
struct Told {
    stage: Mutex<Option<(String, Stage)>>,
    changed: Box<dyn Fn() + Send + Sync>,
}

impl OurServer {
    /// None yet; `changed` is called whenever [`stage`](Self::stage) has changed.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        let told = Told { stage: Mutex::default(), changed: Box::new(changed) };
        Self { started: Mutex::default(), told: Arc::new(told) }
    }

    /// The slug of its step, and how far it is.
    pub fn stage(&self) -> Option<(String, Stage)> {
        locked(&self.told.stage).clone()
    }

    /// Ends the one of a different step, and begins to start this one. One that has begun or runs goes on.
    pub fn start(&self, course: Course, step: Step) {
        let mut started = locked(&self.started);
        if let Some((slug, Stage::Begun | Stage::Running(_))) = self.stage()
            && slug == step.slug
        {
            return;
        }
        end(started.take());
        self.told.change(&step.slug, Some(Stage::Begun));
        let cancel = Arc::new(Cancel::default());
        let (cancelled, told) = (Arc::clone(&cancel), Arc::clone(&self.told));
        let keeper = thread::spawn(move || {
            let stage = match keep(&course, &step, &cancelled, &told) {
                Ok(()) | Err(Trouble::Interrupted) => None,
                Err(trouble) => Some(Stage::Failed(trouble.to_string())),
            };
            told.change(&step.slug, stage);
        });
        *started = Some(Started { cancel, keeper });
    }
}

impl Drop for OurServer {
    fn drop(&mut self) {
        end(locked(&self.started).take());
    }
}

impl Told {
    fn change(&self, slug: &str, stage: Option<Stage>) {
        *locked(&self.stage) = stage.map(|stage| (slug.to_owned(), stage));
        (self.changed)();
    }
}

fn end(started: Option<Started>) {
    if let Some(Started { cancel, keeper }) = started {
        cancel.ask();
        if keeper.join().is_err() {
            eprintln!("could not see to it that our server ends");
        }
    }
}

/// Compiles and starts it, and holds on to it until it ends or is to end.
fn keep(course: &Course, step: &Step, cancel: &Cancel, told: &Told) -> Result<(), Trouble> {
    let (sender, asked_to_end) = mpsc::channel();
    let _guard = cancel.send(sender, ());
    let (compiled, _) = compile::compile_until(course, step, Whose::Reference, cancel)?;
    let programs = match compiled {
        Compiled::Ready(programs) => programs,
        Compiled::Refused { text, .. } => {
            let text = anstream::adapter::strip_str(&text);
            return Err(Trouble::ours(&step.folder(Whose::Reference), text));
        }
    };
    let copy = ServerCopy::make(course, &programs.server)?;
    let port = free_port(FIRST_PORT)?;
    let mut command = memory_limit::limited(copy.path());
    command
        .current_dir(step.folder(Whose::Reference))
        .env("PORT", port.to_string())
        .env("JWT_SECRET", jwt_secret())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let started = Group::start(command);
    let mut group = started.map_err(|error| Trouble::io("start", copy.path(), &error))?;
    if listening::wait(&mut group, LIMIT).is_none() {
        let why = "It did not report that it is listening.".to_owned();
        return Err(Trouble::Environment(why));
    }
    let _note = Servers::in_checkout(course).note(&step.slug, Whose::Reference, port)?;
    told.change(&step.slug, Some(Stage::Running(port)));
    loop {
        match asked_to_end.recv_timeout(LOOK) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                if let Ok(Some(status)) = group.try_wait() {
                    return Err(Trouble::Environment(format!("It ended by itself ({status}).")));
                }
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
