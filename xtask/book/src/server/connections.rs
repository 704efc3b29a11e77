//! Who is connected: not more than a system lets us open, and with room for anyone who asks. Of those that have asked
//! nothing yet, the oldest one goes when it is full.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{Next, map_request},
    response::{IntoResponse, Response},
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task, time,
};

/// Connections at once: macOS lets a program open 256 files, and some of them are pages.
const MOST: usize = 128;

/// How long the head of a request may take, and so how long a connection may be idle.
const HEAD_LIMIT: Duration = Duration::from_secs(5);

/// How long a request may take that waits for another server.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait when the system accepts nothing, for example since too many files are open.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Connection {
    has_asked: AtomicBool,
    give_up: Notify,
}

/// Serves `app` for as long as the process lives.
pub(crate) async fn serve(listener: TcpListener, app: Router) -> ! {
    let mut open: Vec<Weak<Connection>> = Vec::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            time::sleep(PAUSE).await;
            continue;
        };
        open.retain(|connection| connection.strong_count() > 0);
        if open.len() >= MOST && !give_up_one(&mut open) {
            continue;
        }
        let connection = Arc::new(Connection::default());
        open.push(Arc::downgrade(&connection));
        task::spawn(converse(stream, app.clone(), connection));
        // Who was given up lets go of its socket before the next one is accepted.
        task::yield_now().await;
    }
}

/// Whether there is one that has not asked anything yet.
fn give_up_one(open: &mut Vec<Weak<Connection>>) -> bool {
    let idle = |connection: &Weak<Connection>| {
        connection.upgrade().filter(|connection| !connection.has_asked.load(Ordering::Relaxed))
    };
    let oldest = open.iter().enumerate().find_map(|(index, one)| Some((index, idle(one)?)));
    match oldest {
        Some((index, connection)) => {
            connection.give_up.notify_one();
            open.remove(index);
            true
        }
        None => false,
    }
}

async fn converse(stream: TcpStream, app: Router, connection: Arc<Connection>) {
    let asks = Arc::clone(&connection);
    let app = app.layer(map_request(move |request: Request| {
        asks.has_asked.store(true, Ordering::Relaxed);
        async { request }
    }));
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
    tokio::select! {
        // A browser may close a connection as it likes.
        _ = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)) => {}
        () = connection.give_up.notified() => {}
    }
}

/// Gives up a request that takes too long.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    time::timeout(REQUEST_LIMIT, next.run(request)).await.unwrap_or_else(|_| {
        (StatusCode::REQUEST_TIMEOUT, "This request did not come to its end.").into_response()
    })
}
