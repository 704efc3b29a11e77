//! Sends what is in the outbox, on a thread of its own: nobody waits for it.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    class::{
        board::{Answer, Board, Notice},
        membership::Membership,
        outbox,
    },
    course::Course,
    trouble::Trouble,
};

/// How often to ask what the instructor wants, if nothing happens.
const ASK: Duration = Duration::from_secs(15);

/// How long to wait at most before a board that is gone is tried again.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What the board said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What the instructor asks for.
    Notice(Notice),
    /// The board does not know the learner any more.
    Removed,
    /// It cannot be reached: what happens meanwhile is sent later.
    Unreachable,
}

/// The thread, once there is one, and what it heard.
static RUNNING: Mutex<Option<SyncSender<()>>> = Mutex::new(None);
static HEARD: Mutex<Option<Said>> = Mutex::new(None);

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

fn run(course: &Course, membership: &Membership, woken: &Receiver<()>) {
    let Ok(board) = Board::at(&membership.board) else { return };
    let mut session = Session { board, key: membership.key.clone(), token: None };
    let (mut known, mut wait) = (Said::Notice(Notice::default()), ASK);
    loop {
        // A disk that cannot be read is the next verdict's trouble, which says so.
        let said = session.send_all(course).unwrap_or(Said::Unreachable);
        wait = if said == Said::Unreachable { LONGEST_WAIT.min(2 * wait) } else { ASK };
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

/// A membership with a token, once it has one.
pub struct Session {
    board: Board,
    key: String,
    token: Option<String>,
}

impl Session {
    /// One that has no token yet.
    pub fn new(membership: &Membership) -> Result<Self, Trouble> {
        let board = Board::at(&membership.board)?;
        Ok(Self { board, key: membership.key.clone(), token: None })
    }

    /// Sends everything in the outbox, the oldest first. What is acknowledged is removed.
    pub fn send_all(&mut self, course: &Course) -> Result<Said, Trouble> {
        let mut at_once = outbox::MOST;
        loop {
            let mut events = outbox::oldest(course)?;
            events.truncate(at_once);
            let (paths, events): (Vec<_>, Vec<_>) = events.into_iter().unzip();
            match self.ask("POST", "/me/events", Some(&Value::Array(events)))? {
                Answer::Good(notice) => {
                    // Whatever else says 200 has not stored anything.
                    let Ok(notice) = serde_json::from_value(notice) else {
                        return Ok(Said::Unreachable);
                    };
                    paths.iter().try_for_each(|path| outbox::remove(path))?;
                    if paths.len() < at_once {
                        return Ok(Said::Notice(notice));
                    }
                }
                Answer::Refused(401, _) => return Ok(Said::Removed),
                // One of them is no event to this board. Which one shows as soon as each is sent by itself, and it would
                // hold up all that comes after.
                Answer::Refused(400, _) if paths.len() > 1 => at_once = 1,
                Answer::Refused(400, _) if paths.len() == 1 => outbox::remove(&paths[0])?,
                Answer::Refused(..) | Answer::Unreachable(_) => return Ok(Said::Unreachable),
            }
        }
    }

    /// Asks with a token, and once more with a new one if the old one has ended. A 401 is from a board that does not know
    /// the key either.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Trouble> {
        if let Some(token) = &self.token {
            match self.board.ask(method, path, Some(token), body)? {
                Answer::Refused(401, _) => self.token = None,
                other => return Ok(other),
            }
        }
        match self.board.token(&self.key)? {
            Answer::Good(answer) => {
                let token = answer["access_token"].as_str().unwrap_or_default();
                let answer = self.board.ask(method, path, Some(token), body);
                self.token = Some(token.to_owned());
                answer
            }
            Answer::Refused(400, why) => Ok(Answer::Refused(401, why)),
            other => Ok(other),
        }
    }
}
