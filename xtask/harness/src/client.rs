//! Sends a message over a connection of its own, and reads the response (RFC 9112). No client library does it: what a
//! check sends must arrive byte for byte, and a client that tidies requests is no witness.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use crate::{
    framing::Received,
    message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered},
};

/// Sends it to this address and reads the response.
pub(crate) fn send(address: SocketAddr, message: &Message) -> Result<Response, Unanswered> {
    response(begin(address, message)?, message, RESPONSE_LIMIT)
}

/// Writes the message: when this returns, the server has it, unless it has closed the connection.
pub(crate) fn begin(address: SocketAddr, message: &Message) -> Result<TcpStream, Unanswered> {
    // Only what a server has issued can have one in it.
    if message.headers.iter().any(|header| header.value.contains(&b'\n')) {
        return Err(Unanswered::theirs(
            "nothing was sent: the token has a line end in it, which no header can hold",
        ));
    }
    let connected = TcpStream::connect_timeout(&address, RESPONSE_LIMIT);
    let mut socket = connected.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            Unanswered::Theirs(format!("nobody listens at http://{address}"))
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Unanswered::closed(0),
        _ if is_late(&error) => Unanswered::nothing(RESPONSE_LIMIT),
        // This process has no more sockets, or something of the kind.
        _ => Unanswered::ours(error),
    })?;
    tolerant(socket.set_write_timeout(Some(RESPONSE_LIMIT))).map_err(Unanswered::ours)?;
    // A server that refuses a long request need not read it to its end: the response says what came of it.
    socket.write_all(&bytes_of(message, address)).ok();
    Ok(socket)
}

/// Whether a read would not wait.
pub(crate) fn has_something(socket: &TcpStream) -> io::Result<bool> {
    socket.set_nonblocking(true)?;
    let peeked = socket.peek(&mut [0]);
    socket.set_nonblocking(false)?;
    Ok(!matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock))
}

/// Reads the response to this message, within so long.
pub(crate) fn response(
    mut socket: TcpStream,
    message: &Message,
    limit: Duration,
) -> Result<Response, Unanswered> {
    let began = Instant::now();
    let mut received = Received::to(message);
    let mut count = 0;
    let mut buffer = [0; 16 * 1024];
    loop {
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() || count > RESPONSE_SIZE {
            return Err(late(count, limit));
        }
        let read = tolerant(socket.set_read_timeout(Some(left)));
        match read.and_then(|()| socket.read(&mut buffer)) {
            Ok(0) => return received.ended(),
            Ok(more) => {
                count += more;
                received.bytes.extend_from_slice(&buffer[..more]);
                if let Some(response) = received.whole()? {
                    return Ok(response);
                }
            }
            Err(error) if is_late(&error) => return Err(late(count, limit)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Unanswered::closed(count)),
        }
    }
}

