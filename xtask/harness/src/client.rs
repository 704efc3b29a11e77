//! Sends a message as any HTTP client does.

use std::{io::Read, sync::OnceLock, time::Instant};

use reqwest::{blocking::Client, header::HeaderValue, redirect};

use crate::message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered};

/// Sends it to this address (`http://127.0.0.1:PORT`) and reads the response.
pub(crate) fn send(address: &str, message: &Message) -> Result<Response, Unanswered> {
    let method = message.method.parse().map_err(Unanswered::ours)?;
    let mut request = client()?.request(method, format!("{address}{}", message.path));
    for Header { name, value, .. } in &message.headers {
        request = request.header(name, HeaderValue::from_bytes(value).map_err(Unanswered::ours)?);
    }
    if let Some(body) = &message.body {
        request = request.body(body.clone());
    }
    let began = Instant::now();
    let mut response = request.send().map_err(|error| broken_off(&error))?;
    let status = response.status();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_owned()))
        .collect();
    let mut body = Vec::new();
    let mut buffer = [0; 8192];
    // reqwest limits each read; a response that comes drop by drop needs a limit for all of them.
    loop {
        let count = response.read(&mut buffer).map_err(|_| Unanswered::without_end())?;
        body.extend_from_slice(&buffer[..count]);
        if count == 0 {
            return Ok(Response { status: status.as_u16(), headers, body });
        }
        if body.len() > RESPONSE_SIZE || began.elapsed() > RESPONSE_LIMIT {
            return Err(Unanswered::without_end());
        }
    }
}

fn broken_off(error: &reqwest::Error) -> Unanswered {
    Unanswered::Theirs(if error.is_timeout() {
        format!("nothing came in {} s", RESPONSE_LIMIT.as_secs())
    } else {
        "the connection was closed".to_owned()
    })
}

/// One client for all checks: no proxy, no redirect followed, no connection used twice.
fn client() -> Result<&'static Client, Unanswered> {
    static CLIENT: OnceLock<Result<Client, String>> = OnceLock::new();
    let build = || {
        Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .timeout(RESPONSE_LIMIT)
            .build()
            .map_err(|error| error.to_string())
    };
    CLIENT.get_or_init(build).as_ref().map_err(Unanswered::ours)
}
