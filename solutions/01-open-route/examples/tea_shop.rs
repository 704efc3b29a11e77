//! A sibling of step 1: a tea shop that says when it is open and what it sells.

use axum::{Json, Router, debug_handler, routing::get};
use serde::Serialize;
use tokio::net::TcpListener;

#[derive(Serialize)]
struct Hours {
    opens: u8,
    closes: u8,
}

#[debug_handler]
async fn hours() -> Json<Hours> {
    Json(Hours { opens: 9, closes: 17 })
}

#[debug_handler]
async fn menu() -> String {
    r#"["Assam", "Sencha"]"#.to_owned()
}

fn app() -> Router {
    Router::new().route("/hours", get(hours)).route("/menu", get(menu))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3201").await?;
    axum::serve(listener, app()).await
}
