//! Pages that are always up to date: each board reads the class again when something changed, and tells its pages.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use jsonwebtoken::get_current_timestamp;
use serde::Serialize;
use sqlx::postgres::PgListener;
use tokio::{
    join, spawn,
    sync::{Notify, mpsc, watch},
    time::{sleep, timeout},
};
use tokio_stream::Stream;

use crate::{snapshot::Snapshot, store::Store, tokens::Claims};

/// At most four times a second …
const PAUSE: Duration = Duration::from_millis(250);

/// … and, with that pause, every five seconds, whether anything woke it or not: a wake that is lost delays, and loses nothing.
const ANYWAY: Duration = Duration::from_millis(4750);

/// How long to wait before PostgreSQL is asked again to wake us.
const AGAIN: Duration = Duration::from_secs(1);

/// The class as the pages of this board show it.
pub struct Live {
    /// The class has to be read again.
    wake: Notify,
    /// The other boards have to be told.
    tell: Notify,
    shown: watch::Sender<Arc<Shown>>,
}

/// What is sent: made once, however many pages there are.
#[derive(Default, PartialEq, Eq)]
struct Shown {
    tokens_from: i64,
    class: Bytes,
    show: Bytes,
}

/// What keeps a connection alive: a comment (HTML, §9.2.5).
const NOTHING_NEW: Bytes = Bytes::from_static(b":\n\n");

/// Who looks.
#[derive(Clone, Copy)]
pub enum View {
    /// The instructor, with names.
    Class,
    /// Everybody.
    Projector,
}

impl Default for Live {
    fn default() -> Self {
        Self { wake: Notify::new(), tell: Notify::new(), shown: watch::Sender::default() }
    }
}

impl Live {
    /// This board has changed the class.
    pub fn changed(&self) {
        self.wake.notify_one();
        self.tell.notify_one();
    }

    /// Reads the class again and again, for as long as the board runs.
    pub async fn keep_up_to_date(&self, store: &Store) {
        join!(self.read_again(store), self.tell_others(store), self.listen(store));
    }

    async fn read_again(&self, store: &Store) {
        loop {
            match read(store).await {
                Ok(shown) => {
                    self.shown.send_if_modified(|old| {
                        let modified = **old != shown;
                        *old = Arc::new(shown);
                        modified
                    });
                }
                Err(error) => eprintln!("The class could not be read: {error}"),
            }
            sleep(PAUSE).await;
            // Woken or not, it is read again.
            timeout(ANYWAY, self.wake.notified()).await.ok();
        }
    }

    /// Wakes the other boards, no more often than they read. One that is not woken reads all the same.
    async fn tell_others(&self, store: &Store) {
        loop {
            self.tell.notified().await;
            if let Err(error) = store.notify().await {
                eprintln!("The other boards could not be told: {error}");
            }
            sleep(PAUSE).await;
        }
    }

    /// Lets the other boards wake this one. What they say while the connection is lost is lost, so it wakes once more after.
    async fn listen(&self, store: &Store) {
        let Some(url) = store.postgres() else { return };
        loop {
            if let Ok(mut listener) = PgListener::connect(url).await
                && listener.listen("class").await.is_ok()
            {
                self.wake.notify_one();
                // Nothing instead of a notification is a connection that was lost and made again.
                while listener.try_recv().await.is_ok() {
                    self.wake.notify_one();
                }
            }
            sleep(AGAIN).await;
        }
    }

    /// A stream of whole snapshots, the present one first, until the token ends.
    pub fn follow(&self, claims: &Claims, view: View) -> Response {
        let (sender, receiver) = mpsc::channel(1);
        let left = claims.exp.saturating_sub(get_current_timestamp());
        let pages = send(self.shown.subscribe(), sender, claims.clone(), view);
        spawn(timeout(Duration::from_secs(left), pages));
        let body = Body::from_stream(Events(receiver));
        ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
    }
}

async fn read(store: &Store) -> Result<Shown, Box<dyn Error + Send + Sync>> {
    let class = store.class().await?;
    let snapshot = Snapshot::read(store, &class).await?;
    Ok(Shown {
        tokens_from: class.tokens_from,
        class: event(&snapshot)?,
        show: event(&snapshot.show())?,
    })
}

/// An event of a stream (HTML, §9.2.6). JSON has no line ends of its own.
fn event(data: &impl Serialize) -> serde_json::Result<Bytes> {
    Ok(format!("data: {}\n\n", serde_json::to_string(data)?).into())
}

async fn send(
    mut shown: watch::Receiver<Arc<Shown>>,
    sender: mpsc::Sender<Bytes>,
    claims: Claims,
    view: View,
) {
    loop {
        let now = Arc::clone(&shown.borrow_and_update());
        if i64::try_from(claims.iat).is_ok_and(|iat| iat < now.tokens_from) {
            return;
        }
        let event = match view {
            View::Class => &now.class,
            View::Projector => &now.show,
        };
        // Empty until the class was read for the first time.
        if !event.is_empty() && sender.send(event.clone()).await.is_err() {
            return;
        }
        loop {
            match timeout(ANYWAY, shown.changed()).await {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return,
                Err(_) if sender.send(NOTHING_NEW).await.is_err() => return,
                Err(_) => {}
            }
        }
    }
}

struct Events(mpsc::Receiver<Bytes>);

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}
