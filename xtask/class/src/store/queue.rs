//! Group commit: reports that come while the disk writes wait for the next time, and are written together.

use sqlx::AnyPool;
use tokio::{
    spawn,
    sync::{mpsc, oneshot},
};

use super::report::{Report, add, record};

/// As many reports as are committed together.
const MOST: usize = 100;

/// What waits to be stored in the file.
pub(super) struct Queue(mpsc::Sender<Waiting>);

struct Waiting {
    report: Report,
    recorded: oneshot::Sender<sqlx::Result<Option<()>>>,
}

impl Queue {
    /// A queue before this one writer.
    pub(super) fn new(writer: AnyPool) -> Self {
        let (sender, waiting) = mpsc::channel(MOST);
        spawn(record_all(writer, waiting));
        Self(sender)
    }

    /// Waits until the report is on the disk.
    pub(super) async fn record(&self, report: Report) -> sqlx::Result<Option<()>> {
        let (sender, recorded) = oneshot::channel();
        let waiting = Waiting { report, recorded: sender };
        self.0.send(waiting).await.map_err(|_| sqlx::Error::PoolClosed)?;
        // It is dropped where there was no connection in time.
        recorded.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }
}

async fn record_all(writer: AnyPool, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::new();
    while queue.recv_many(&mut waiting, MOST).await > 0 {
        match record_together(&writer, &waiting).await {
            Ok(recorded) => {
                for (Waiting { recorded: sender, .. }, recorded) in waiting.drain(..).zip(recorded)
                {
                    // Who hangs up meanwhile asks again.
                    sender.send(Ok(recorded)).ok();
                }
            }
            Err(sqlx::Error::PoolTimedOut) => waiting.clear(),
            // One of them cannot be stored: the rest can.
            Err(_) => {
                for Waiting { report, recorded } in waiting.drain(..) {
                    recorded.send(record(&writer, &report).await).ok();
                }
            }
        }
    }
}

async fn record_together(writer: &AnyPool, waiting: &[Waiting]) -> sqlx::Result<Vec<Option<()>>> {
    let mut all = writer.begin().await?;
    let mut recorded = Vec::with_capacity(waiting.len());
    for Waiting { report, .. } in waiting {
        recorded.push(add(&mut all, report).await?);
    }
    all.commit().await?;
    Ok(recorded)
}
