//! What learners report. An event may come twice, late, or by way of another board; it counts once.

use super::{
    Kind, Store,
    report::{Report, record},
};
use crate::event::Event;

/// How long a learner took for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    /// Whose it is.
    pub learner: String,
    /// Which step.
    pub step: i64,
    /// Minutes until the core passed.
    pub core: Option<i64>,
    /// Minutes until all of it passed.
    pub all: Option<i64>,
}

impl Store {
    /// Takes in a learner's events, all or none, each (learner, seq) once. `None` if the learner has gone meanwhile.
    pub async fn record(
        &self,
        learner: &str,
        events: Vec<Event>,
        now: i64,
    ) -> sqlx::Result<Option<()>> {
        let report = Report { learner: learner.to_owned(), events, now };
        match &self.kind {
            Kind::Sqlite { queue, .. } => queue.record(report).await,
            // It commits together by itself what comes over several connections.
            Kind::Postgres { .. } => record(&self.writers, &report).await,
        }
    }

    /// All of them, as (learner, seq, when).
    pub async fn events(&self) -> sqlx::Result<Vec<(String, i64, i64)>> {
        sqlx::query_as("SELECT learner, seq, at FROM event ORDER BY learner, seq")
            .fetch_all(&self.readers)
            .await
    }

    /// Who has solved what.
    pub async fn solved(&self) -> sqlx::Result<Vec<Solved>> {
        let rows: Vec<(String, i64, Option<i64>, Option<i64>)> = sqlx::query_as(
            "SELECT learner, step, core_minutes, all_minutes FROM solved ORDER BY learner, step",
        )
        .fetch_all(&self.readers)
        .await?;
        let solved = |(learner, step, core, all)| Solved { learner, step, core, all };
        Ok(rows.into_iter().map(solved).collect())
    }
}
