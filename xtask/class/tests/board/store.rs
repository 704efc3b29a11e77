//! What is remembered, on both databases.

use std::sync::Arc;

use serde_json::{Value, from_value, json};
use tokio::task::JoinSet;
use workshop_class::{
    event::Event,
    store::{Store, class::KEPT, events::Solved, learners::MOST, now},
};

use crate::support::databases::{Database, on_both};

async fn learner(store: &Store, name: &str) -> String {
    let key = store.join(name).await.expect("it is stored").expect("there is room");
    store.learner_of_key(&key).await.expect("it can be read").expect("they have joined")
}

fn verdict(seq: i64, step: u8, passed: u16, failing: Option<&str>) -> Event {
    event(json!({"seq": seq, "verdict": {"step": step, "passed": passed, "checks": 9,
        "core": passed > 5, "minutes": passed, "failing": failing, "finding": "let_in"}}))
}

fn event(value: Value) -> Event {
    from_value(value).expect("it is an event")
}

#[tokio::test]
async fn an_event_counts_once_however_often_and_late_it_comes() {
    on_both(async |database| {
        let store = database.open().await;
        let ada = learner(&store, "Ada").await;
        let record = async |events: &[Event], now| {
            store
                .record(&ada, events.to_vec(), now)
                .await
                .expect("it is stored")
                .expect("she is here");
        };
        let (first, second) = (verdict(1, 3, 4, Some("x")), verdict(2, 3, 6, Some("y")));
        record(std::slice::from_ref(&second), 100).await;
        record(&[first, second.clone()], 200).await;
        record(&[second], 300).await;
        let row = store.learner(&ada).await.expect("it can be read").expect("she is here");
        assert_eq!((row.passed, row.failing.as_deref(), row.seen), (Some(6), Some("y"), Some(100)));
        let dump = store.dump().await.expect("it can be read");
        assert!(dump.contains("1,\n        200") && dump.contains("2,\n        100"), "{dump}");
    })
    .await;
}

#[tokio::test]
async fn the_same_check_counts_from_when_it_failed_first() {
    on_both(async |database| {
        let store = database.open().await;
        let ada = learner(&store, "Ada").await;
        let mut stuck = Vec::new();
        for (seq, step, failing, now) in [
            (1, 3, Some("x"), 10),
            (2, 3, Some("x"), 20),
            (3, 3, Some("y"), 30),
            (4, 4, Some("y"), 40),
            (5, 4, None, 50),
        ] {
            let events = [verdict(seq, step, 1, failing)];
            store.record(&ada, events.to_vec(), now).await.expect("it is stored");
            let row = store.learner(&ada).await.expect("it can be read").expect("she is here");
            stuck.push(row.stuck_since);
        }
        assert_eq!(stuck, [Some(10), Some(10), Some(30), Some(40), None]);
    })
    .await;
}

#[tokio::test]
async fn the_first_minutes_of_a_step_stay() {
    on_both(async |database| {
        let store = database.open().await;
        let ada = learner(&store, "Ada").await;
        let events = [(1, 5), (2, 6), (3, 9), (4, 7), (5, 9)]
            .map(|(seq, passed)| verdict(seq, 3, passed, None));
        store.record(&ada, events.to_vec(), 0).await.expect("it is stored");
        let solved = Solved { learner: ada, step: 3, core: Some(6), all: Some(9) };
        assert_eq!(store.solved().await.expect("it can be read"), [solved]);
    })
    .await;
}

#[tokio::test]
async fn a_hand_is_raised_and_taken_down() {
    on_both(async |database| {
        let store = database.open().await;
        let ada = learner(&store, "Ada").await;
        for (seq, raised) in [(1, true), (2, false)] {
            let events = [event(json!({"seq": seq, "hand": raised}))];
            store.record(&ada, events.to_vec(), 0).await.expect("it is stored");
            let row = store.learner(&ada).await.expect("it can be read").expect("she is here");
            assert_eq!(row.hand, raised);
        }
    })
    .await;
}

