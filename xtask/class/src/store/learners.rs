//! The learners, a row each.

use sqlx::{FromRow, Row, any::AnyRow};

use super::{Store, now};
use crate::secret;

/// As many as one class can have.
pub const MOST: i64 = 1000;

/// A learner, and where they are. The key's hash stays in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// The `sub` of their tokens.
    pub id: String,
    /// As they want to be called.
    pub name: String,
    /// When they joined.
    pub joined: i64,
    /// The step that they saved last.
    pub step: Option<i64>,
    /// How many of its checks pass.
    pub passed: Option<i64>,
    /// How many it has.
    pub checks: Option<i64>,
    /// How long they have worked on it.
    pub minutes: Option<i64>,
    /// The check to look at first, if one fails.
    pub failing: Option<String>,
    /// The kind of difference that it found.
    pub finding: Option<String>,
    /// The known mistake, if it is one.
    pub mistake: Option<String>,
    /// Since when the same check fails.
    pub stuck_since: Option<i64>,
    /// When they saved last.
    pub seen: Option<i64>,
    /// Whether they raise a hand.
    pub hand: bool,
}

impl FromRow<'_, AnyRow> for Learner {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let hand: i64 = row.try_get("hand")?;
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            joined: row.try_get("joined")?,
            step: row.try_get("step")?,
            passed: row.try_get("passed")?,
            checks: row.try_get("checks")?,
            minutes: row.try_get("minutes")?,
            failing: row.try_get("failing")?,
            finding: row.try_get("finding")?,
            mistake: row.try_get("mistake")?,
            stuck_since: row.try_get("stuck_since")?,
            seen: row.try_get("seen")?,
            hand: hand != 0,
        })
    }
}

impl Store {
    /// Lets somebody join who knows the room's code; `None` if the class is full. The key is in no other place.
    pub async fn join(&self, name: &str) -> sqlx::Result<Option<String>> {
        let key = secret::random_key();
        // The count is part of the statement, so that two who come at once cannot both be the last.
        let joined = sqlx::query(
            "INSERT INTO learner (id, key_hash, name, joined, last_seq, hand)
             SELECT $1, $2, $3, $4, 0, 0 WHERE (SELECT count(*) FROM learner) < $5",
        )
        .bind(secret::random_id())
        .bind(secret::key_hash(&key))
        .bind(name)
        .bind(now())
        .bind(MOST)
        .execute(&self.writers)
        .await?;
        Ok((joined.rows_affected() == 1).then_some(key))
    }

    /// Whose key it is.
    pub async fn learner_of_key(&self, key: &str) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT id FROM learner WHERE key_hash = $1")
            .bind(secret::key_hash(key))
            .fetch_optional(&self.readers)
            .await
    }

    /// The learner of this id.
    pub async fn learner(&self, id: &str) -> sqlx::Result<Option<Learner>> {
        sqlx::query_as(
            "SELECT id, name, joined, step, passed, checks, minutes, failing, finding, mistake, stuck_since, seen, hand
             FROM learner WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await
    }

    /// All of them, in the order in which they joined: a row never moves.
    pub async fn learners(&self) -> sqlx::Result<Vec<Learner>> {
        sqlx::query_as(
            "SELECT id, name, joined, step, passed, checks, minutes, failing, finding, mistake, stuck_since, seen, hand
             FROM learner ORDER BY joined, id",
        )
        .fetch_all(&self.readers)
        .await
    }

    /// Deletes a learner with all that is known; whether there was one.
    pub async fn remove(&self, id: &str) -> sqlx::Result<bool> {
        let removed = sqlx::query("DELETE FROM learner WHERE id = $1")
            .bind(id)
            .execute(&self.writers)
            .await?;
        Ok(removed.rows_affected() == 1)
    }
}
