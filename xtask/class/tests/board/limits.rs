//! What is too much, over a real socket where that matters.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    spawn,
};
use workshop_class::{routes, serve::serve_with};

use crate::support::client::Client;

#[tokio::test]
async fn a_thousand_events_at_once_are_too_many_and_those_of_another_learner_are_not() {
    let client = Client::on_a_file().await;
    let (ada, bob) = (client.learner("Ada").await, client.learner("Bob").await);
    let token = client.token(&ada, "progress:write").await;
    let mut statuses = Vec::new();
    for seq in 1..=1000 {
        let events = json!([{"seq": seq, "hand": true}]);
        statuses.push(client.json("POST", "/me/events", &token, events).await.status);
    }
    assert_eq!(statuses[..20], [StatusCode::OK; 20]);
    let refused =
        statuses.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert!(refused > 500, "{refused}");
    let token = client.token(&bob, "progress:write").await;
    let answer = client.json("POST", "/me/events", &token, json!([{"seq": 1, "hand": true}])).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_event_is_refused_whole() {
    let client = Client::on_a_file().await;
    let ada = client.learner("Ada").await;
    let token = client.token(&ada, "progress:write").await;
    let before = client.board.store.dump().await.expect("it can be read");
    let good = json!({"seq": 1, "hand": true});
    let many: Vec<_> = (1..=101).map(|seq| json!({"seq": seq, "hand": true})).collect();
    for body in [
        json!([good, {"seq": 2, "verdict": {"step": 1}}]),
        json!([good, {"seq": 2, "code": "fn main() {}"}]),
        json!([good, {"seq": -1, "hand": true}]),
        json!(many),
        json!({"seq": 1, "hand": true}),
    ] {
        let answer = client.json("POST", "/me/events", &token, body.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(client.board.store.dump().await.expect("it can be read"), before, "{body}");
    }
}

#[tokio::test]
async fn a_body_of_a_megabyte_is_refused_wherever_it_is_sent() {
    let client = Client::on_a_file().await;
    let token = client.instructor().await;
    let before = client.board.store.dump().await.expect("it can be read");
    for (method, path) in
        [("POST", "/join"), ("POST", "/me/events"), ("PUT", "/class/go-to"), ("GET", "/class")]
    {
        let body = json!({"code": "x".repeat(1_000_000), "name": "Ada"});
        let answer = client.json(method, path, &token, body).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{method} {path}");
    }
    assert_eq!(client.board.store.dump().await.expect("it can be read"), before);
}

#[tokio::test]
async fn a_head_that_is_sent_by_half_ends_the_connection_and_holds_up_nobody() {
    let client = Client::on_a_file().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let app = routes::app(client.board.clone());
    let server = spawn(serve_with(listener, None, app, Duration::from_millis(200)));
    let mut half = TcpStream::connect(address).await.expect("it accepts");
    half.write_all(b"GET / HTTP/1.1\r\nHost: b").await.expect("it can be sent");
    let mut whole = TcpStream::connect(address).await.expect("it accepts");
    whole
        .write_all(b"GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
        .await
        .expect("it can be sent");
    let mut page = String::new();
    whole.read_to_string(&mut page).await.expect("it is text");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).await.expect("the server ends it");
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    server.abort();
}
