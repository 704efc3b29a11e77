//! How much of one kind one client may do. Each board process counts for itself: with three processes, three times as much.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use crate::refusal::TooMany;

/// The largest body.
pub const LARGEST_BODY: usize = 64 * 1024;

/// How long a client may take to send one.
const SLOWEST_BODY: Duration = Duration::from_secs(10);

/// As many clients as are counted at a time. Beyond it, those that are back at nothing are forgotten.
const MOST: usize = 10_000;

/// So many at once, and then one each `interval`: a bucket for each client.
pub struct Limit<K> {
    at_once: u32,
    interval: Duration,
    /// When the client's bucket will be empty again.
    empty_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq> Limit<K> {
    /// So many at once, and then one each `interval`.
    pub fn new(at_once: u32, interval: Duration) -> Self {
        Self { at_once, interval, empty_at: Mutex::default() }
    }

    /// Counts one more, unless there have been too many.
    pub fn count(&self, client: K, now: Instant) -> Result<(), TooMany> {
        let mut empty_at = self.empty_at.lock().unwrap_or_else(PoisonError::into_inner);
        if empty_at.len() >= MOST {
            empty_at.retain(|_, at| *at > now);
        }
        let fill = empty_at.get(&client).map_or(Duration::ZERO, |at| at.duration_since(now));
        self.room(fill)?;
        empty_at.insert(client, now + fill + self.interval);
        Ok(())
    }

    /// Whether one more would be too many.
    pub fn check(&self, client: &K, now: Instant) -> Result<(), TooMany> {
        let empty_at = self.empty_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.room(empty_at.get(client).map_or(Duration::ZERO, |at| at.duration_since(now)))
    }

    fn room(&self, fill: Duration) -> Result<(), TooMany> {
        let over = (fill + self.interval).saturating_sub(self.interval * self.at_once);
        if over.is_zero() { Ok(()) } else { Err(TooMany(over.as_secs() + 1)) }
    }
}

/// Reads the whole body before anything else is done: at most so much, in at most so much time.
pub async fn whole_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match timeout(SLOWEST_BODY, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_come_at_once_and_the_rest_one_by_one() {
        let limit = Limit::new(3, Duration::from_secs(2));
        let began = Instant::now();
        let count = |seconds| limit.count("a", began + Duration::from_secs(seconds)).is_ok();
        assert_eq!(
            [0, 0, 0, 0, 1, 2, 2, 3, 4].map(count),
            [true, true, true, false, false, true, false, false, true]
        );
        assert!(limit.count("b", began).is_ok(), "another client has a bucket of its own");
        assert!(limit.check(&"b", began).is_ok() && limit.check(&"a", began).is_err());
    }

    #[test]
    fn a_client_learns_when_to_come_again() {
        let limit = Limit::new(1, Duration::from_mins(1));
        let began = Instant::now();
        assert!(limit.count("a", began).is_ok());
        assert!(matches!(limit.count("a", began), Err(TooMany(61))));
    }

    #[test]
    fn a_thousand_addresses_fill_no_memory() {
        let limit = Limit::new(1, Duration::from_secs(1));
        let began = Instant::now();
        for client in 0..3 * MOST {
            let later = began + Duration::from_secs(client as u64);
            assert!(limit.count(client, later).is_ok());
        }
        assert!(limit.empty_at.lock().expect("nobody panics").len() <= MOST);
    }
}
