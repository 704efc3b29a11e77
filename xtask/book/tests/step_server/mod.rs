//! A step's server as a learner may have it: one answer, whatever the request is.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::mpsc::{self, Receiver},
    thread,
};

use xtask::{
    course::{Course, Whose},
    session::{alive::Alive, live_server::Servers},
};

/// In place of an answer: says nothing, and holds the connection.
pub(crate) const SILENCE: &str = "silence";

/// A step's server as a learner may have it.
pub(crate) struct StepServer {
    pub(crate) port: u16,
    /// Each request as it was received.
    pub(crate) received: Receiver<String>,
}

impl StepServer {
    pub(crate) fn answering(answer: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (sender, received) = mpsc::channel();
        let answer = answer.to_owned();
        thread::spawn(move || {
            let mut held = Vec::new();
            for mut socket in listener.incoming().flatten() {
                // The test may have ended.
                sender.send(request_from(&mut socket)).ok();
                if answer == SILENCE {
                    held.push(socket);
                } else {
                    socket.write_all(answer.as_bytes()).ok();
                }
            }
        });
        Self { port, received }
    }

    /// Tells the book of it, as the workshop's own programs do.
    pub(crate) fn note(&self, course: &Course, slug: &str, whose: Whose) -> Alive {
        Servers::in_checkout(course)
            .note(slug, whose, self.port)
            .unwrap_or_else(|trouble| panic!("{trouble}"))
    }
}

/// Head and body; the requests here are short.
fn request_from(socket: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let count = socket.read(&mut buffer).expect("a request");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("a number"));
        let whole = text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length);
        if whole || count == 0 {
            return text;
        }
    }
}
