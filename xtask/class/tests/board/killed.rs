//! Boards that are killed at any moment: what was acknowledged is there, and each (learner, seq) once.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Condvar, Mutex,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use serde_json::json;
use workshop_class::store::Store;

use crate::support::{client::Client, databases::Database};

const KILLS: usize = 20;
const THREADS: usize = 8;
/// Each thread has so many learners, and each of them so many events: fewer than one may send at once.
const LEARNERS: usize = 5;
const EVENTS: i64 = 12;

/// How long the boards may take for one acknowledgement.
const LIMIT: Duration = Duration::from_mins(1);

/// A board in a process of its own.
struct Process(Child);

impl Process {
    fn start(database: &str, listen: &str) -> (Self, SocketAddr) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_workshop-class"))
            .args(["serve", "--listen", listen, "--database", database])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it is there");
        let stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
        let said = stdout.lines().map_while(Result::ok);
        let address = said.into_iter().find_map(|line| {
            line.strip_prefix("Listening on http://").and_then(|address| address.parse().ok())
        });
        (Self(child), address.expect("it says where it listens"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("it is ours");
    }
}

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

/// The status of the response, if one comes.
fn post(board: SocketAddr, token: &str, seq: i64) -> Option<String> {
    let body =
        json!([{"seq": seq, "verdict": {"step": 3, "passed": seq, "checks": 99, "core": true,
        "minutes": seq}}])
        .to_string();
    let length = body.len();
    let request = format!(
        "POST /me/events HTTP/1.1\r\nHost: board\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(board).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut response = String::new();
    stream.read_to_string(&mut response).ok()?;
    response.split(' ').nth(1).map(str::to_owned)
}

/// Sends each event until it is acknowledged, as a learner's outbox does.
fn report(boards: &[SocketAddr], tokens: &[String], starts: &Starts, acknowledged: &Sender<()>) {
    for seq in 1..=EVENTS {
        for (number, token) in tokens.iter().enumerate() {
            let mut attempt = number;
            loop {
                let known = starts.count();
                match post(boards[attempt % boards.len()], token, seq).as_deref() {
                    Some("200") => break,
                    Some(other) => panic!("the board answers {other}"),
                    None => starts.wait_beyond(known),
                }
                attempt += 1;
            }
            acknowledged.send(()).expect("somebody counts");
        }
    }
}

async fn survives(database: &Database, boards: usize) {
    let client = Client::new(database.open().await).await;
    client.board.store.set_password("a password of the class").await.expect("it is stored");
    let mut tokens = Vec::new();
    for number in 0..THREADS * LEARNERS {
        let id = client.learner(&number.to_string()).await;
        tokens.push(client.token_for(&id, 600).await);
    }
    drop(client);
    let (mut processes, addresses): (Vec<_>, Vec<_>) = (0..boards)
        .map(|_| Process::start(&database.url, "127.0.0.1:0"))
        .map(|(process, address)| (Some(process), address))
        .unzip();
    let starts = Starts::default();
    let (sender, acknowledged) = mpsc::channel();
    let every = tokens.len() * usize::try_from(EVENTS).expect("it is small") / (KILLS + 1);
    thread::scope(|scope| {
        for tokens in tokens.chunks(LEARNERS) {
            let (sender, starts, addresses) = (sender.clone(), &starts, &addresses);
            scope.spawn(move || report(addresses, tokens, starts, &sender));
        }
        for kill in 0..KILLS {
            for _ in 0..every {
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
    let store = database.open().await;
    assert_eq!(events(&store).await, (1..=EVENTS).map(|seq| (seq, tokens.len())).collect());
    for learner in store.learners().await.expect("it can be read") {
        assert_eq!(learner.passed, Some(EVENTS), "{}", learner.name);
    }
    let solved = store.solved().await.expect("it can be read");
    assert_eq!(solved.len(), tokens.len());
    assert!(solved.iter().all(|solved| solved.core == Some(1)), "the first minutes stay");
}

/// How many learners have the event of each number.
async fn events(store: &Store) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for (_, seq, _) in store.events().await.expect("it can be read") {
        *counts.entry(seq).or_default() += 1;
    }
    counts
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
