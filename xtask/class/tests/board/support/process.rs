//! Boards in processes of their own, and what a learner's outbox does with them.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
};

use serde_json::json;
use workshop_class::store::Store;

use crate::support::{client::Client, databases::Database};

/// A board in a process of its own.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(database: &str, listen: &str) -> (Self, SocketAddr) {
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

/// Learners who have joined; a token for each.
pub(crate) async fn learners(database: &Database, count: usize) -> Vec<String> {
    let client = Client::new(database.open().await).await;
    client.board.store.set_password("a password of the class").await.expect("it is stored");
    let mut tokens = Vec::new();
    for number in 0..count {
        let id = client.learner(&number.to_string()).await;
        tokens.push(client.token_for(&id, 600).await);
    }
    tokens
}

/// Reports the event, as an outbox does; whether the board acknowledges it. No response is no acknowledgement.
pub(crate) fn is_acknowledged(board: SocketAddr, token: &str, seq: i64) -> bool {
    match status_of_post(board, token, seq).as_deref() {
        Some("200") => true,
        Some(other) => panic!("the board answers {other}"),
        None => false,
    }
}

fn status_of_post(board: SocketAddr, token: &str, seq: i64) -> Option<String> {
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

/// So many learners have posted the events from 1 to the last one: each is known once, and their rows say the last.
pub(crate) async fn each_is_known_once(store: &Store, learners: usize, last: i64) {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for (_, seq, _) in store.events().await.expect("it can be read") {
        *counts.entry(seq).or_default() += 1;
    }
    assert_eq!(counts, (1..=last).map(|seq| (seq, learners)).collect());
    for learner in store.learners().await.expect("it can be read") {
        assert_eq!(learner.passed, Some(last), "{}", learner.name);
    }
    let solved = store.solved().await.expect("it can be read");
    assert_eq!(solved.len(), learners);
    assert!(solved.iter().all(|solved| solved.core == Some(1)), "the first minutes stay");
}
