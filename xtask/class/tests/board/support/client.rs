//! Requests, without a network.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::Value;
use tokio::spawn;
use tower::ServiceExt;
use workshop_class::{
    course::Course, guard::INSTRUCTOR, routes, serve::Peer, state::Board, store::Store,
    tokens::Claims,
};

use crate::support::databases::Database;

/// A board and what asks it.
pub(crate) struct Client {
    pub(crate) board: Arc<Board>,
    pub(crate) app: Router,
    /// A file that is there for as long as the board is.
    _file: Option<Database>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub(crate) fn challenge(&self) -> &str {
        self.headers.get(header::WWW_AUTHENTICATE).map_or("", |value| value.to_str().expect("text"))
    }
}

impl Client {
    pub(crate) async fn new(store: Store) -> Self {
        Self::of(store, Course::default()).await
    }

    /// A board on a file of its own.
    pub(crate) async fn on_a_file() -> Self {
        Self::with_course(Course::default()).await
    }

    /// A board on a file of its own, which knows the course.
    pub(crate) async fn with_course(course: Course) -> Self {
        let file = Database::sqlite();
        let client = Self::of(file.open().await, course).await;
        Self { _file: Some(file), ..client }
    }

    async fn of(store: Store, course: Course) -> Self {
        let board = Board::new(store).await.expect("there is a class");
        let board = Arc::new(Board { course, ..board });
        Self { app: routes::app(Arc::clone(&board)), board, _file: None }
    }

    /// Keeps its pages up to date, for as long as the test runs.
    pub(crate) fn keep_up_to_date(&self) {
        let board = Arc::clone(&self.board);
        spawn(async move { board.live.keep_up_to_date(&board.store).await });
    }

    /// The request from this machine, and the response; of a stream that succeeds, not its body.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from([127, 0, 0, 1].into(), request).await
    }

    pub(crate) async fn send_from(&self, address: IpAddr, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Peer { address, tls: false });
        let response = self.app.clone().oneshot(request).await.expect("it cannot fail");
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let stream = kind.is_some_and(|kind| kind == "text/event-stream");
        let body = if stream { Body::empty() } else { body };
        let bytes = to_bytes(body, usize::MAX).await.expect("it ends");
        let body = String::from_utf8(bytes.into()).expect("it is text");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends JSON.
    pub(crate) async fn json(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        self.send(json(method, path, token, &body)).await
    }

    /// Lets somebody join; their key.
    pub(crate) async fn join(&self, name: &str) -> String {
        self.board.store.join(name).await.expect("it is stored").expect("there is room")
    }

    /// Lets somebody join; their id.
    pub(crate) async fn learner(&self, name: &str) -> String {
        let key = self.join(name).await;
        let learner = self.board.store.learner_of_key(&key).await.expect("it can be read");
        learner.expect("they have joined")
    }

    /// Claims that are good now.
    pub(crate) async fn claims(&self, sub: &str, scope: &str) -> Claims {
        let class = self.board.store.class().await.expect("there is a class");
        let iat = jsonwebtoken::get_current_timestamp()
            .max(class.tokens_from.try_into().expect("a time"));
        Claims {
            iss: class.audience.clone(),
            aud: class.audience,
            sub: sub.to_owned(),
            client_id: "test".to_owned(),
            exp: iat + 60,
            iat,
            jti: "1".to_owned(),
            scope: scope.to_owned(),
        }
    }

    /// A token that is good now.
    pub(crate) async fn token(&self, sub: &str, scope: &str) -> String {
        self.board.keys.sign_claims(&self.claims(sub, scope).await)
    }

    /// A learner's, for so many seconds.
    pub(crate) async fn token_for(&self, learner: &str, seconds: u64) -> String {
        let claims = self.claims(learner, "progress:write").await;
        self.board.keys.sign_claims(&Claims { exp: claims.iat + seconds, ..claims })
    }

    /// The instructor's.
    pub(crate) async fn instructor(&self) -> String {
        self.token(INSTRUCTOR, "class:read class:admin").await
    }
}

pub(crate) fn json(method: &str, path: &str, token: &str, body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    request.body(body).expect("it is a request")
}

pub(crate) fn form(path: &str, fields: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()))
        .expect("it is a request")
}
