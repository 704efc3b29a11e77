//! Step 2: the code describes itself, at `/openapi.json` and `/docs`.

use std::{env, error::Error, net::Ipv4Addr};

// BEGIN SOLUTION
// END SOLUTION
//~ use axum::routing::get;
use axum::{Json, Router, debug_handler};
use serde::Serialize;
use tokio::net::TcpListener;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

// ANCHOR: document
#[derive(OpenApi)]
#[openapi(info(
    title = "Items API",
    version = "1.0.0",
    description = "The workshop's API: two items and a secret.",
    license(name = "MIT OR Apache-2.0")
))]
struct ApiDoc;
// ANCHOR_END: document

// ANCHOR: item
#[derive(Serialize, ToSchema)]
struct Item {
    id: u32,
    name: &'static str,
}
// ANCHOR_END: item

// ANCHOR: items
/// List the items
// BEGIN SOLUTION
#[utoipa::path(
    get,
    path = "/items",
    responses((status = 200, description = "Every item", body = Vec<Item>))
)]
// END SOLUTION
//~ // TODO 2: add the response to this description.
//~ #[utoipa::path(get, path = "/items")]
#[debug_handler]
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}
// ANCHOR_END: items

// ANCHOR: message
#[derive(Serialize, ToSchema)]
struct Message {
    message: &'static str,
}
// ANCHOR_END: message

// ANCHOR: secret
/// Read the secret
// BEGIN SOLUTION
#[utoipa::path(
    get,
    path = "/items/secret",
    responses((status = 200, description = "The secret", body = Message))
)]
// END SOLUTION
//~ // TODO 2: add the response to this description.
//~ #[utoipa::path(get, path = "/items/secret")]
#[debug_handler]
async fn secret() -> Json<Message> {
    Json(Message { message: "This is not a secret yet." })
}
// ANCHOR_END: secret

// ANCHOR: app
fn app() -> Router {
    // BEGIN SOLUTION
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
    // END SOLUTION
    //~ // TODO 1: make it an `OpenApiRouter`, and serve `/openapi.json` and `/docs`.
    //~ Router::new().route("/items", get(items)).route("/items/secret", get(secret))
}
// ANCHOR_END: app

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
