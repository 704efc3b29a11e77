//! Requests that are with the server at the same moment.

use crate::{begun::Begun, exchange::Exchange, failure::Failure, request::Request};

/// Sends these requests one after another, then all at once: each must be answered as before.
pub fn same_at_once<'s, T>(each: &[T], request: impl Fn(&T) -> Request<'s>) -> Result<(), Failure> {
    let alone: Vec<Exchange> =
        each.iter().map(|one| request(one).send()).collect::<Result<_, _>>()?;
    let begun: Vec<Begun<'_>> =
        each.iter().map(|one| request(one).begin()).collect::<Result<_, _>>()?;
    for (begun, alone) in begun.into_iter().zip(alone) {
        // A line to paste sends one request, which is answered as it was alone.
        let at_once = Exchange::not_by_hand(begun.finish())?;
        if alone.same_response(at_once.clone()).is_err() {
            let expected = "the response that it had before, when it came alone";
            return Err(at_once.failure(expected));
        }
    }
    Ok(())
}
