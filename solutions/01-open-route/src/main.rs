//! Step 1: an open route.

use std::{env, error::Error, net::Ipv4Addr};

use axum::{Json, Router, debug_handler, routing::get};
use serde::Serialize;
use tokio::net::TcpListener;

// ANCHOR: item
#[derive(Serialize)]
struct Item {
    id: u32,
    name: &'static str,
}
// ANCHOR_END: item

// ANCHOR: handler
/// List the items
#[debug_handler]
// BEGIN SOLUTION
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}
// END SOLUTION
//~ // TODO 2: return the two items, as JSON.
//~ async fn items() {}
// ANCHOR_END: handler

// ANCHOR: app
fn app() -> Router {
    // BEGIN SOLUTION
    Router::new().route("/items", get(items))
    // END SOLUTION
    //~ // TODO 1: add the route `/items`.
    //~ Router::new()
}
// ANCHOR_END: app

// ANCHOR: main
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
// ANCHOR_END: main
