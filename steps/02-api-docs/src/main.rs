//! Step 2: the code describes itself, at `/openapi.json` and `/docs`.

use std::{env, error::Error, net::Ipv4Addr};

use axum::routing::get;
use axum::{Json, Router, debug_handler};
use serde::Serialize;
use tokio::net::TcpListener;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(info(
    title = "Items API",
    version = "1.0.0",
    description = "The workshop's API: two items and a secret.",
    license(name = "MIT OR Apache-2.0")
))]
struct ApiDoc;

#[derive(Serialize, ToSchema)]
struct Item {
    id: u32,
    name: &'static str,
}

/// List the items
// TODO 2: add the response to this description.
#[utoipa::path(get, path = "/items")]
#[debug_handler]
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}

#[derive(Serialize, ToSchema)]
struct Message {
    message: &'static str,
}

/// Read the secret
// TODO 2: add the response to this description.
#[utoipa::path(get, path = "/items/secret")]
#[debug_handler]
async fn secret() -> Json<Message> {
    Json(Message { message: "This is not a secret yet." })
}

fn app() -> Router {
    // TODO 1: make it an `OpenApiRouter`, and serve `/openapi.json` and `/docs`.
    Router::new().route("/items", get(items)).route("/items/secret", get(secret))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = match env::var_os("PORT") {
        Some(port) => port.to_str().and_then(|port| port.parse().ok()),
        None => Some(3000),
    };
    let port: u16 = port.ok_or("PORT must be a number from 0 to 65535")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await?;
    Ok(())
}
