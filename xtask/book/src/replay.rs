//! The request of a snapshot, to be sent once more.

use axum::http::{self, HeaderName, HeaderValue, Method};
use protocol::{exchange::Request, invisible};

/// A request that can be sent again.
#[derive(Debug)]
pub(crate) struct Replay<'r> {
    method: Method,
    path: &'r str,
    headers: Vec<(HeaderName, &'r str)>,
    body: &'r str,
}

impl<'r> Replay<'r> {
    /// The error says what of it cannot be sent.
    pub(crate) fn new(request: &'r Request) -> Result<Self, String> {
        let method = &request.method;
        let method = method.parse().map_err(|_| format!("`{method}` is not a method"))?;
        let headers = request.headers.iter().map(|(name, value)| {
            let parsed = name.parse().map_err(|_| format!("`{name}` is not a header's name"))?;
            Ok((parsed, value.as_str()))
        });
        let headers = headers.collect::<Result<Vec<_>, String>>()?;
        let mut left_out = headers.iter().filter_map(|(_, value)| left_out(value));
        match left_out.find(|words| !is_token(words)) {
            Some(words) => {
                Err(format!("`<{words}>` is in place of bytes that the page cannot send"))
            }
            None => Ok(Self { method, path: &request.path, headers, body: &request.body }),
        }
    }

    /// What the snapshot says in place of a token: `the token of alice`.
    pub(crate) fn token(&self) -> Option<&'r str> {
        self.headers.iter().find_map(|(_, value)| left_out(value))
    }

    /// The request to this port of 127.0.0.1, with the token where one is left out.
    pub(crate) fn to_port<B: From<String>>(
        &self,
        port: u16,
        token: &str,
    ) -> Result<http::Request<B>, String> {
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(format!("http://127.0.0.1:{port}{}", self.path));
        for (name, value) in &self.headers {
            let value = match left_out(value) {
                Some(words) => value.replace(&format!("<{words}>"), token).into_bytes(),
                None => invisible::bytes(value),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> Request {
        Request::parse(text).expect("a request")
    }

    #[track_caller]
    fn sent(text: &str, token: &str) -> http::Request<String> {
        let request = request(text);
        let replay = Replay::new(&request).expect("one that can be sent");
        replay.to_port(3000, token).expect("it can be sent")
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
        let request = request(text);
        let replay = Replay::new(&request).expect("one that can be sent");
        assert_eq!(replay.token(), Some("the token of alice"));
        assert_eq!(sent(text, "abc").headers()["authorization"], "BEARER abc");
        let split = replay.to_port::<String>(3000, "a\r\nx: y");
        assert!(split.is_err(), "a token must not become a second header");
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        let wrong = |text: &str| Replay::new(&request(text)).expect_err("it cannot be sent");
        assert!(wrong("G(T / HTTP/1.1").contains("`G(T` is not a method"));
        assert!(wrong("GET / HTTP/1.1\nx y: z").contains("`x y` is not a header's name"));
        assert!(
            wrong("GET / HTTP/1.1\nauthorization: Bearer <64 KiB of x>").contains("64 KiB of x")
        );
    }
}
