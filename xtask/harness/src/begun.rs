//! A request that is with the server and may not be answered yet.

use std::net::TcpStream;

use crate::{check::Failure, exchange::Exchange, raw, request::Request};

/// A request whose answer has not been read.
#[must_use = "its answer may be a failure"]
pub struct Begun<'s> {
    request: Request<'s>,
    socket: TcpStream,
}

impl<'s> Begun<'s> {
    pub(crate) fn new(request: Request<'s>, socket: TcpStream) -> Self {
        Self { request, socket }
    }

    /// Whether something of the answer has come, or the connection is closed.
    pub fn is_answered(&self) -> Result<bool, Failure> {
        raw::has_something(&self.socket)
            .map_err(|error| Failure::ours(format!("no socket: {error}")))
    }

    /// Waits for the answer and reads it: at most 5 s and 4 MiB.
    pub fn finish(self) -> Result<Exchange, Failure> {
        self.request.exchange(raw::answer(self.socket))
    }
}
