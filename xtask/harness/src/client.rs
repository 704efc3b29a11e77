//! Sends a message as any HTTP client does.

use std::{
    io::Read,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use reqwest::{blocking::Client, header::HeaderValue, redirect};

use crate::message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered};

/// Sends it to this address (`http://127.0.0.1:PORT`) and reads the response.
pub(crate) fn send(address: &str, message: &Message) -> Result<Response, Unanswered> {
    let client = take()?;
    let response = send_through(&client, address, message);
    match response {
        Ok(_) => idle().push(client),
        // Its thread may still read what does not end; dropping it would wait for that.
        Err(_) => drop(thread::spawn(move || drop(client))),
    }
    response
}

fn send_through(client: &Client, address: &str, message: &Message) -> Result<Response, Unanswered> {
    let method = message.method.parse().map_err(Unanswered::ours)?;
    let mut request = client.request(method, format!("{address}{}", message.path));
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
        let count =
            response.read(&mut buffer).map_err(|_| Unanswered::without_end(RESPONSE_LIMIT))?;
        body.extend_from_slice(&buffer[..count]);
        if count == 0 {
            return Ok(Response { status: status.as_u16(), headers, body });
        }
        if body.len() > RESPONSE_SIZE || began.elapsed() > RESPONSE_LIMIT {
            return Err(Unanswered::without_end(RESPONSE_LIMIT));
        }
    }
}

fn broken_off(error: &reqwest::Error) -> Unanswered {
    if error.is_timeout() {
        Unanswered::nothing(RESPONSE_LIMIT)
    } else {
        Unanswered::Theirs("the connection was closed".to_owned())
    }
}

/// Clients that nobody uses: each has a thread, and a request that keeps one busy must not stop the others.
static IDLE: Mutex<Vec<Client>> = Mutex::new(Vec::new());

fn idle() -> MutexGuard<'static, Vec<Client>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client for one request: no proxy, no redirect followed, no connection used twice.
fn take() -> Result<Client, Unanswered> {
    if let Some(client) = idle().pop() {
        return Ok(client);
    }
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .timeout(RESPONSE_LIMIT)
        .build()
        .map_err(Unanswered::ours)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Ipv4Addr, TcpListener},
        thread,
        time::Duration,
    };

    use super::*;

    /// A server that writes this to its first caller as often as it can.
    fn writing(text: &'static str) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || {
            let (mut caller, _) = listener.accept().expect("somebody calls");
            caller.read_exact(&mut [0; 16]).expect("a request");
            while caller.write_all(text.as_bytes()).is_ok() {}
        });
        format!("http://{address}")
    }

    fn get() -> Message {
        let (method, path) = ("GET".to_owned(), "/".to_owned());
        Message { method, path, headers: Vec::new(), body: None, only: None, raw: false }
    }

    #[test]
    fn interim_responses_without_end_are_no_response_and_stop_no_other_check() {
        let flood = writing("HTTP/1.1 103 Early Hints\r\n\r\n");
        let began = Instant::now();
        let waiting = thread::spawn(move || send(&flood, &get()).is_err());
        let other = send(&writing("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"), &get());
        assert_eq!(other.ok().map(|response| response.status), Some(204));
        assert!(waiting.join().expect("it does not panic"), "it was answered");
        assert!(began.elapsed() < RESPONSE_LIMIT + Duration::from_secs(2), "{:?}", began.elapsed());
        let later = send(&writing("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"), &get());
        assert_eq!(later.ok().map(|response| response.status), Some(204));
    }
}
