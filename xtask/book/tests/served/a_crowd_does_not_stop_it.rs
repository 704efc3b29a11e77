//! Requests that never end keep nobody else from reading.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    checkout::Checkout,
    server::{LIMIT, Served},
};

/// More than a system lets a program open by default on macOS, and than the server holds at once.
const CROWD: usize = 300;

#[test]
fn half_open_requests_leave_room_for_a_reader() {
    let checkout = Checkout::copy();
    let served = Served::start_with_few_files(&checkout);
    let crowd: Vec<TcpStream> = (0..CROWD).map(|_| half_open(&served)).collect();
    let page = served.page("/glossary.html");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    drop(crowd);
}

#[test]
fn a_request_whose_head_does_not_come_is_given_up() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let mut socket = half_open(&served);
    socket.set_read_timeout(Some(LIMIT)).expect("a limit");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("its end within the limit");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

fn half_open(served: &Served) -> TcpStream {
    let mut socket = TcpStream::connect(served.address()).expect("it listens");
    socket.write_all(b"GET /glossary.html HTTP/1.1\r\nhost: ").expect("it reads");
    socket
}
