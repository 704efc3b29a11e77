//! A message written to the socket byte by byte: two headers of one name, spaces, bytes above 0x7f.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered};

/// Sends it to this address (`http://127.0.0.1:PORT`) and reads the response.
pub(crate) fn send(address: &str, message: &Message) -> Result<Response, Unanswered> {
    response(begin(address, message)?, RESPONSE_LIMIT)
}

/// Writes the message; the server has it when this returns, whatever else the machine does.
pub(crate) fn begin(address: &str, message: &Message) -> Result<TcpStream, Unanswered> {
    let host = address.trim_start_matches("http://");
    let written = TcpStream::connect(host).and_then(|mut socket| {
        socket.write_all(&bytes_of(message, host))?;
        Ok(socket)
    });
    written.map_err(|error| broken_off(&error))
}

/// Whether a read would not wait.
pub(crate) fn has_something(socket: &TcpStream) -> io::Result<bool> {
    socket.set_nonblocking(true)?;
    let peeked = socket.peek(&mut [0]);
    socket.set_nonblocking(false)?;
    Ok(!matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock))
}

/// Reads the response to what was written to this socket, within so long.
pub(crate) fn response(socket: TcpStream, limit: Duration) -> Result<Response, Unanswered> {
    let mut bytes = Vec::new();
    match read_all(socket, limit, &mut bytes) {
        Err(error) if is_late(&error) && bytes.is_empty() => Err(Unanswered::nothing(limit)),
        Err(error) if is_late(&error) => Err(Unanswered::without_end(limit)),
        Err(error) => Err(broken_off(&error)),
        Ok(()) if bytes.is_empty() => {
            Err(Unanswered::Theirs("the connection was closed".to_owned()))
        }
        Ok(()) => parse(&bytes),
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn broken_off(error: &io::Error) -> Unanswered {
    Unanswered::Theirs(format!("the connection was closed ({error})"))
}

fn read_all(mut socket: TcpStream, limit: Duration, bytes: &mut Vec<u8>) -> io::Result<()> {
    let began = Instant::now();
    let mut buffer = [0; 8192];
    loop {
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() || bytes.len() > RESPONSE_SIZE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left))?;
        match socket.read(&mut buffer)? {
            0 => return Ok(()),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
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

fn parse(mut bytes: &[u8]) -> Result<Response, Unanswered> {
    // RFC 9110 §15.2: any number of interim responses may come before the final one.
    loop {
        let (response, rest) = parse_one(bytes)?;
        if !(100..=199).contains(&response.status) {
            return Ok(response);
        }
        bytes = rest;
    }
}

/// The first response, and what comes after its headers.
fn parse_one(bytes: &[u8]) -> Result<(Response, &[u8]), Unanswered> {
    let not_http = || Unanswered::Theirs("what came is not HTTP".to_owned());
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(bytes).map_err(|_| not_http())? else {
        return Err(not_http());
    };
    let headers: Vec<(String, Vec<u8>)> = response
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase(), header.value.to_owned()))
        .collect();
    let chunked =
        headers.iter().any(|(name, value)| name == "transfer-encoding" && value == b"chunked");
    let body = &bytes[start..];
    let status = response.code.unwrap_or_default();
    let own = match status {
        100..=199 => Vec::new(),
        _ if chunked => unchunked(body).ok_or_else(not_http)?,
        _ => body.to_owned(),
    };
    Ok((Response { status, body: own, headers }, body))
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return None;
        };
        let end = start.checked_add(usize::try_from(size).ok()?)?;
        body.extend_from_slice(rest.get(start..end)?);
        if size == 0 {
            return Some(body);
        }
        rest = rest.get(end..)?.get(2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together() {
        let body = unchunked(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        assert_eq!(body.as_deref(), Some(&b"hello world"[..]));
        assert_eq!(unchunked(b"5\r\nhel"), None);
        assert_eq!(unchunked(b"ffffffffffffffff\r\nhello"), None);
        assert_eq!(unchunked(b"fffffffffffffff0\r\nhello"), None);
    }

    #[test]
    fn an_interim_response_is_not_the_response() {
        let bytes =
            b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(parse(bytes).map(|response| response.status).ok(), Some(204));
        assert!(parse(b"HTTP/1.1 103 Early Hints\r\n\r\n").is_err());
    }
}
