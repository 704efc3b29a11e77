//! Step 2: the code describes itself, at `/openapi.json` and `/docs`.

use std::{env, error::Error, net::Ipv4Addr};

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
#[utoipa::path(
    get,
    path = "/items",
    responses((status = 200, description = "Every item", body = Vec<Item>))
)]
#[debug_handler]
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}

#[derive(Serialize, ToSchema)]
struct Message {
    message: &'static str,
}

/// Read the secret
#[utoipa::path(
    get,
    path = "/items/secret",
    responses((status = 200, description = "The secret", body = Message))
)]
#[debug_handler]
async fn secret() -> Json<Message> {
    Json(Message { message: "This is not a secret yet." })
}

fn app() -> Router {
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await?;
    Ok(())
}
