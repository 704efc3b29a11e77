//! The token endpoint.

use axum::http::{StatusCode, header};
use serde_json::json;

use crate::support::{
    client::{Client, form},
    databases::on_both,
};

const PASSWORD: &str = "correct horse battery";

const KEY_GRANT: &str = "urn%3Aworkshop%3Aclass%3Agrant-type%3Alearner-key";

fn login(password: &str, scope: &str) -> String {
    format!("grant_type=password&username=instructor&password={password}&scope={scope}")
}

#[tokio::test]
async fn a_key_is_traded_for_a_token_of_ones_own_row() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        let key = client.join("Ada").await;
        let fields = format!("grant_type={KEY_GRANT}&key={key}");
        let answer = client.send(form("/token", &fields)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        let token = answer.json();
        assert_eq!(token["scope"], "progress:write");
        assert_eq!(token["expires_in"], 12 * 60 * 60);
        let access = token["access_token"].as_str().expect("it is text");
        let me = client.json("GET", "/me", access, json!(null)).await;
        assert_eq!(me.json()["name"], "Ada");
    })
    .await;
}

#[tokio::test]
async fn the_instructor_gets_the_scopes_that_are_asked_for() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        client.board.store.set_password(PASSWORD).await.expect("it is stored");
        let answer =
            client.send(form("/token", &login(PASSWORD, "class:read%20class:admin"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let token = answer.json();
        assert_eq!(token["scope"], "class:admin class:read");
        assert_eq!(token["expires_in"], 8 * 60 * 60);
        let access = token["access_token"].as_str().expect("it is text");
        let class = client.json("GET", "/class", access, json!(null)).await;
        assert_eq!(
            class.status,
            StatusCode::OK,
            "a token is good from the second on in which it is issued"
        );
        let show = client.json("GET", "/show", access, json!(null)).await;
        assert_eq!(show.status, StatusCode::FORBIDDEN);
        client.board.store.set_password("another password").await.expect("it is stored");
        let class = client.json("GET", "/class", access, json!(null)).await;
        assert_eq!(class.status, StatusCode::UNAUTHORIZED, "a new password ends it");
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_gets_the_error_that_rfc_6749_has_for_it() {
    let client = Client::on_a_file().await;
    client.board.store.set_password(PASSWORD).await.expect("it is stored");
    let before = client.board.store.dump().await.expect("it can be read");
    for (fields, error) in [
        (login("wrong", ""), "invalid_grant"),
        (format!("grant_type=password&username=alice&password={PASSWORD}"), "invalid_grant"),
        (login(PASSWORD, "progress:write"), "invalid_scope"),
        (login(PASSWORD, "class:read%20%20class:admin"), "invalid_scope"),
        (login("", ""), "invalid_request"),
        ("grant_type=password".to_owned(), "invalid_request"),
        (login(PASSWORD, "") + "&scope=class:read", "invalid_request"),
        (String::new(), "invalid_request"),
        ("grant_type=refresh_token".to_owned(), "unsupported_grant_type"),
        (format!("grant_type={KEY_GRANT}"), "invalid_request"),
        (format!("grant_type={KEY_GRANT}&key=sesame"), "invalid_grant"),
        (format!("grant_type={KEY_GRANT}&key=sesame&scope=class:read"), "invalid_scope"),
    ] {
        let answer = client.send(form("/token", &fields)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields}");
        assert_eq!(answer.json()["error"], error, "{fields}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{fields}");
    }
    assert_eq!(client.board.store.dump().await.expect("it can be read"), before);
}

#[tokio::test]
async fn a_password_from_the_network_is_refused_before_it_is_checked() {
    let client = Client::on_a_file().await;
    client.board.store.set_password(PASSWORD).await.expect("it is stored");
    for address in ["192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"] {
        let address = address.parse().expect("it is an address");
        let answer =
            client.send_from(address, form("/token", &login(PASSWORD, "class:read"))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        assert_eq!(answer.json()["error"], "invalid_request", "{address}");
    }
    for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let address = address.parse().expect("it is an address");
        let answer =
            client.send_from(address, form("/token", &login(PASSWORD, "class:read"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn someone_who_guesses_passwords_has_to_wait_and_the_hash_is_not_computed() {
    let client = Client::on_a_file().await;
    client.board.store.set_password(PASSWORD).await.expect("it is stored");
    for _ in 0..10 {
        let answer = client.send(form("/token", &login("wrong", ""))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    let answer = client.send(form("/token", &login(PASSWORD, ""))).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 =
        answer.headers[header::RETRY_AFTER].to_str().expect("text").parse().expect("a number");
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn someone_who_guesses_codes_does_not_lock_out_the_instructor_behind_the_same_address() {
    let client = Client::on_a_file().await;
    client.board.store.set_password(PASSWORD).await.expect("it is stored");
    let guess = json!({"code": "ABCDEFGH", "name": "Eve"});
    let mut last = StatusCode::OK;
    for _ in 0..11 {
        last = client.json("POST", "/join", "", guess.clone()).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let answer = client.send(form("/token", &login(PASSWORD, "class:read"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}
