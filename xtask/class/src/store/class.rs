//! The class itself: one row.

use std::fmt;

use sqlx::{FromRow, Row, any::AnyRow};

use super::{Store, now};
use crate::{passwords, secret};

/// How long a class is kept, in seconds, from its first day or from a reset: 14 days.
pub const KEPT: i64 = 14 * 24 * 60 * 60;

/// The class.
#[derive(Clone)]
pub struct Class {
    /// Which class it is: the audience of its tokens.
    pub audience: String,
    /// What learners type to join.
    pub code: String,
    /// What signs tokens.
    pub signing_key: String,
    /// The PHC string of the instructor's password; empty until there is one.
    pub password: String,
    /// Tokens that were asked for before are no good.
    pub tokens_from: i64,
    /// The step to which everybody is asked to go.
    pub go_to: Option<i64>,
    /// When the time that the instructor gives is over.
    pub timer_ends: Option<i64>,
    /// Whether nobody may join any more.
    pub locked: bool,
    /// When all of it is deleted.
    pub delete_after: i64,
}

impl fmt::Debug for Class {
    /// Without secrets: what is printed is logged one day. Their hash shows a change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = format!("{} {} {}", self.code, self.signing_key, self.password);
        f.debug_struct("Class")
            .field("audience", &self.audience)
            .field("secrets", &secret::key_hash(&secrets))
            .field("tokens_from", &self.tokens_from)
            .field("go_to", &self.go_to)
            .field("timer_ends", &self.timer_ends)
            .field("locked", &self.locked)
            .field("delete_after", &self.delete_after)
            .finish()
    }
}

impl FromRow<'_, AnyRow> for Class {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let locked: i64 = row.try_get("locked")?;
        Ok(Self {
            audience: row.try_get("audience")?,
            code: row.try_get("code")?,
            signing_key: row.try_get("signing_key")?,
            password: row.try_get("password")?,
            tokens_from: row.try_get("tokens_from")?,
            go_to: row.try_get("go_to")?,
            timer_ends: row.try_get("timer_ends")?,
            locked: locked != 0,
            delete_after: row.try_get("delete_after")?,
        })
    }
}

impl Store {
    /// Makes the class, unless it is there.
    pub(super) async fn found_class(&self) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO class (id, audience, code, signing_key, password, tokens_from, locked, delete_after)
             VALUES (1, $1, $2, $3, '', 0, 0, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(format!("urn:workshop:class:{}", secret::random_id()))
        .bind(secret::random_code())
        .bind(secret::random_key())
        .bind(now() + KEPT)
        .execute(&self.writers)
        .await?;
        Ok(())
    }

    /// The class as it is.
    pub async fn class(&self) -> sqlx::Result<Class> {
        sqlx::query_as(
            "SELECT audience, code, signing_key, password, tokens_from, go_to, timer_ends, locked, delete_after
             FROM class WHERE id = 1",
        )
        .fetch_one(&self.readers)
        .await
    }

    /// Gives the instructor a password and ends every token from before, the learners' too: they trade their keys again.
    pub async fn set_password(&self, password: &str) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE class SET password = $1,
             tokens_from = CASE WHEN tokens_from > $2 THEN tokens_from + 1 ELSE $2 + 1 END WHERE id = 1",
        )
        .bind(passwords::hash(password))
        .bind(now())
        .execute(&self.writers)
        .await?;
        Ok(())
    }

    /// Asks everybody to go to a step, or nobody any more.
    pub async fn set_go_to(&self, step: Option<i64>) -> sqlx::Result<()> {
        sqlx::query("UPDATE class SET go_to = $1 WHERE id = 1")
            .bind(step)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Sets the timer, or stops it.
    pub async fn set_timer(&self, ends: Option<i64>) -> sqlx::Result<()> {
        sqlx::query("UPDATE class SET timer_ends = $1 WHERE id = 1")
            .bind(ends)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Lets nobody join any more, or opens the door again.
    pub async fn set_locked(&self, locked: bool) -> sqlx::Result<()> {
        sqlx::query("UPDATE class SET locked = $1 WHERE id = 1")
            .bind(i64::from(locked))
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Deletes every learner and begins again, with another code. The instructor's password stays.
    pub async fn reset(&self) -> sqlx::Result<()> {
        let mut all = self.writers.begin().await?;
        sqlx::query("DELETE FROM learner").execute(&mut *all).await?;
        sqlx::query(
            "UPDATE class SET code = $1, go_to = NULL, timer_ends = NULL, locked = 0, delete_after = $2
             WHERE id = 1",
        )
        .bind(secret::random_code())
        .bind(now() + KEPT)
        .execute(&mut *all)
        .await?;
        all.commit().await
    }

    /// Deletes the class if its time is over at `now`; whether it was.
    pub async fn purge(&self, now: i64) -> sqlx::Result<bool> {
        let over = self.class().await?.delete_after < now;
        if over {
            self.reset().await?;
        }
        Ok(over)
    }
}
