//! A sibling of step 5: hand in a coat at `/coats` and get a ticket for it.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;

const SEATS: &[&str] = &["A1", "A2", "B1"];

#[derive(Default)]
struct Cloakroom {
    coats: Mutex<Vec<String>>,
}

#[derive(Deserialize)]
struct Deposit {
    seat: String,
    coat: String,
}

struct Refusal(&'static str);

impl Refusal {
    const UNREADABLE: Self = Self("send JSON with a seat and a coat");
    const NO_SUCH_SEAT: Self = Self("there is no such seat");
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.0).into_response()
    }
}

async fn hand_in(
    State(cloakroom): State<Arc<Cloakroom>>,
    deposit: Result<Json<Deposit>, JsonRejection>,
) -> Result<String, Refusal> {
    let Ok(Json(deposit)) = deposit else {
        return Err(Refusal::UNREADABLE);
    };
    if !SEATS.contains(&deposit.seat.as_str()) {
        return Err(Refusal::NO_SUCH_SEAT);
    }
    let mut coats = cloakroom.coats.lock().expect("no holder panics");
    coats.push(deposit.coat);
    Ok(format!("your ticket is number {}", coats.len()))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/coats", post(hand_in)).with_state(Arc::<Cloakroom>::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3205").await?;
    axum::serve(listener, app).await
}
