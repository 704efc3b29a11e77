//! One report: what it adds to the database, all or none, each (learner, seq) once.

use sqlx::{Any, AnyPool, Transaction};

use crate::event::{Event, Verdict, What};

/// What a learner has sent in one request.
pub(super) struct Report {
    pub(super) learner: String,
    pub(super) events: Vec<Event>,
    pub(super) now: i64,
}

/// Takes in one report.
pub(super) async fn record(writers: &AnyPool, report: &Report) -> sqlx::Result<Option<()>> {
    let mut all = writers.begin().await?;
    let recorded = add(&mut all, report).await?;
    if recorded.is_some() {
        all.commit().await?;
    }
    Ok(recorded)
}

/// Adds a report to what is to be committed. `None`, and nothing of it, if the learner has gone.
pub(super) async fn add(
    all: &mut Transaction<'_, Any>,
    report: &Report,
) -> sqlx::Result<Option<()>> {
    let Report { learner, events, now } = report;
    for event in events {
        let inserted = sqlx::query(
            "INSERT INTO event (learner, seq, at) VALUES ($1, $2, $3)
             ON CONFLICT (learner, seq) DO NOTHING",
        )
        .bind(learner)
        .bind(event.seq)
        .bind(now)
        .execute(&mut **all)
        .await;
        match inserted {
            Ok(inserted) if inserted.rows_affected() == 0 => {}
            Ok(_) => apply(all, learner, event, *now).await?,
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Some(()))
}

/// An event that is new changes the learner's row, unless a later one has.
async fn apply(
    all: &mut Transaction<'_, Any>,
    learner: &str,
    event: &Event,
    now: i64,
) -> sqlx::Result<()> {
    match &event.what {
        What::Hand(raised) => {
            sqlx::query(
                "UPDATE learner SET hand = $1, last_seq = $2 WHERE id = $3 AND last_seq < $2",
            )
            .bind(i64::from(*raised))
            .bind(event.seq)
            .bind(learner)
            .execute(&mut **all)
            .await?;
        }
        What::Verdict(verdict) => {
            sqlx::query(
                "UPDATE learner SET step = $1, passed = $2, checks = $3, minutes = $4, failing = $5, finding = $6,
                 mistake = $7, seen = $8, last_seq = $9,
                 stuck_since = CASE WHEN $5 IS NULL THEN NULL
                     WHEN step = $1 AND failing = $5 THEN stuck_since ELSE $8 END
                 WHERE id = $10 AND last_seq < $9",
            )
            .bind(i64::from(verdict.step))
            .bind(i64::from(verdict.passed))
            .bind(i64::from(verdict.checks))
            .bind(i64::from(verdict.minutes))
            .bind(verdict.failing.as_deref())
            .bind(verdict.finding.as_deref())
            .bind(verdict.mistake.as_deref())
            .bind(now)
            .bind(event.seq)
            .bind(learner)
            .execute(&mut **all)
            .await?;
            if verdict.core {
                solve(all, learner, verdict).await?;
            }
        }
    }
    Ok(())
}

/// The first minutes that are reported stay: going back to a step does not make it slower.
async fn solve(
    all: &mut Transaction<'_, Any>,
    learner: &str,
    verdict: &Verdict,
) -> sqlx::Result<()> {
    let minutes = i64::from(verdict.minutes);
    let all_pass = verdict.passed == verdict.checks;
    sqlx::query(
        "INSERT INTO solved (learner, step, core_minutes, all_minutes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (learner, step) DO UPDATE SET
         core_minutes = COALESCE(solved.core_minutes, excluded.core_minutes),
         all_minutes = COALESCE(solved.all_minutes, excluded.all_minutes)",
    )
    .bind(learner)
    .bind(i64::from(verdict.step))
    .bind(minutes)
    .bind(all_pass.then_some(minutes))
    .execute(&mut **all)
    .await?;
    Ok(())
}
