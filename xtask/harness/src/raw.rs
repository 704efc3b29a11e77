//! A request written to the socket byte by byte: two headers of one name, blanks, bytes above 0x7f.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Instant,
};

use crate::{
    exchange::Answer,
    request::{ANSWER_LIMIT, ANSWER_SIZE, Header, NO_END, NoAnswer, Request},
};

pub(crate) fn send(request: &Request<'_>) -> Result<Answer, NoAnswer> {
    answer(begin(request)?)
}

/// Writes the request; the server has it when this returns, whatever else the machine does.
pub(crate) fn begin(request: &Request<'_>) -> Result<TcpStream, NoAnswer> {
    let host = request.server.address().trim_start_matches("http://");
    let written = TcpStream::connect(host).and_then(|mut socket| {
        socket.write_all(&bytes_of(request, host))?;
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

/// Reads the answer to what was written to this socket.
pub(crate) fn answer(socket: TcpStream) -> Result<Answer, NoAnswer> {
    let bytes = read_all(socket).map_err(|error| broken_off(&error))?;
    if bytes.is_empty() {
        return Err(NoAnswer::Theirs("the connection was closed".to_owned()));
    }
    parse(&bytes)
}

fn broken_off(error: &io::Error) -> NoAnswer {
    NoAnswer::Theirs(match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => NO_END.to_owned(),
        _ => format!("the connection was closed ({error})"),
    })
}

fn read_all(mut socket: TcpStream) -> io::Result<Vec<u8>> {
    let began = Instant::now();
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let left = ANSWER_LIMIT.saturating_sub(began.elapsed());
        if left.is_zero() || bytes.len() > ANSWER_SIZE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left))?;
        match socket.read(&mut buffer)? {
            0 => return Ok(bytes),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn bytes_of(request: &Request<'_>, host: &str) -> Vec<u8> {
    let start = format!(
        "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        request.method, request.path
    );
    let mut bytes = start.into_bytes();
    for Header { name, value, .. } in &request.headers {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    let body = request.body.as_deref().unwrap_or_default();
    if request.body.is_some() {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

fn parse(bytes: &[u8]) -> Result<Answer, NoAnswer> {
    let not_http = || NoAnswer::Theirs("what came is not HTTP".to_owned());
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
    Ok(Answer {
        status: response.code.unwrap_or_default(),
        body: if chunked { unchunked(body).ok_or_else(not_http)? } else { body.to_owned() },
        headers,
    })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return None;
        };
        let end = start + usize::try_from(size).ok()?;
        body.extend_from_slice(rest.get(start..end)?);
        if size == 0 {
            return Some(body);
        }
        rest = rest.get(end + 2..)?;
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
    }
}
