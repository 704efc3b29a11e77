//! A learner's talk with the board: everything in the outbox, with a token that is asked for again once it has ended.

use serde::{Deserialize, Serialize};
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

/// What the board said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// What the instructor asks for.
    Notice(Notice),
    /// The board does not know the learner any more.
    Removed,
    /// It cannot be reached: what happens meanwhile is sent later.
    Unreachable,
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
        let board = membership.at()?;
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

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        thread,
    };

    use super::*;
    use crate::{class::report::What, learner::testing::Scratch};

    /// What a board does with a request for `/me/events`.
    enum Does {
        Acknowledges,
        /// The same, but more are waiting.
        AcknowledgesSome,
        /// It has stored the events, and the network is lost before it says so.
        Loses,
        Refuses(&'static str),
        /// A login page of the network, which says 200 to everything.
        IsNoBoard,
    }

    /// Takes part in a class whose board does this, one request after another, and sends everything as often. The bodies of
    /// the requests, and the results.
    fn send_to(name: &str, events: usize, board: Vec<Does>) -> (Vec<Value>, Vec<Said>, usize) {
        let scratch = Scratch::new(name);
        let course = &scratch.course;
        for _ in 0..events {
            outbox::put(course, &What::Hand(true)).expect("it can be written");
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let membership = Membership {
            board: address,
            name: "Ada".to_owned(),
            key: "k".to_owned(),
            authority: None,
        };
        let times = board
            .iter()
            .filter(|does| !matches!(does, Does::Refuses(_) | Does::AcknowledgesSome))
            .count();
        let server = thread::spawn(move || {
            let mut bodies = Vec::new();
            let mut board = board.into_iter().peekable();
            while board.peek().is_some() {
                let (mut client, _) = listener.accept().expect("curl connects");
                let (head, body) = read(&mut client);
                if head.starts_with("POST /token ") {
                    respond(&mut client, "200 OK", r#"{"access_token": "t"}"#);
                    continue;
                }
                assert!(head.contains("\r\nAuthorization: Bearer t\r\n"), "{head}");
                bodies.push(serde_json::from_str(&body).expect("it is JSON"));
                match board.next() {
                    Some(Does::Acknowledges | Does::AcknowledgesSome) => {
                        respond(&mut client, "200 OK", r#"{"go_to": 4, "timer_ends": null}"#);
                    }
                    Some(Does::Refuses(status)) => {
                        respond(&mut client, status, r#"{"detail": "no"}"#)
                    }
                    Some(Does::IsNoBoard) => respond(&mut client, "200 OK", "<html>Log in</html>"),
                    Some(Does::Loses) | None => {}
                }
            }
            bodies
        });
        let mut session = Session::new(&membership).expect("it is an address");
        let said = (0..times).map(|_| session.send_all(course).expect("the disk works")).collect();
        let left = outbox::oldest(course).expect("it can be read").len();
        (server.join().expect("it does not panic"), said, left)
    }

    fn read(client: &mut TcpStream) -> (String, String) {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        loop {
            let count = client.read(&mut buffer).expect("it is sent");
            text += std::str::from_utf8(&buffer[..count]).expect("it is text");
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
                if length.is_some_and(|length| length.parse() == Ok(body.len())) {
                    return (head.to_owned(), body.to_owned());
                }
            }
            assert!(count > 0, "half a request: {text}");
        }
    }

    fn respond(client: &mut TcpStream, status: &str, body: &str) {
        let length = body.len();
        let response = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        client.write_all(response.as_bytes()).expect("curl reads it");
    }

    const ASKED: Said = Said::Notice(Notice { go_to: Some(4), timer_ends: None });

    #[test]
    fn what_is_not_acknowledged_is_sent_again_with_the_same_numbers() {
        let board = vec![Does::Loses, Does::IsNoBoard, Does::Acknowledges];
        let (bodies, said, left) = send_to("session-loses", 2, board);
        assert_eq!(said, [Said::Unreachable, Said::Unreachable, ASKED]);
        assert_eq!(
            bodies[0],
            serde_json::json!([{"seq": 1, "hand": true}, {"seq": 2, "hand": true}])
        );
        assert!(bodies[1] == bodies[0] && bodies[2] == bodies[0]);
        assert_eq!(left, 0);
    }

    #[test]
    fn an_event_that_the_board_does_not_understand_holds_up_no_other() {
        let no = "400 Bad Request";
        // The two together, the first alone, the second alone, and then none.
        let board =
            vec![Does::Refuses(no), Does::Refuses(no), Does::AcknowledgesSome, Does::Acknowledges];
        let (bodies, said, left) = send_to("session-400", 2, board);
        assert_eq!(said, [ASKED]);
        let seqs: Vec<_> = bodies.iter().map(|body| body.as_array().map_or(0, Vec::len)).collect();
        assert_eq!(seqs, [2, 1, 1, 0]);
        assert_eq!(left, 0);
    }
}
