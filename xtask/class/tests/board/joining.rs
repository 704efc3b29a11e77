//! How learners come in.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{client::Client, databases::on_both};

async fn join(client: &Client, code: &str, name: &str) -> (StatusCode, Value) {
    let answer = client.json("POST", "/join", "", json!({"code": code, "name": name})).await;
    (answer.status, answer.json())
}

async fn code(client: &Client) -> String {
    client.board.store.class().await.expect("there is a class").code
}

#[tokio::test]
async fn the_code_is_traded_for_a_key_that_is_stored_nowhere() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        let code = code(&client).await.to_lowercase();
        let (status, body) =
            join(&client, &format!("{}-{}", &code[..4], &code[4..]), " Ada ").await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let key = body["key"].as_str().expect("it is text");
        assert_eq!(key.len(), 64, "256 bits");
        let dump = client.board.store.dump().await.expect("it can be read");
        assert!(dump.contains(r#"name: "Ada""#) && !dump.contains(key));
    })
    .await;
}

#[tokio::test]
async fn forty_come_in_from_one_address_while_a_guesser_beside_them_has_to_wait() {
    let client = Client::on_a_file().await;
    let code = code(&client).await;
    let mut guesses = Vec::new();
    for number in 0..40 {
        guesses.push(join(&client, "ABCDEFGH", "Eve").await.0);
        let (status, body) = join(&client, &code, &format!("Learner {number}")).await;
        assert_eq!(status, StatusCode::CREATED, "{number}: {body}");
    }
    assert_eq!(guesses[..10], [StatusCode::FORBIDDEN; 10]);
    assert_eq!(guesses[11..], [StatusCode::TOO_MANY_REQUESTS; 29]);
    let learners = client.board.store.learners().await.expect("it can be read");
    assert_eq!(learners.len(), 40);
}

#[tokio::test]
async fn nobody_comes_in_by_another_way() {
    let client = Client::on_a_file().await;
    let code = code(&client).await;
    let before = client.board.store.dump().await.expect("it can be read");
    for (body, status) in [
        (json!({"code": "", "name": "Eve"}), StatusCode::FORBIDDEN),
        (json!({"code": code[..7], "name": "Eve"}), StatusCode::FORBIDDEN),
        (json!({"code": code, "name": ""}), StatusCode::BAD_REQUEST),
        (json!({"code": code, "name": "Ada\u{202e}"}), StatusCode::BAD_REQUEST),
        (json!({"code": code}), StatusCode::BAD_REQUEST),
        (json!({"code": code, "name": "Eve", "hand": true}), StatusCode::BAD_REQUEST),
        (json!([]), StatusCode::BAD_REQUEST),
    ] {
        let answer = client.json("POST", "/join", "", body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
    }
    assert_eq!(client.board.store.dump().await.expect("it can be read"), before);
    client.board.store.set_locked(true).await.expect("it is stored");
    assert_eq!(join(&client, &code, "Ada").await.0, StatusCode::FORBIDDEN);
    assert_eq!(client.board.store.learners().await.expect("it can be read"), []);
}

#[tokio::test]
async fn names_are_shown_as_they_are_and_are_formulas_nowhere() {
    let client = Client::on_a_file().await;
    let code = code(&client).await;
    for name in ["<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "Ada, \"Countess\""] {
        assert_eq!(join(&client, &code, name).await.0, StatusCode::CREATED);
    }
    let token = client.instructor().await;
    let class = client.json("GET", "/class", &token, json!(null)).await.json();
    let names: Vec<&str> = class["learners"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert!(names.contains(&"<img src=x onerror=alert(1)>"));
    let csv = client.json("GET", "/class/export.csv", &token, json!(null)).await;
    assert!(csv.body.contains("\"'=cmd|' /C calc'!A0\""), "{}", csv.body);
    assert!(csv.body.contains(r#""Ada, ""Countess""""#), "{}", csv.body);
}
