//! Pages that are always up to date: each board reads the class again when something changed, and tells its pages.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use jsonwebtoken::get_current_timestamp;
use sqlx::postgres::PgListener;
use tokio::{
    join, select, spawn,
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
    wake: Notify,
    shown: watch::Sender<Arc<Shown>>,
}

/// What is sent: made once, however many pages there are.
#[derive(Default, PartialEq, Eq)]
struct Shown {
    tokens_from: i64,
    class: String,
    show: String,
}

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
        Self { wake: Notify::new(), shown: watch::Sender::default() }
    }
}

impl Live {
    /// The class has changed.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Reads the class again and again, for as long as the board runs.
    pub async fn keep_up_to_date(&self, store: &Store) {
        join!(self.read_again(store), self.listen(store));
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

    /// Lets the other boards wake this one. What they say while the connection is lost is lost, so it wakes once more after.
    async fn listen(&self, store: &Store) {
        let Some(url) = store.postgres() else { return };
        loop {
            if let Ok(mut listener) = PgListener::connect(url).await
                && listener.listen("class").await.is_ok()
            {
                self.wake();
                // Nothing instead of a notification is a connection that was lost and made again.
                while listener.try_recv().await.is_ok() {
                    self.wake();
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
        Sse::new(Events(receiver)).keep_alive(KeepAlive::new().interval(ANYWAY)).into_response()
    }
}

async fn read(store: &Store) -> Result<Shown, Box<dyn Error + Send + Sync>> {
    let class = store.class().await?;
    let snapshot = Snapshot::read(store, &class).await?;
    Ok(Shown {
        tokens_from: class.tokens_from,
        class: serde_json::to_string(&snapshot)?,
        show: serde_json::to_string(&snapshot.show())?,
    })
}

async fn send(
    mut shown: watch::Receiver<Arc<Shown>>,
    sender: mpsc::Sender<Event>,
    claims: Claims,
    view: View,
) {
    loop {
        let now = Arc::clone(&shown.borrow_and_update());
        if i64::try_from(claims.iat).is_ok_and(|iat| iat < now.tokens_from) {
            return;
        }
        let text = match view {
            View::Class => &now.class,
            View::Projector => &now.show,
        };
        // Empty until the class was read for the first time.
        if !text.is_empty() && sender.send(Event::default().data(text)).await.is_err() {
            return;
        }
        select! {
            changed = shown.changed() => if changed.is_err() { return },
            () = sender.closed() => return,
        }
    }
}

struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}
