//! Boards that are killed at any moment: what was acknowledged is there, and each (learner, seq) once.

use std::{
    net::SocketAddr,
    sync::{
        Condvar, Mutex,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use crate::support::{
    databases::Database,
    process::{Process, each_is_known_once, is_acknowledged, learners},
};

const KILLS: usize = 20;
const THREADS: usize = 8;
/// Each thread has so many learners, and each of them so many events: fewer than one may send at once.
const LEARNERS: usize = 5;
const EVENTS: i64 = 12;

/// How long the boards may take for one acknowledgement.
const LIMIT: Duration = Duration::from_mins(1);

/// How often a board was started again, for those that wait for it.
#[derive(Default)]
struct Starts {
    count: Mutex<usize>,
    changed: Condvar,
}

impl Starts {
    fn count(&self) -> usize {
        *self.count.lock().expect("nobody panics")
    }

    fn one_more(&self) {
        *self.count.lock().expect("nobody panics") += 1;
        self.changed.notify_all();
    }

    fn wait_beyond(&self, known: usize) {
        let count = self.count.lock().expect("nobody panics");
        drop(self.changed.wait_while(count, |count| *count == known));
    }
}

/// Sends each event until it is acknowledged, as a learner's outbox does: to another board where one is gone.
fn report(boards: &[SocketAddr], tokens: &[String], starts: &Starts, acknowledged: &Sender<()>) {
    for seq in 1..=EVENTS {
        for (number, token) in tokens.iter().enumerate() {
            let mut attempt = number;
            loop {
                let known = starts.count();
                if is_acknowledged(boards[attempt % boards.len()], token, seq) {
                    break;
                }
                starts.wait_beyond(known);
                attempt += 1;
            }
            acknowledged.send(()).expect("somebody counts");
        }
    }
}

/// One of 1 to `most`.
fn drawn(most: usize) -> usize {
    let mut byte = [0];
    getrandom::fill(&mut byte).expect("the system has random bytes");
    1 + usize::from(byte[0]) % most
}

async fn survives(database: &Database, boards: usize) {
    let tokens = learners(database, THREADS * LEARNERS).await;
    let (mut processes, addresses): (Vec<_>, Vec<_>) = (0..boards)
        .map(|_| Process::start(&database.url, "127.0.0.1:0"))
        .map(|(process, address)| (Some(process), address))
        .unzip();
    let starts = Starts::default();
    let (sender, acknowledged) = mpsc::channel();
    let most = tokens.len() * usize::try_from(EVENTS).expect("it is small") / (KILLS + 1);
    thread::scope(|scope| {
        for tokens in tokens.chunks(LEARNERS) {
            let (sender, starts, addresses) = (sender.clone(), &starts, &addresses);
            scope.spawn(move || report(addresses, tokens, starts, &sender));
        }
        for kill in 0..KILLS {
            for _ in 0..drawn(most) {
                acknowledged.recv_timeout(LIMIT).expect("there are more");
            }
            let which = kill % boards;
            processes[which] = None;
            let again = Process::start(&database.url, &addresses[which].to_string());
            processes[which] = Some(again.0);
            starts.one_more();
        }
    });
    drop(processes);
    each_is_known_once(&database.open().await, tokens.len(), EVENTS).await;
}

#[tokio::test]
async fn a_board_on_a_file_is_killed_twenty_times() {
    survives(&Database::sqlite(), 1).await;
}

#[tokio::test]
async fn two_boards_on_postgresql_are_killed_twenty_times() {
    if let Some(database) = Database::postgres().await {
        survives(&database, 2).await;
    }
}
