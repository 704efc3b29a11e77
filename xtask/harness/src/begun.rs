//! A request that is with the server and may not be answered yet.

use std::net::TcpStream;

use crate::{
    client,
    exchange::Exchange,
    failure::Failure,
    message::{Message, QUEUE_LIMIT},
    process::Process,
};

/// A request whose response has not been read.
#[must_use = "its response may be a failure"]
pub struct Begun<'s> {
    pub(crate) process: &'s Process,
    pub(crate) message: Message,
    /// How many requests the server had been sent before.
    pub(crate) before: usize,
    pub(crate) socket: TcpStream,
}

impl Begun<'_> {
    /// Whether something of the response has come, or the connection is closed.
    pub fn is_answered(&self) -> Result<bool, Failure> {
        client::has_something(&self.socket)
            .map_err(|error| Failure::ours(format!("no socket: {error}")))
    }

    /// Waits for the response and reads it: at most 20 s and 4 MiB.
    pub fn finish(self) -> Result<Exchange, Failure> {
        let response = client::response(self.socket, &self.message, QUEUE_LIMIT);
        Exchange::conclude(self.process, &self.message, self.before, response)
    }
}
