//! One request on a connection of its own, and the response as the server sent it.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use protocol::exchange::{Request, Response};

/// How long a server may say nothing.
const LIMIT: Duration = Duration::from_secs(5);

/// Headers that say something about the day or the connection.
const LEFT_OUT: [&str; 3] = ["date", "content-length", "connection"];

/// Sends it to this address, or says why no response came.
pub(super) fn send(to: SocketAddr, request: &Request) -> Result<Response, String> {
    let response = exchange(to, request).map_err(|error| format!("no response came ({error})"))?;
    read(&String::from_utf8_lossy(&response))
}

fn exchange(to: SocketAddr, request: &Request) -> io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(to)?;
    socket.set_read_timeout(Some(LIMIT))?;
    socket.write_all(text_of(request, to).as_bytes())?;
    let mut response = Vec::new();
    socket.read_to_end(&mut response)?;
    Ok(response)
}

fn text_of(Request { method, path, headers, body }: &Request, to: SocketAddr) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    format!("{text}\r\n{body}")
}

fn read(response: &str) -> Result<Response, String> {
    let not_http = || format!("what was received is not HTTP: {response:?}");
    let (head, body) = response.split_once("\r\n\r\n").ok_or_else(not_http)?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.ok_or_else(not_http)?.trim_end().to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(not_http)?;
        let (name, value) = (name.to_lowercase(), value.trim().to_owned());
        if name == "transfer-encoding" {
            return Err("its body comes in chunks, which are not read here".to_owned());
        }
        if !LEFT_OUT.contains(&name.as_str()) {
            headers.push((name, value));
        }
    }
    Ok(Response { status, headers, body: body.trim_end().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_day_to_day_is_left_out_of_a_response() {
        let sent = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nx: a: b\r\ncontent-length: 3\r\n\
                    connection: close\r\ndate: today\r\n\r\none";
        let response = read(sent).expect("it is HTTP");
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(response.status, "200 OK");
        assert_eq!(response.headers, [header("content-type", "text/plain"), header("x", "a: b")]);
        assert_eq!(response.body, "one");
    }

    #[test]
    fn what_is_no_whole_response_is_refused() {
        assert!(read("").is_err_and(|why| why.contains("not HTTP")));
        assert!(read("220 ready\r\n\r\n").is_err_and(|why| why.contains("not HTTP")));
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
        assert!(read(chunked).is_err_and(|why| why.contains("in chunks")));
    }

    #[test]
    fn a_body_is_sent_with_its_length_and_an_empty_one_without() {
        let to = SocketAddr::from(([127, 0, 0, 1], 3002));
        let request = |body: &str| Request {
            method: "POST".to_owned(),
            path: "/a".to_owned(),
            headers: vec![("x".to_owned(), String::new())],
            body: body.to_owned(),
        };
        let begin = "POST /a HTTP/1.1\r\nhost: 127.0.0.1:3002\r\nconnection: close\r\nx: \r\n";
        assert_eq!(text_of(&request("é"), to), format!("{begin}content-length: 2\r\n\r\né"));
        assert_eq!(text_of(&request(""), to), format!("{begin}\r\n"));
    }
}
