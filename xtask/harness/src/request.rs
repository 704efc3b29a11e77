//! One HTTP request to a server, made part by part and sent.

use crate::{
    begun::Begun,
    client,
    exchange::Exchange,
    failure::Failure,
    message::{Header, Message},
    process::Process,
    token::Token,
};

/// A request that has not been sent yet.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'s> {
    process: &'s Process,
    message: Message,
}

impl<'s> Request<'s> {
    pub(crate) fn new(process: &'s Process, method: &str, path: &str) -> Self {
        let message = Message {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
            only: None,
        };
        Self { process, message }
    }

    /// Adds a header; the value may be any bytes but line ends.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref().to_owned();
        self.message.headers.push(Header { name: name.to_owned(), value, token: None });
        self
    }

    /// Adds `Authorization: Bearer TOKEN` (RFC 6750 §2.1).
    pub fn bearer(self, token: impl Into<Token>) -> Self {
        self.credentials("Bearer ", token)
    }

    /// Adds an `Authorization` header of this scheme, which brings its spaces with it, and this token.
    pub fn credentials(mut self, scheme: &str, token: impl Into<Token>) -> Self {
        let token = token.into();
        self.message.headers.push(Header {
            name: "authorization".to_owned(),
            value: format!("{scheme}{}", token.text).into_bytes(),
            token: Some((scheme.to_owned(), token)),
        });
        self
    }

    /// Sends these fields as a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", &body)
    }

    /// Sends a body of this content type.
    pub fn body(self, content_type: &str, body: &str) -> Self {
        let mut request = self.header("content-type", content_type);
        request.message.body = Some(body.to_owned());
        request
    }

    /// Shows only this part of a JSON response, named by a JSON pointer (RFC 6901): `/paths`.
    pub fn showing_only(mut self, pointer: &str) -> Self {
        self.message.only = Some(pointer.to_owned());
        self
    }

    /// Sends it and reads the response: at most 4 MiB, within 5 s of the request.
    pub fn send(self) -> Result<Exchange, Failure> {
        let before = self.process.note_request();
        let response = client::send(self.process.address(), &self.message);
        Exchange::conclude(self.process, &self.message, before, response)
    }

    /// Writes it to a socket, without waiting for the response: when this returns, the request is with the
    /// server.
    pub fn begin(self) -> Result<Begun<'s>, Failure> {
        let Self { process, message } = self;
        let before = process.note_request();
        match client::begin(process.address(), &message) {
            Ok(socket) => Ok(Begun { process, message, before, socket }),
            Err(why) => Err(Exchange::conclude(process, &message, before, Err(why)).map_or_else(
                |failure| failure,
                |_| Failure::ours("a request that was never sent has a response"),
            )),
        }
    }
}

impl Exchange {
    /// Sends another request, which must be answered as this one was.
    pub fn same_for(&self, request: Request<'_>) -> Result<Self, Failure> {
        self.same_response(request.send()?)
    }

    /// Sends the same request once more, which must be answered as it was before.
    pub fn same_again(&self, request: Request<'_>) -> Result<Self, Failure> {
        // A line to paste sends it once, and once it is answered well.
        let again = Self::not_by_hand(request.send())?;
        let same = self.same_response(again.clone());
        same.map_err(|_| again.failure("the response that the same request had just before"))
    }
}
