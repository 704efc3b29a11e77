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
// BEGIN SOLUTION
/// List the items
#[debug_handler]
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}
// END SOLUTION
//~ // TODO: write the handler `items` here.
// ANCHOR_END: handler

// ANCHOR: app
fn app() -> Router {
    // BEGIN SOLUTION
    Router::new().route("/items", get(items))
    // END SOLUTION
    //~ // TODO: add the route `/items`.
    //~ Router::new()
}
// ANCHOR_END: app

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await?;
    Ok(())
}
// ANCHOR_END: main