#[tokio::test]
async fn reports_that_come_at_once_are_all_recorded_but_those_of_who_has_left() {
    on_both(async |database| {
        let store = Arc::new(database.open().await);
        let mut reports = JoinSet::new();
        for number in 0..60 {
            let id = learner(&store, &number.to_string()).await;
            let has_left = number % 3 == 0;
            if has_left {
                assert!(store.remove(&id).await.expect("it is stored"));
            }
            let store = Arc::clone(&store);
            reports.spawn(async move {
                let events = vec![verdict(1, 3, 4, Some("x")), verdict(2, 3, 9, None)];
                let recorded = store.record(&id, events, 0).await.expect("it can be tried");
                assert_eq!(recorded.is_none(), has_left);
            });
        }
        reports.join_all().await;
        assert_eq!(store.events().await.expect("it can be read").len(), 40 * 2);
        let learners = store.learners().await.expect("it can be read");
        assert_eq!(learners.len(), 40);
        assert!(learners.iter().all(|learner| learner.passed == Some(9)));
    })
    .await;
}

#[tokio::test]
async fn who_leaves_leaves_nothing() {
    on_both(async |database| {
        let store = database.open().await;
        let empty = store.dump().await.expect("it can be read");
        let ada = learner(&store, "Ada").await;
        let events = [verdict(1, 3, 9, None)];
        store.record(&ada, events.to_vec(), 0).await.expect("it is stored");
        assert!(store.remove(&ada).await.expect("it is stored"));
        assert!(!store.remove(&ada).await.expect("it is stored"), "nobody leaves twice");
        assert_eq!(store.dump().await.expect("it can be read"), empty);
        assert!(store.record(&ada, events.to_vec(), 0).await.expect("it can be tried").is_none());
        assert_eq!(store.dump().await.expect("it can be read"), empty);
    })
    .await;
}

#[tokio::test]
async fn a_class_is_deleted_after_14_days_and_has_a_new_code() {
    on_both(async |database| {
        let store = database.open().await;
        let ada = learner(&store, "Ada").await;
        store.record(&ada, vec![verdict(1, 3, 9, None)], 0).await.expect("it is stored");
        let before = store.class().await.expect("it can be read");
        assert!(!store.purge(now() + KEPT - 60).await.expect("it can be tried"));
        assert_eq!(store.learners().await.expect("it can be read").len(), 1);
        assert!(store.purge(now() + KEPT + 60).await.expect("it can be tried"));
        let after = store.class().await.expect("it can be read");
        assert_ne!(before.code, after.code);
        assert_eq!(before.audience, after.audience);
        assert_eq!(store.learners().await.expect("it can be read"), []);
        assert_eq!(store.solved().await.expect("it can be read"), []);
    })
    .await;
}

#[tokio::test]
async fn a_class_outlives_its_board() {
    on_both(async |database| {
        let store = database.open().await;
        learner(&store, "Ada").await;
        store.set_go_to(Some(4)).await.expect("it is stored");
        store.set_timer(Some(99)).await.expect("it is stored");
        let before = store.dump().await.expect("it can be read");
        drop(store);
        assert_eq!(database.open().await.dump().await.expect("it can be read"), before);
    })
    .await;
}

#[tokio::test]
async fn a_second_board_on_the_same_file_is_refused() {
    let database = Database::sqlite();
    let store = database.open().await;
    let second = Store::open(&database.url).await;
    assert!(
        second.err().is_some_and(|error| error.to_string().contains("in use by another board"))
    );
    drop(store);
    database.open().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let database = Database::sqlite();
    let store = database.open().await;
    learner(&store, "Ada").await;
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let file = std::fs::metadata(format!("{}{suffix}", database.url)).expect("it is there");
        assert_eq!(file.permissions().mode() & 0o077, 0, "{suffix}");
    }
}

#[tokio::test]
async fn a_thousand_can_join_and_no_more() {
    on_both(async |database| {
        let store = database.open().await;
        for number in 0..MOST {
            let key = store.join(&number.to_string()).await.expect("it is stored");
            assert!(key.is_some(), "{number}");
        }
        assert_eq!(store.join("one more").await.expect("it can be tried"), None);
        assert_eq!(store.learners().await.expect("it can be read").len(), 1000);
    })
    .await;
}
