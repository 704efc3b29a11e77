//! Learners who save, and pages that are open meanwhile.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::body::Body;
use hyper::{
    Request, StatusCode,
    body::Incoming,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::{
    net::TcpStream,
    spawn,
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval_at, sleep},
};
use tokio_stream::StreamExt;
use workshop_class::{
    guard::INSTRUCTOR,
    store::Store,
    tokens::{Keys, Order},
};

use crate::{BETWEEN, Failure, LEARNERS, PAGES, SAVES, SLOWEST_PAGE};

/// A class whose learners have joined. A token for each, and the instructor's.
pub(crate) async fn set_up(database: &str) -> Result<(Vec<String>, String), Failure> {
    let store = Store::open(database).await?;
    store.reset().await?;
    let class = store.class().await?;
    let keys = Keys::new(&class.audience, &class.signing_key);
    let sign = |sub: &str, scope: &str| {
        let asked_at = u64::try_from(workshop_class::store::now()).unwrap_or(0);
        keys.sign(&Order { sub, client_id: "load", scope, asked_at, lifetime: 3600 })
    };
    for number in 0..LEARNERS {
        store.join(&format!("Learner {number}")).await?.ok_or("the class is full")?;
    }
    let learners = store.learners().await?;
    let tokens = learners.iter().map(|learner| sign(&learner.id, "progress:write")).collect();
    Ok((tokens, sign(INSTRUCTOR, "class:read")))
}

/// How long each post took, and how long until a page showed the first learner's.
pub(crate) async fn measure(
    address: SocketAddr,
    tokens: Vec<String>,
    instructor: String,
) -> Result<(Vec<Duration>, Vec<Duration>), Failure> {
    let (due, _) = watch::channel((0, Instant::now()));
    let (took, mut measured) = mpsc::unbounded_channel();
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        let request = get("/class/live", &instructor)?;
        let body = connect(address).await?.send_request(request).await?.into_body();
        pages.push(spawn(follow(body, due.subscribe(), took.clone())));
    }
    let began = Instant::now();
    let mut learners = Vec::new();
    for (number, token) in tokens.into_iter().enumerate() {
        let tells = (number == 0).then(|| due.clone());
        let share = BETWEEN * u32::try_from(number)? / u32::try_from(LEARNERS)?;
        learners.push(spawn(learn(address, token, began + share, tells)));
    }
    let mut posts = Vec::new();
    for learner in learners {
        posts.extend(learner.await??);
    }
    sleep(SLOWEST_PAGE).await;
    for page in pages {
        page.abort();
        match page.await {
            Ok(_) => return Err("a stream has ended".into()),
            Err(error) if error.is_cancelled() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut shown = Vec::new();
    while let Ok(took) = measured.try_recv() {
        shown.push(took);
    }
    Ok((posts, shown))
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Body>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    spawn(connection);
    Ok(sender)
}

fn get(path: &str, token: &str) -> Result<Request<Body>, Failure> {
    let request = Request::get(path).header("Host", "board");
    Ok(request.header("Authorization", format!("Bearer {token}")).body(Body::empty())?)
}

/// A learner who saves every two seconds. The first one tells the pages when the next save is due.
async fn learn(
    address: SocketAddr,
    token: String,
    begin: Instant,
    tells: Option<watch::Sender<(u16, Instant)>>,
) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    let mut saves = interval_at(begin.into(), BETWEEN);
    saves.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for seq in 1..=SAVES {
        // From when it should have been sent: a board that is late delays the next one, too.
        let due = saves.tick().await.into_std();
        if let Some(tells) = &tells {
            tells.send_replace((seq, due));
        }
        let body = json!([{"seq": seq, "verdict": {"step": 3, "passed": seq % 9, "checks": 9, "core": false,
            "minutes": seq, "failing": "refuses_a_request_without_a_token", "finding": "let_in"}}]);
        let request = Request::post("/me/events")
            .header("Host", "board")
            .header("Content-Type", "application/json")
            .header("Authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_string()))?;
        // As the learner's curl does it: each report has a connection of its own.
        let response = connect(address).await?.send_request(request).await?;
        let status = response.status();
        let mut body = Body::new(response.into_body()).into_data_stream();
        while let Some(chunk) = body.next().await {
            chunk?;
        }
        if status != StatusCode::OK {
            return Err(format!("a post was answered with {status}").into());
        }
        times.push(due.elapsed());
    }
    Ok(times)
}

/// A page: how long it takes until it shows what the first learner has saved.
async fn follow(
    body: Incoming,
    due: watch::Receiver<(u16, Instant)>,
    took: mpsc::UnboundedSender<Duration>,
) -> Result<(), Failure> {
    let mut chunks = Body::new(body).into_data_stream();
    let mut text = Vec::new();
    let mut seen = 0;
    loop {
        let chunk = chunks.next().await.ok_or("the stream has ended")??;
        text.extend_from_slice(&chunk);
        if !text.ends_with(b"\n\n") {
            continue;
        }
        let events = String::from_utf8(std::mem::take(&mut text))?;
        // Each is the whole class, and what is no event keeps the connection alive.
        let Some(last) = events.trim_end().split("\n\n").filter_map(data).last() else { continue };
        let class: Class = serde_json::from_str(last)?;
        let shown = class.learners.first().and_then(|row| row.minutes).unwrap_or(0);
        let (seq, at) = *due.borrow();
        if shown == seq && seq > seen {
            seen = seq;
            took.send(at.elapsed())?;
        }
    }
}

fn data(event: &str) -> Option<&str> {
    event.strip_prefix("data: ")
}

/// What a page looks at. A browser reads the rest on a machine of its own.
#[derive(Deserialize)]
struct Class {
    learners: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    minutes: Option<u16>,
}
