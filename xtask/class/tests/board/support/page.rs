//! A page that follows the class.

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use serde_json::{Value, from_str};
use tokio_stream::StreamExt;
use tower::ServiceExt;
use workshop_class::serve::Peer;

use crate::support::client::Client;

/// A page that follows the class.
pub(crate) struct Page(BodyDataStream);

impl Page {
    pub(crate) async fn open(client: &Client, path: &str, token: &str) -> Self {
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .extension(Peer { address: [127, 0, 0, 1].into(), tls: false })
            .body(Body::empty())
            .expect("it is a request");
        let response = client.app.clone().oneshot(request).await.expect("it cannot fail");
        assert!(response.status().is_success());
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    /// The next snapshot, or nothing once the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        while let Some(chunk) = self.0.next().await {
            let chunk = chunk.expect("it is sent");
            let text = std::str::from_utf8(&chunk).expect("it is text");
            if let Some(data) = text.strip_prefix("data: ") {
                return Some(from_str(data.trim_end()).expect("it is JSON"));
            }
        }
        None
    }

    /// Reads on until a snapshot is as it should be.
    pub(crate) async fn until(&mut self, right: impl Fn(&Value) -> bool) {
        while let Some(snapshot) = self.next().await {
            if right(&snapshot) {
                return;
            }
        }
        panic!("the stream has ended");
    }

    /// Reads on until nobody has joined.
    pub(crate) async fn until_empty(&mut self) {
        self.until(|class| class["learners"].as_array().is_some_and(Vec::is_empty)).await;
    }

    /// Reads on until Ada has joined.
    pub(crate) async fn until_ada_is_there(&mut self) {
        self.until(|class| class["learners"][0]["name"] == "Ada").await;
    }
}
