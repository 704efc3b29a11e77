//! A sibling of step 6: a `Ticket` comes from a header, and a `Coat` is found by its ticket.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};

struct Ticket(u32);

impl<S: Send + Sync> FromRequestParts<S> for Ticket {
    type Rejection = NoCoat;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, NoCoat> {
        let value = parts.headers.get("x-ticket").ok_or(NoCoat)?;
        let digits = value.to_str().map_err(|_| NoCoat)?;
        digits.parse().map(Self).map_err(|_| NoCoat)
    }
}

struct Cloakroom(BTreeMap<u32, &'static str>);

struct Coat(&'static str);

impl FromRequestParts<Arc<Cloakroom>> for Coat {
    type Rejection = NoCoat;

    async fn from_request_parts(
        parts: &mut Parts,
        cloakroom: &Arc<Cloakroom>,
    ) -> Result<Self, NoCoat> {
        let Ticket(number) = Ticket::from_request_parts(parts, cloakroom).await?;
        cloakroom.0.get(&number).map(|coat| Self(coat)).ok_or(NoCoat)
    }
}

struct NoCoat;

impl IntoResponse for NoCoat {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, "no coat without a ticket of ours").into_response()
    }
}

async fn collect(Coat(coat): Coat) -> String {
    format!("here is your {coat}")
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let coats = BTreeMap::from([(1, "red duffel"), (2, "green parka")]);
    let app = Router::new().route("/coat", get(collect)).with_state(Arc::new(Cloakroom(coats)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3206").await?;
    axum::serve(listener, app).await
}
