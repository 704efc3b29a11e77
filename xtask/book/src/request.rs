//! The request of a snapshot, to be sent once more.

use axum::http::{HeaderName, HeaderValue, Method, Request};

/// A request as a snapshot shows it.
#[derive(Debug)]
pub(crate) struct Shown<'s> {
    method: Method,
    path: &'s str,
    headers: Vec<(HeaderName, &'s str)>,
    body: &'s str,
}

impl<'s> Shown<'s> {
    /// Reads what the harness has written.
    pub(crate) fn parse(text: &'s str) -> Result<Self, String> {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let not_one = || format!("`{first}` begins no request");
        let (method, rest) = first.split_once(' ').ok_or_else(not_one)?;
        let path = rest.strip_suffix(" HTTP/1.1").ok_or_else(not_one)?;
        let method = method.parse().map_err(|_| not_one())?;
        let header = |line: &'s str| {
            let (name, value) = line.split_once(": ").ok_or(())?;
            Ok((name.parse().map_err(|_| ())?, value))
        };
        let headers = lines
            .map(|line| header(line).map_err(|()| format!("`{line}` is no header")))
            .collect::<Result<Vec<_>, String>>()?;
        let shown = Self { method, path, headers, body };
        match shown
            .headers
            .iter()
            .filter_map(|(_, value)| left_out(value))
            .find(|words| !is_token(words))
        {
            Some(words) => Err(format!("`<{words}>` stands for bytes that the page cannot send")),
            None => Ok(shown),
        }
    }

    /// What the snapshot says in place of a token: `the token of alice`.
    pub(crate) fn token(&self) -> Option<&'s str> {
        self.headers.iter().find_map(|(_, value)| left_out(value))
    }

    /// The request to this port of 127.0.0.1, with the token where one is left out.
    pub(crate) fn to<B: From<String>>(&self, port: u16, token: &str) -> Result<Request<B>, String> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(format!("http://127.0.0.1:{port}{}", self.path));
        for (name, value) in &self.headers {
            let value = match left_out(value) {
                Some(words) => value.replace(&format!("<{words}>"), token).into_bytes(),
                None => bytes(value),
            };
            let value = HeaderValue::from_bytes(&value).map_err(|_| {
                "there is a line end, or another control character, in it".to_owned()
            })?;
            request = request.header(name, value);
        }
        request.body(B::from(self.body.to_owned())).map_err(|error| error.to_string())
    }
}

/// The words between `<` and `>`, where a snapshot does not show what was sent.
fn left_out(value: &str) -> Option<&str> {
    value.split_once('<')?.1.strip_suffix('>')
}

fn is_token(words: &str) -> bool {
    words.starts_with("the token of ") || words.starts_with("a token of ")
}

/// A value's bytes; the harness writes those out that the eye would miss: `\x20`, `\t`.
fn bytes(value: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = value;
    while let Some(next) = rest.chars().next() {
        let hex =
            rest.strip_prefix("\\x").and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = &rest[4..];
        } else if let Some(after) = rest.strip_prefix("\\t") {
            bytes.push(b'\t');
            rest = after;
        } else {
            bytes.extend_from_slice(next.to_string().as_bytes());
            rest = &rest[next.len_utf8()..];
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sent(text: &str, token: &str) -> Request<String> {
        let shown = Shown::parse(text).expect("a request");
        shown.to(3000, token).expect("it can be sent")
    }

    #[test]
    fn a_request_goes_to_127_0_0_1_as_the_snapshot_shows_it() {
        let form = sent("POST /token HTTP/1.1\ncontent-type: text/plain\n\na=b\n\nc", "");
        assert_eq!(
            (form.method().as_str(), form.uri().to_string().as_str()),
            ("POST", "http://127.0.0.1:3000/token")
        );
        assert_eq!(form.body(), "a=b\n\nc");
        assert_eq!(form.headers()["content-type"], "text/plain");
    }

    #[test]
    fn a_header_may_come_twice_and_have_any_bytes() {
        let twice = "GET / HTTP/1.1\nauthorization: Bearer\\x20\nauthorization: s\\xe9\\tame";
        let request = sent(twice, "");
        let values: Vec<&[u8]> =
            request.headers().get_all("authorization").iter().map(HeaderValue::as_bytes).collect();
        assert_eq!(values, [b"Bearer ".as_slice(), b"s\xe9\tame"]);
    }

    #[test]
    fn a_token_that_is_left_out_is_put_in() {
        let text = "GET / HTTP/1.1\nauthorization: BEARER <the token of alice>";
        assert_eq!(Shown::parse(text).expect("a request").token(), Some("the token of alice"));
        assert_eq!(sent(text, "abc").headers()["authorization"], "BEARER abc");
        let split = Shown::parse(text).expect("a request").to::<String>(3000, "a\r\nx: y");
        assert!(split.is_err(), "a token must not become a second header");
    }

    #[test]
    fn what_cannot_be_sent_is_told() {
        let told = |text| Shown::parse(text).expect_err("it cannot be sent");
        assert!(told("nothing").contains("begins no request"));
        assert!(told("GET / HTTP/1.1\nx").contains("is no header"));
        assert!(
            told("GET / HTTP/1.1\nauthorization: Bearer <64 KiB of x>").contains("64 KiB of x")
        );
    }
}
