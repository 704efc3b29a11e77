//! Sends a request to a server on this machine and shows the response as snapshots do.

use std::time::Duration;

use axum::{
    body::{self, Body},
    http::{Request, response::Parts},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use protocol::exchange::Response;

/// How long an exchange may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Bytes of a body that are read.
const LARGEST_BODY: usize = 256 * 1024;

/// Characters of a token that can be sent again in a header.
const LONGEST_TOKEN: usize = 8 * 1024;

/// A response, and what the console takes out of it.
pub(crate) struct Relayed {
    pub(crate) response: Response,
    /// The `access_token` in it.
    pub(crate) token: Option<String>,
}

/// Sends it, without any proxy, and follows no redirect; or says why no response came.
pub(crate) async fn send(request: Request<Body>) -> Result<Relayed, &'static str> {
    let client: Client<HttpConnector, Body> =
        Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
    let exchange = async {
        let response = client.request(request).await.map_err(|error| {
            if error.is_connect() {
                "nobody listens at its port"
            } else {
                "the connection was closed, perhaps since it stopped at a line of the code"
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = body::to_bytes(Body::new(body), LARGEST_BODY).await;
        let body = body.map_err(|_| "it began, but did not end within 256 KiB")?;
        Ok(relayed(&parts, &body))
    };
    tokio::time::timeout(LIMIT, exchange).await.unwrap_or(Err("none came in 5 s"))
}

fn relayed(Parts { status, headers, .. }: &Parts, body: &[u8]) -> Relayed {
    let mut token = None;
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let response = Response::received(status, &headers, body, |json| {
        token = json["access_token"].as_str().filter(|token| is_sendable(token)).map(str::to_owned);
        format!("{json:#}")
    });
    Relayed { response, token }
}

/// What is not cannot be sent unchanged, and a field would not show it as it is.
fn is_sendable(token: &str) -> bool {
    token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic())
}
