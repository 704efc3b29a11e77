//! A proxy before the board that drops responses after the commit: what is sent again counts once.

use std::{
    collections::HashSet,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use crate::support::{
    databases::Database,
    process::{Process, each_is_known_once, is_acknowledged, learners},
};

const THREADS: usize = 4;
/// Each thread has so many learners, and each of them so many events: twice that may be sent at once.
const LEARNERS: usize = 2;
const EVENTS: i64 = 8;

/// The requests whose response was dropped.
type Dropped = Arc<Mutex<HashSet<Vec<u8>>>>;

/// A proxy before the board: of each request it drops the first response.
fn proxy(board: SocketAddr, dropped: Dropped) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, dropped) = (client.expect("it connects"), Arc::clone(&dropped));
            thread::spawn(move || pass(client, board, &dropped));
        }
    });
    address
}

/// Passes one request on, and reads the whole response: by then the board has done all that it does.
fn pass(mut client: TcpStream, board: SocketAddr, dropped: &Mutex<HashSet<Vec<u8>>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"}}]") {
        let count = client.read(&mut buffer).expect("it is sent");
        assert!(count > 0, "half a request: {}", String::from_utf8_lossy(&request));
        request.extend_from_slice(&buffer[..count]);
    }
    let mut board = TcpStream::connect(board).expect("it listens");
    board.write_all(&request).expect("it is received");
    let mut response = Vec::new();
    board.read_to_end(&mut response).expect("the board responds, and closes");
    assert!(response.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&response));
    let is_first = dropped.lock().expect("nobody panics").insert(request);
    if !is_first {
        client.write_all(&response).expect("the client waits for it");
    }
}

/// Sends each event until it is acknowledged, to one address after another, from this one on; how often nothing came back.
fn report(addresses: &[SocketAddr], first: usize, tokens: &[String]) -> usize {
    let mut lost = 0;
    for seq in 1..=EVENTS {
        for token in tokens {
            while !is_acknowledged(addresses[(first + lost) % addresses.len()], token, seq) {
                lost += 1;
            }
        }
    }
    lost
}

async fn counts_each_once(database: &Database, boards: usize) {
    let tokens = learners(database, THREADS * LEARNERS).await;
    let dropped = Dropped::default();
    let (processes, addresses): (Vec<_>, Vec<_>) = (0..boards)
        .map(|_| Process::start(&database.url, "127.0.0.1:0"))
        .map(|(process, board)| (process, proxy(board, Arc::clone(&dropped))))
        .unzip();
    let lost: usize = thread::scope(|scope| {
        let addresses = &addresses;
        let chunks = tokens.chunks(LEARNERS).enumerate();
        let threads: Vec<_> = chunks
            .map(|(first, tokens)| scope.spawn(move || report(addresses, first, tokens)))
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("nobody panics")).sum()
    });
    drop(processes);
    let events = tokens.len() * usize::try_from(EVENTS).expect("it is small");
    assert_eq!(lost, events, "of each event the first response is lost");
    each_is_known_once(&database.open().await, tokens.len(), EVENTS).await;
}

#[tokio::test]
async fn what_a_board_on_a_file_has_stored_and_nobody_heard_counts_once() {
    counts_each_once(&Database::sqlite(), 1).await;
}

#[tokio::test]
async fn what_two_boards_on_postgresql_have_stored_and_nobody_heard_counts_once() {
    if let Some(database) = Database::postgres().await {
        counts_each_once(&database, 2).await;
    }
}
