//! Sends a message as any HTTP client does.

use std::{
    io::Read,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use reqwest::{blocking::Client, header::HeaderValue, redirect};

use crate::message::{Header, Message, RESPONSE_LIMIT, RESPONSE_SIZE, Response, Unanswered};

/// Sends it to this address (`http://127.0.0.1:PORT`) and reads the response.
pub(crate) fn send(address: &str, message: &Message) -> Result<Response, Unanswered> {
    // A server may close a connection after its response if it has not read the whole body.
    let place = message.body.is_none().then_some(address);
    let client = take(place)?;
    let response = send_through(&client, address, message);
    match &response {
        // And some close it after an error of their own.
        Ok(response) if response.status < 500 => {
            idle().push(Idle { client, place: place.map(str::to_owned) });
        }
        // Its thread may still read what does not end; dropping it here would wait for that.
        _ => drop(thread::spawn(move || drop(client))),
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

/// A client that nobody uses: each has a thread, and a request that keeps one busy must not stop the others.
struct Idle {
    client: Client,
    /// Where its last connection leads, which may be open. One that sends bodies keeps none.
    place: Option<String>,
}

static IDLE: Mutex<Vec<Idle>> = Mutex::new(Vec::new());

fn idle() -> MutexGuard<'static, Vec<Idle>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a connection is kept: less than any server keeps it.
const KEPT: Duration = Duration::from_secs(1);

/// A client for one request: no proxy, no redirect followed. It keeps connections if there is a place to which they lead.
fn take(place: Option<&str>) -> Result<Client, Unanswered> {
    let mut idle = idle();
    let same = idle.iter().rposition(|idle| idle.place.as_deref() == place);
    let keeps = |idle: &Idle| idle.place.is_some() == place.is_some();
    if let Some(index) = same.or_else(|| idle.iter().rposition(keeps)) {
        return Ok(idle.swap_remove(index).client);
    }
    drop(idle);
    let client = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(RESPONSE_LIMIT)
        .pool_idle_timeout(KEPT);
    let client = if place.is_some() { client } else { client.pool_max_idle_per_host(0) };
    client.build().map_err(Unanswered::ours)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Ipv4Addr, TcpListener},
        thread,
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

    /// A server that answers every request with the number of its connection.
    fn counting() -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || {
            for (number, caller) in listener.incoming().enumerate() {
                let mut caller = caller.expect("somebody calls");
                thread::spawn(move || {
                    let mut buffer = [0; 1024];
                    while caller.read(&mut buffer).is_ok_and(|count| count > 0) {
                        write!(caller, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}")
                            .expect("the caller waits for it");
                    }
                });
            }
        });
        format!("http://{address}")
    }

    fn get() -> Message {
        let (method, path) = ("GET".to_owned(), "/".to_owned());
        Message { method, path, headers: Vec::new(), body: None, only: None, raw: false }
    }

    /// Clients are shared by all tests of this process.
    static TURN: Mutex<()> = Mutex::new(());

    #[test]
    fn a_connection_is_used_again_unless_a_body_was_sent() {
        let _turn = TURN.lock();
        let (server, other) = (counting(), counting());
        let number_of = |server: &str, message: &Message| {
            let response = send(server, message);
            response.map(|response| String::from_utf8_lossy(&response.body).into_owned()).ok()
        };
        let first = Some("0".to_owned());
        assert_eq!(number_of(&server, &get()), first);
        assert_eq!(number_of(&other, &get()), first);
        assert_eq!(number_of(&server, &get()), first);
        let with_body = Message { body: Some("x".to_owned()), ..get() };
        assert_eq!(number_of(&server, &with_body).as_deref(), Some("1"));
        assert_eq!(number_of(&server, &with_body).as_deref(), Some("2"));
        assert_eq!(number_of(&server, &get()), first);
    }

    #[test]
    fn interim_responses_without_end_are_no_response_and_stop_no_other_check() {
        let _turn = TURN.lock();
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
