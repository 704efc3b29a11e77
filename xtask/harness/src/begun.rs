//! Requests that are with the server and may not be answered yet.

use std::net::TcpStream;

use crate::{
    exchange::Exchange,
    failure::Failure,
    message::{Message, QUEUE_LIMIT},
    process::Process,
    raw,
    request::Request,
};

/// A request whose response has not been read.
#[must_use = "its response may be a failure"]
pub struct Begun<'s> {
    pub(crate) process: &'s Process,
    pub(crate) message: Message,
    pub(crate) socket: TcpStream,
}

impl Begun<'_> {
    /// Whether something of the response has come, or the connection is closed.
    pub fn is_answered(&self) -> Result<bool, Failure> {
        raw::has_something(&self.socket)
            .map_err(|error| Failure::ours(format!("no socket: {error}")))
    }

    /// Waits for the response and reads it: at most 20 s and 4 MiB.
    pub fn finish(self) -> Result<Exchange, Failure> {
        Exchange::conclude(self.process, &self.message, raw::response(self.socket, QUEUE_LIMIT))
    }
}

/// Sends these requests one after another, then all at once: each must be answered as before.
pub fn same_at_once<'s, T>(each: &[T], request: impl Fn(&T) -> Request<'s>) -> Result<(), Failure> {
    let alone: Vec<Exchange> =
        each.iter().map(|one| request(one).send()).collect::<Result<_, _>>()?;
    let begun: Vec<Begun<'_>> =
        each.iter().map(|one| request(one).begin()).collect::<Result<_, _>>()?;
    for (begun, alone) in begun.into_iter().zip(alone) {
        // A line to paste sends one request, which is answered as it was alone.
        let at_once = Exchange { curl: None, ..begun.finish()? };
        if alone.same_response(at_once.clone()).is_err() {
            let expected =
                "the response that it has when no other request comes at the same moment";
            return Err(at_once.failure(expected));
        }
    }
    Ok(())
}
