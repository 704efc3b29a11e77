//! Pages that are up to date.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use serde_json::{Value, from_str};
use tokio::{spawn, time::timeout};
use tokio_stream::StreamExt;
use tower::ServiceExt;
use workshop_class::{guard::INSTRUCTOR, routes, serve::Peer, state::Board, tokens::Claims};

use crate::support::{
    client::Client,
    databases::{Database, on_both},
};

async fn keep_up_to_date(board: Arc<Board>) {
    board.live.keep_up_to_date(&board.store).await;
}

/// A page that follows the class.
struct Page(BodyDataStream);

impl Page {
    async fn open(app: &Router, path: &str, token: &str) -> Self {
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .extension(Peer { address: [127, 0, 0, 1].into(), tls: false })
            .body(Body::empty())
            .expect("it is a request");
        let response = app.clone().oneshot(request).await.expect("it cannot fail");
        assert!(response.status().is_success());
        Self(response.into_body().into_data_stream())
    }

    /// The next snapshot, or nothing once the stream has ended.
    async fn next(&mut self) -> Option<Value> {
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
    async fn until(&mut self, right: impl Fn(&Value) -> bool) {
        while let Some(snapshot) = self.next().await {
            if right(&snapshot) {
                return;
            }
        }
        panic!("the stream has ended");
    }
}

#[tokio::test]
async fn a_page_gets_the_whole_class_and_then_each_change() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        let app = routes::app(Arc::clone(&client.board));
        let keeper = spawn(keep_up_to_date(Arc::clone(&client.board)));
        let mut page = Page::open(&app, "/class/live", &client.instructor().await).await;
        page.until(|class| class["learners"].as_array().is_some_and(Vec::is_empty)).await;
        client.learner("Ada").await;
        client.board.changed().await.expect("it can be told");
        page.until(|class| class["learners"][0]["name"] == "Ada").await;
        let show = client.token(INSTRUCTOR, "class:show").await;
        let mut projector = Page::open(&app, "/show/live", &show).await;
        let shown = projector.next().await.expect("it is shown");
        assert_eq!(shown["learners"], 1);
        assert!(!shown.to_string().contains("Ada"));
        keeper.abort();
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let client = Client::new(Database::sqlite().open().await).await;
    let app = routes::app(Arc::clone(&client.board));
    let keeper = spawn(keep_up_to_date(Arc::clone(&client.board)));
    let claims = client.claims(INSTRUCTOR, "class:read").await;
    let brief = client.board.keys.sign_claims(&Claims { exp: claims.iat + 2, ..claims });
    let mut page = Page::open(&app, "/class/live", &brief).await;
    assert!(page.next().await.is_some());
    assert!(page.next().await.is_none(), "it has expired");
    let mut page = Page::open(&app, "/class/live", &client.instructor().await).await;
    assert!(page.next().await.is_some());
    client.board.store.set_password("another password").await.expect("it is stored");
    client.board.changed().await.expect("it can be told");
    assert!(page.next().await.is_none(), "the password has changed");
    keeper.abort();
}

#[tokio::test]
async fn what_one_board_records_another_shows() {
    let Some(database) = Database::postgres().await else { return };
    let (one, other) =
        (Client::new(database.open().await).await, Client::new(database.open().await).await);
    let app = routes::app(Arc::clone(&other.board));
    let keeper = spawn(keep_up_to_date(Arc::clone(&other.board)));
    // A token of one board opens the other.
    let mut page = Page::open(&app, "/class/live", &one.instructor().await).await;
    page.until(|class| class["learners"].as_array().is_some_and(Vec::is_empty)).await;
    one.learner("Ada").await;
    one.board.changed().await.expect("it can be told");
    page.until(|class| class["learners"][0]["name"] == "Ada").await;
    keeper.abort();
}

#[tokio::test]
async fn a_board_whose_every_connection_is_cut_is_right_again_within_six_seconds() {
    let Some(database) = Database::postgres().await else { return };
    let (one, other) =
        (Client::new(database.open().await).await, Client::new(database.open().await).await);
    let app = routes::app(Arc::clone(&other.board));
    let keeper = spawn(keep_up_to_date(Arc::clone(&other.board)));
    let mut page = Page::open(&app, "/class/live", &one.instructor().await).await;
    page.until(|class| class["learners"].as_array().is_some_and(Vec::is_empty)).await;
    // The listener's, and those of both pools.
    assert!(database.cut_connections().await >= 3);
    one.learner("Ada").await;
    one.board.changed().await.expect("it can be told");
    let shown = page.until(|class| class["learners"][0]["name"] == "Ada");
    timeout(Duration::from_secs(6), shown).await.expect("it is right again");
    keeper.abort();
}
