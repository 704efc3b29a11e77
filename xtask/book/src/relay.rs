//! Sends a request to a server on this machine and shows the answer as snapshots do.

use std::time::Duration;

use axum::{
    body::{self, Body},
    http::{HeaderMap, Request, header::CONTENT_TYPE, response::Parts},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// How long an exchange may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read.
const ANSWER_SIZE: usize = 4 * 1024 * 1024;

/// The answer's headers that belong to the wire contract.
const SHOWN: [&str; 5] = ["www-authenticate", "content-type", "cache-control", "location", "allow"];

/// An answer in words.
pub(crate) struct Answer {
    /// Status, headers and body.
    pub(crate) text: String,
    /// The `access_token` in it.
    pub(crate) token: Option<String>,
}

/// Sends it, without any proxy, and follows no redirect; or says why no answer came.
pub(crate) async fn send(request: Request<Body>) -> Result<Answer, &'static str> {
    let client: Client<HttpConnector, Body> =
        Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
    let exchange = async {
        let answer = client.request(request).await.map_err(|error| {
            if error.is_connect() {
                "nobody listens at its port"
            } else {
                "the connection was closed, perhaps since it stopped at a line of the code"
            }
        })?;
        let (parts, body) = answer.into_parts();
        let body = body::to_bytes(Body::new(body), ANSWER_SIZE).await;
        let body = body.map_err(|_| "it began, but did not end within 4 MiB")?;
        Ok(shown(&parts, &body))
    };
    tokio::time::timeout(ANSWER_LIMIT, exchange).await.unwrap_or(Err("none came in 5 s"))
}

fn shown(Parts { status, headers, .. }: &Parts, body: &[u8]) -> Answer {
    let mut text = format!("HTTP/1.1 {status}\n");
    for name in SHOWN {
        for value in headers.get_all(name) {
            text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        }
    }
    let json: Option<Value> =
        serde_json::from_slice(body).ok().filter(|_| kind(headers).starts_with("application/json"));
    let body = match &json {
        Some(value) => format!("{value:#}"),
        None => text_of(headers, body),
    };
    if !body.is_empty() {
        text.push_str(&format!("\n{body}\n"));
    }
    let token = json.as_ref().and_then(|value| value["access_token"].as_str());
    Answer { text, token: token.map(str::to_owned) }
}

/// A whole page of HTML would show nothing.
fn text_of(headers: &HeaderMap, body: &[u8]) -> String {
    const LONGEST: usize = 4096;
    let text = String::from_utf8_lossy(body);
    let title = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    match title.filter(|_| kind(headers).starts_with("text/html")) {
        Some((title, _)) => format!("<the page \"{title}\">"),
        None => text.chars().take(LONGEST).collect(),
    }
}

fn kind(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
