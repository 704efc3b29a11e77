//! A sibling of step 9: a ticket says which areas of a zoo it opens, as in `X-Ticket: birds,bats`.

use std::marker::PhantomData;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    routing::get,
};
use tokio::net::TcpListener;

trait Areas {
    const NAMES: &'static [&'static str];
}

struct Birds;

impl Areas for Birds {
    const NAMES: &'static [&'static str] = &["birds"];
}

struct NightTour;

impl Areas for NightTour {
    const NAMES: &'static [&'static str] = &["birds", "bats"];
}

struct Ticket<A>(PhantomData<A>);

impl<A: Areas, S: Send + Sync> FromRequestParts<S> for Ticket<A> {
    type Rejection = (StatusCode, String);

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let ticket = parts.headers.get("x-ticket").and_then(|value| value.to_str().ok());
        let ticket = ticket.unwrap_or_default();
        let is_closed = |area: &&str| !ticket.contains(*area);
        let closed: Vec<&str> = A::NAMES.iter().copied().filter(is_closed).collect();
        if !closed.is_empty() {
            return Err((StatusCode::FORBIDDEN, format!("closed: {}", closed.join(", "))));
        }
        Ok(Self(PhantomData))
    }
}

async fn birds(_: Ticket<Birds>) -> &'static str {
    "three parrots"
}

async fn night_tour(_: Ticket<NightTour>) -> &'static str {
    "an owl and nine bats"
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/birds", get(birds)).route("/night-tour", get(night_tour));
    let listener = TcpListener::bind("127.0.0.1:3209").await?;
    axum::serve(listener, app).await
}
