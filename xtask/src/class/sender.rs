//! Sends what is in the outbox, on a thread of its own: nobody waits for it.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
    time::Duration,
};

use crate::{
    class::{
        board::Notice,
        membership::Membership,
        session::{Said, Session},
    },
    course::Course,
    session::alive::{self, Alive},
    trouble::Trouble,
};

/// How often to ask what the instructor wants, if nothing happens.
const ASK: Duration = Duration::from_secs(15);

/// How long to wait at most before a board that is gone is tried again.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The thread, once there is one, and what it heard.
static RUNNING: Mutex<Option<SyncSender<()>>> = Mutex::new(None);
static HEARD: Mutex<Option<Said>> = Mutex::new(None);

/// The same for the book's pages, for as long as this process lives.
static NOTE: Mutex<Option<Alive>> = Mutex::new(None);

/// Wakes the thread, which begins with the first call. Without a membership there is none.
pub fn wake(course: &Course) -> Result<(), Trouble> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    // One wake waits at most: it sends everything.
    if running
        .as_ref()
        .is_some_and(|thread| thread.try_send(()) != Err(mpsc::TrySendError::Disconnected(())))
    {
        return Ok(());
    }
    if let Some(membership) = Membership::load(course)? {
        let (sender, woken) = mpsc::sync_channel(1);
        let course = Course::find(&course.root)?;
        thread::spawn(move || run(&course, &membership, &woken));
        *running = Some(sender);
    }
    Ok(())
}

/// What the board said since the last call, if it was something new.
pub fn news() -> Option<Said> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What the board said last to the process that reports from this checkout; nothing while none does.
pub fn heard(course: &Course) -> Option<Said> {
    alive::notes(&folder(course)).pop()
}

/// Leaves a note of it for the book's pages, unless it is there. What cannot be written, they do not show.
pub fn note(course: &Course, said: &Said, is_new: bool) {
    let mut note = NOTE.lock().unwrap_or_else(PoisonError::into_inner);
    if is_new || note.as_ref().is_none_or(|note| !note.is_there()) {
        *note = Alive::note(&folder(course), said).ok();
    }
}

fn folder(course: &Course) -> PathBuf {
    alive::folder(course).join("class")
}

fn run(course: &Course, membership: &Membership, woken: &Receiver<()>) {
    let Ok(mut session) = Session::new(membership) else { return };
    let (mut known, mut wait) = (Said::Notice(Notice::default()), ASK);
    loop {
        // A disk that cannot be read is the next verdict's trouble, which says so.
        let said = session.send_all(course).unwrap_or(Said::Unreachable);
        wait = if said == Said::Unreachable { LONGEST_WAIT.min(2 * wait) } else { ASK };
        note(course, &said, said != known);
        if said != known {
            *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = Some(said.clone());
        }
        if said == Said::Removed {
            return;
        }
        known = said;
        if woken.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Disconnected) {
            return;
        }
    }
}
