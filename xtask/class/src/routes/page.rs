//! The page itself, for anybody: it shows nothing without a token.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// The page, its scripts and its style; and what the course plans, which is in the book as well.
pub(super) fn routes(planned: BTreeMap<u8, [u16; 2]>) -> Router {
    Router::new()
        .route("/planned.json", get(async move || Json(planned)))
        .route(
            "/",
            get(async || file("text/html; charset=utf-8", include_str!("../page/board.html"))),
        )
        .route("/board.js", get(async || file("text/javascript", include_str!("../page/board.js"))))
        .route("/show.js", get(async || file("text/javascript", include_str!("../page/show.js"))))
        .route("/board.css", get(async || file("text/css", include_str!("../page/board.css"))))
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
}
