//! Where a response begins and ends in what comes from a server (RFC 9112 §6.3 and §7.1).

use httparse::Status;

use crate::message::{Message, Response, Unanswered};

/// Headers and trailers of one response that are read.
const MOST_HEADERS: usize = 100;

/// What has come so far.
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    /// Status and headers of the final response, and where its body begins.
    head: Option<(Response, usize)>,
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
    /// Of the response to this message, of which nothing has come.
    pub(crate) fn to(message: &Message) -> Self {
        Self { bytes: Vec::new(), head: None, has_no_body: message.method == "HEAD" }
    }

    /// The response, if all of it is there.
    pub(crate) fn whole(&mut self) -> Result<Option<Response>, Unanswered> {
        self.read_head()?;
        let Some((head, start)) = &self.head else { return Ok(None) };
        let body = &self.bytes[*start..];
        let body = match self.end(head)? {
            End::After(length) => body.get(..length).map(<[u8]>::to_vec),
            End::WithLastChunk => unchunked(body)?,
            End::WithConnection => None,
        };
        Ok(body.map(|body| Response { body, ..head.clone() }))
    }

    /// The response, of which nothing more will come.
    pub(crate) fn ended(mut self) -> Result<Response, Unanswered> {
        let count = self.bytes.len();
        match self.head.take() {
            Some((head, start)) if matches!(self.end(&head)?, End::WithConnection) => {
                Ok(Response { body: self.bytes.split_off(start), ..head })
            }
            _ => Err(Unanswered::closed(count)),
        }
    }

    /// Reads the head, if all of it is there. Any number of interim responses may come before it (RFC 9110 §15.2); they
    /// are taken away.
    fn read_head(&mut self) -> Result<(), Unanswered> {
        while self.head.is_none() {
            let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
            let mut response = httparse::Response::new(&mut headers);
            let Status::Complete(start) = response.parse(&self.bytes).map_err(not_http)? else {
                return Ok(());
            };
            let status = response.code.unwrap_or_default();
            // After 101 no other response comes.
            if !matches!(status, 100 | 102..=199) {
                let text = |header: &httparse::Header<'_>| {
                    (header.name.to_ascii_lowercase(), header.value.to_owned())
                };
                let headers = response.headers.iter().map(text).collect();
                self.head = Some((Response { status, headers, body: Vec::new() }, start));
                return Ok(());
            }
            self.bytes.drain(..start);
        }
        Ok(())
    }

    fn end(&self, head: &Response) -> Result<End, Unanswered> {
        if self.has_no_body || matches!(head.status, 101 | 204 | 304) {
            return Ok(End::After(0));
        }
        if let Some(coding) = head.elements("transfer-encoding").last() {
            let is_chunked = coding.eq_ignore_ascii_case("chunked");
            return Ok(if is_chunked { End::WithLastChunk } else { End::WithConnection });
        }
        let lengths = head.elements("content-length");
        let Some((length, others)) = lengths.split_first() else { return Ok(End::WithConnection) };
        let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
        let number =
            length.parse().ok().filter(|_| is_number && others.iter().all(|o| o == length));
        number
            .map(End::After)
            .ok_or_else(|| Unanswered::theirs("the content-length of what came is not one number"))
    }
}

impl Response {
    /// The parts of all headers of this name, which lists are made of (RFC 9110 §5.6.1).
    fn elements(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        let values = named.map(|(_, value)| String::from_utf8_lossy(value));
        values
            .flat_map(|value| {
                value.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>()
            })
            .collect()
    }
}

fn not_http(error: httparse::Error) -> Unanswered {
    match error {
        httparse::Error::TooManyHeaders => {
            Unanswered::theirs("what came has more than 100 headers")
        }
        _ => Unanswered::theirs("what came is not HTTP"),
    }
}

/// The chunks without what is between and after them (RFC 9112 §7.1), if all of it is there.
fn unchunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, Unanswered> {
    let not_chunks = || Unanswered::theirs("the body of what came is not made of chunks");
    let mut body = Vec::new();
    loop {
        let size = match httparse::parse_chunk_size(rest) {
            Ok(Status::Complete(size)) if rest[0].is_ascii_hexdigit() => size,
            Ok(Status::Partial) => return Ok(None),
            _ => return Err(not_chunks()),
        };
        let (start, size) = (size.0, usize::try_from(size.1).map_err(|_| not_chunks())?);
        if size == 0 {
            let mut trailers = [httparse::EMPTY_HEADER; MOST_HEADERS];
            let end = httparse::parse_headers(&rest[start..], &mut trailers).map_err(not_http)?;
            return Ok(end.is_complete().then_some(body));
        }
        let end = start.checked_add(size).ok_or_else(not_chunks)?;
        match rest.get(end..).and_then(|after| after.get(..2)) {
            None => return Ok(None),
            Some(b"\r\n") => {}
            Some(_) => return Err(not_chunks()),
        }
        body.extend_from_slice(&rest[start..end]);
        rest = &rest[end + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_that_comes_in_pieces_is_whole_with_the_last_of_them() {
        let text =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\ntransfer-encoding: x, Chunked\r\n\r\n\
            5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nx: y\r\n\r\n";
        let mut received = Received { bytes: Vec::new(), head: None, has_no_body: false };
        for byte in &text[..text.len() - 1] {
            received.bytes.push(*byte);
            assert!(matches!(received.whole(), Ok(None)), "{:?}", received.bytes);
        }
        received.bytes.push(b'\n');
        let whole = received.whole().ok().flatten().expect("it is whole");
        assert_eq!(whole.body, b"hello!");
    }

    #[test]
    fn what_is_no_chunk_is_refused_and_no_size_overflows() {
        for wrong in ["ffffffffffffffff\r\nhi", "\r\n\r\n", "5\r\nhello0\r\n\r\n", "x\r\n"] {
            assert!(unchunked(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(matches!(unchunked(b"7fffffffffffffff\r\nhi"), Ok(None)));
    }
}