/// macOS sets no option of a socket that the other side has closed, although there may be something to read.
fn tolerant(set: io::Result<()>) -> io::Result<()> {
    set.or_else(|error| match error.kind() {
        io::ErrorKind::InvalidInput => Ok(()),
        _ => Err(error),
    })
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// The time or the room is up, after so many bytes.
fn late(count: usize, limit: Duration) -> Unanswered {
    match count {
        0 => Unanswered::nothing(limit),
        _ => Unanswered::without_end(limit),
    }
}

fn bytes_of(message: &Message, host: SocketAddr) -> Vec<u8> {
    let start = format!(
        "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        message.method, message.path
    );
    let mut bytes = start.into_bytes();
    for Header { name, value, .. } in &message.headers {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    let body = message.body.as_deref().unwrap_or_default();
    if message.body.is_some() {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use std::{
        net::{Ipv4Addr, TcpListener},
        thread,
    };

    use super::*;

    fn request(method: &str) -> Message {
        let (method, path) = (method.to_owned(), "/".to_owned());
        Message { method, path, headers: Vec::new(), body: None, only: None }
    }

    /// A server that gives this to its first caller, and then closes the connection, or leaves it open.
    fn writing(text: &'static [u8], closes: bool) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || {
            let (mut caller, _) = listener.accept().expect("somebody calls");
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                caller.read_exact(&mut byte).expect("a request");
                asked.extend(byte);
            }
            caller.write_all(text).expect("somebody listens");
            // The caller closes it.
            while !closes && caller.read(&mut [0; 16]).is_ok_and(|count| count > 0) {}
        });
        address
    }

    fn answered(method: &str, text: &'static [u8], closes: bool) -> Result<String, String> {
        match send(writing(text, closes), &request(method)) {
            Ok(response) => Ok(format!(
                "{} {}",
                response.status,
                String::from_utf8(response.body).expect("the body is text")
            )),
            Err(Unanswered::Ours(why) | Unanswered::Theirs(why)) => Err(why),
        }
    }

    #[test]
    fn a_response_is_whole_before_the_connection_is_closed() {
        let answered = |method, text| answered(method, text, false).expect("it is whole");
        let length = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        assert_eq!(answered("GET", length), "200 hi");
        assert_eq!(answered("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"), "200 ");
        assert_eq!(answered("GET", b"HTTP/1.1 204 No Content\r\n\r\n"), "204 ");
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
            5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        assert_eq!(answered("GET", chunked), "200 hello world");
        let interim =
            b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n";
        assert_eq!(answered("GET", interim), "304 ");
        assert_eq!(answered("GET", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), "101 ");
    }

    #[test]
    fn a_closed_connection_ends_a_response_that_says_nothing_of_its_length() {
        let answered = |text| answered("GET", text, true);
        assert_eq!(answered(b"HTTP/1.1 200 OK\r\n\r\nhi"), Ok("200 hi".to_owned()));
        let in_the_middle =
            Err("the connection was closed in the middle of the response".to_owned());
        assert_eq!(answered(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhi"), in_the_middle);
        assert_eq!(answered(b"HTTP/1.1 200 O"), in_the_middle);
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel";
        assert_eq!(answered(chunked), in_the_middle);
        assert_eq!(answered(b""), Err("the connection was closed".to_owned()));
        assert_eq!(answered(b"hello, who is there?\r\n"), Err("what came is not HTTP".to_owned()));
    }

    #[test]
    fn a_length_is_one_number_however_often_it_is_said() {
        let answered = |headers: &str| {
            let text = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\nhi");
            answered("GET", text.leak().as_bytes(), false)
        };
        assert_eq!(answered("content-length: 2, 2"), Ok("200 hi".to_owned()));
        assert_eq!(answered("content-length: 2\r\ncontent-length: 2"), Ok("200 hi".to_owned()));
        let no_number = Err("the content-length of what came is not one number".to_owned());
        for value in ["2, 3", "+2", "-2", "two", ""] {
            assert_eq!(answered(&format!("content-length: {value}")), no_number, "{value}");
        }
    }

    // Windows forgets what it has received when the other side closes.
    #[cfg(not(windows))]
    #[test]
    fn a_server_that_answers_before_it_has_read_all_is_heard() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let answering = thread::spawn(move || {
            let (mut caller, _) = listener.accept().expect("somebody calls");
            caller
                .write_all(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n")
                .expect("it listens");
            caller.shutdown(std::net::Shutdown::Both).expect("it is open");
        });
        let mut socket = begin(address, &request("GET")).ok().expect("it can be written to");
        answering.join().expect("it has answered");
        while socket.write_all(&[b'x'; 1024]).is_ok() {}
        let response = response(socket, &request("GET"), RESPONSE_LIMIT);
        assert_eq!(response.ok().map(|response| response.status), Some(413));
    }

    #[test]
    fn interim_responses_without_end_are_no_response() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let flood = thread::spawn(move || {
            let (mut caller, _) = listener.accept().expect("somebody calls");
            while caller.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n").is_ok() {}
        });
        let began = Instant::now();
        let answered = send(address, &request("GET"));
        assert!(matches!(answered, Err(Unanswered::Theirs(why)) if why.contains("did not end")));
        assert!(began.elapsed() < RESPONSE_LIMIT + Duration::from_secs(2), "{:?}", began.elapsed());
        flood.join().expect("it ends with the connection");
    }
}
