//! Names that learners make up.

use axum::http::StatusCode;
use serde_json::{Value, json};
use workshop_class::course::{ANOTHER_CHECK, Course};

use crate::support::client::Client;

async fn client() -> Client {
    let course = Course {
        checks: ["refuses_another_scheme".to_owned()].into(),
        mistakes: ["second-word-only".to_owned()].into(),
        ..Course::default()
    };
    Client::with_course(course).await
}

/// A learner reports these names; the class as the instructor sees it, and everything that is stored.
async fn reported(failing: &str, finding: &str, mistake: &str) -> (Value, String, String) {
    let client = client().await;
    let ada = client.learner("Ada").await;
    let token = client.token(&ada, "progress:write").await;
    let verdict = json!({"step": 3, "passed": 4, "checks": 9, "core": false, "minutes": 7,
        "failing": failing, "finding": finding, "mistake": mistake});
    let answer =
        client.json("POST", "/me/events", &token, json!([{"seq": 1, "verdict": verdict}])).await;
    assert_eq!(answer.status, StatusCode::OK);
    let token = client.instructor().await;
    let class = client.json("GET", "/class", &token, Value::Null).await.json();
    let csv = client.json("GET", "/class/export.csv", &token, Value::Null).await.body;
    (class, csv, client.board.store.dump().await.expect("it can be read"))
}

#[tokio::test]
async fn a_name_that_the_course_does_not_have_is_shown_and_stored_nowhere() {
    let (class, csv, dump) = reported("bob_was_here", "bob_too", "bob-as-well").await;
    let row = &class["learners"][0];
    assert_eq!(row["failing"], ANOTHER_CHECK);
    assert_eq!((&row["finding"], &row["mistake"]), (&Value::Null, &Value::Null));
    for text in [class.to_string(), csv, dump] {
        assert!(text.contains(ANOTHER_CHECK) && !text.contains("bob"), "{text}");
    }
}

#[tokio::test]
async fn a_name_that_the_course_has_is_shown() {
    let (class, csv, _) = reported("refuses_another_scheme", "let_in", "second-word-only").await;
    let row = &class["learners"][0];
    assert_eq!(row["failing"], "refuses_another_scheme");
    assert_eq!((&row["finding"], &row["mistake"]), (&json!("let_in"), &json!("second-word-only")));
    assert!(csv.contains("second-word-only"), "{csv}");
}
