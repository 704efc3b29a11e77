//! Sends a message over a connection of its own, and reads the response (RFC 9112). No library does it: what a check
//! sends must arrive byte for byte, and a client that tidies requests or hides what came is no witness.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::{Duration, Instant},
};

use httparse::Status;

use crate::message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered};

/// Sends it to this address (`http://127.0.0.1:PORT`) and reads the response.
pub(crate) fn send(address: &str, message: &Message) -> Result<Response, Unanswered> {
    response(begin(address, message)?, message, RESPONSE_LIMIT)
}

/// Writes the message; the server has it when this returns, whatever else the machine does.
pub(crate) fn begin(address: &str, message: &Message) -> Result<TcpStream, Unanswered> {
    let host = address.trim_start_matches("http://");
    let mut socket = connect(host).map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::TimedOut => broken_off(&error),
        _ if is_closed(&error) => broken_off(&error),
        // This process has no more sockets, or something of the kind.
        _ => Unanswered::ours(error),
    })?;
    match socket.write_all(&bytes_of(message, host)) {
        // A server that refuses a long request need not read it to its end: the response says what came of it.
        Err(error) if !is_closed(&error) => Err(broken_off(&error)),
        _ => Ok(socket),
    }
}

fn connect(host: &str) -> io::Result<TcpStream> {
    let place = host.to_socket_addrs()?.next().ok_or(io::ErrorKind::NotFound)?;
    let socket = TcpStream::connect_timeout(&place, RESPONSE_LIMIT)?;
    socket.set_write_timeout(Some(RESPONSE_LIMIT))?;
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
    let mut received = Received { bytes: Vec::new(), has_no_body: message.method == "HEAD" };
    let mut count = 0;
    let mut buffer = [0; 16 * 1024];
    let late = |count| match count {
        0 => Unanswered::nothing(limit),
        _ => Unanswered::without_end(limit),
    };
    loop {
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() || count > RESPONSE_SIZE {
            return Err(late(count));
        }
        let read = socket.set_read_timeout(Some(left)).and_then(|()| socket.read(&mut buffer));
        let more = match read {
            Ok(more) => more,
            Err(error) if is_late(&error) => return Err(late(count)),
            Err(error) => return Err(broken_off(&error)),
        };
        if more == 0 {
            return received.ended();
        }
        count += more;
        received.bytes.extend_from_slice(&buffer[..more]);
        if let Some(response) = received.whole()? {
            return Ok(response);
        }
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

fn broken_off(error: &io::Error) -> Unanswered {
    Unanswered::Theirs(format!("the connection was closed ({error})"))
}

fn bytes_of(message: &Message, host: &str) -> Vec<u8> {
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

/// What has come so far.
struct Received {
    bytes: Vec<u8>,
    /// The request was one that no body answers (RFC 9112 §6.3).
    has_no_body: bool,
}

/// Where a body ends (RFC 9112 §6.3).
enum End {
    After(usize),
    WithLastChunk,
    WithConnection,
}

impl Received {
    /// The response, if all of it is there.
    fn whole(&mut self) -> Result<Option<Response>, Unanswered> {
        let Some((head, start)) = self.head()? else { return Ok(None) };
        let body = &self.bytes[start..];
        let body = match self.end(&head) {
            End::After(length) => body.get(..length).map(<[u8]>::to_vec),
            End::WithLastChunk => unchunked(body)?,
            End::WithConnection => None,
        };
        Ok(body.map(|body| Response { body, ..head }))
    }

    /// The response, of which nothing more will come.
    fn ended(mut self) -> Result<Response, Unanswered> {
        match self.head()? {
            Some((head, start)) if matches!(self.end(&head), End::WithConnection) => {
                Ok(Response { body: self.bytes.split_off(start), ..head })
            }
            None if self.bytes.is_empty() => {
                Err(Unanswered::Theirs("the connection was closed".to_owned()))
            }
            _ => Err(Unanswered::Theirs(
                "the connection was closed in the middle of the response".to_owned(),
            )),
        }
    }

    /// Status and headers of the final response, and where its body begins. Any number of interim responses may come
    /// before it (RFC 9110 §15.2); they are taken away.
    fn head(&mut self) -> Result<Option<(Response, usize)>, Unanswered> {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 100];
            let mut response = httparse::Response::new(&mut headers);
            let Status::Complete(start) = response.parse(&self.bytes).map_err(|_| not_http())?
            else {
                return Ok(None);
            };
            let status = response.code.unwrap_or_default();
            if !(100..=199).contains(&status) {
                let text = |header: &httparse::Header<'_>| {
                    (header.name.to_ascii_lowercase(), header.value.to_owned())
                };
                let headers = response.headers.iter().map(text).collect();
                return Ok(Some((Response { status, headers, body: Vec::new() }, start)));
            }
            self.bytes.drain(..start);
        }
    }

    fn end(&self, head: &Response) -> End {
        let header = |name| head.header(name).unwrap_or_default();
        if self.has_no_body || matches!(head.status, 204 | 304) {
            End::After(0)
        } else if header("transfer-encoding").eq_ignore_ascii_case("chunked") {
            End::WithLastChunk
        } else {
            header("content-length").trim().parse().map_or(End::WithConnection, End::After)
        }
    }
}

fn not_http() -> Unanswered {
    Unanswered::Theirs("what came is not HTTP".to_owned())
}

/// The chunks without what is between them (RFC 9112 §7.1), if the last one is there.
fn unchunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, Unanswered> {
    let mut body = Vec::new();
    loop {
        let size = httparse::parse_chunk_size(rest).map_err(|_| not_http())?;
        let Status::Complete((start, size)) = size else { return Ok(None) };
        let size = usize::try_from(size).ok().filter(|size| *size <= RESPONSE_SIZE);
        let end = start + size.ok_or_else(not_http)?;
        let Some(chunk) = rest.get(start..end) else { return Ok(None) };
        if chunk.is_empty() {
            return Ok(Some(body));
        }
        body.extend_from_slice(chunk);
        let Some(next) = rest.get(end + 2..) else { return Ok(None) };
        rest = next;
    }
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
    fn writing(text: &'static [u8], closes: bool) -> String {
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
        format!("http://{address}")
    }

    fn answered(method: &str, text: &'static [u8], closes: bool) -> Result<String, String> {
        match send(&writing(text, closes), &request(method)) {
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
    fn a_chunk_of_any_size_that_is_said_is_no_overflow() {
        for size in ["ffffffffffffffff", "fffffffffffffff0", "7fffffffffffffff"] {
            assert!(unchunked(format!("{size}\r\nhello").as_bytes()).is_err(), "{size}");
        }
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
        assert!(send(&format!("http://{address}"), &request("GET")).is_err(), "it was answered");
        assert!(began.elapsed() < RESPONSE_LIMIT + Duration::from_secs(2), "{:?}", began.elapsed());
        flood.join().expect("it ends with the connection");
    }
}
