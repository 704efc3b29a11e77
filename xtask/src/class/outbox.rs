//! `.workshop/outbox/`: a file for each event that no board has acknowledged yet. Its name is its number, so that the board
//! counts it once, however often it is sent.

use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{class::report::What, course::Course, files, learner::lock::Lock, trouble::Trouble};

/// As many as one request may carry.
pub const MOST: usize = 100;

/// As many as are kept: after a day without the board, the oldest are of no use to anybody.
const KEPT: usize = 2000;

/// What is remembered between two events.
#[derive(Default, Serialize, Deserialize)]
struct Last {
    seq: u64,
    hand: bool,
}

/// Puts an event into the outbox.
pub fn put(course: &Course, what: &What) -> Result<(), Trouble> {
    let _lock = Lock::hold(course)?;
    put_locked(course, what, &mut last(course))
}

/// Raises the hand, or takes it down if it is up; whether it is up now.
pub fn turn_hand(course: &Course) -> Result<bool, Trouble> {
    hold_hand(course, |is_up| !is_up)
}

/// Raises the hand or takes it down, as `wanted` says of how it is; whether it is up now.
pub fn hold_hand(course: &Course, wanted: impl FnOnce(bool) -> bool) -> Result<bool, Trouble> {
    let _lock = Lock::hold(course)?;
    let mut last = last(course);
    last.hand = wanted(last.hand);
    put_locked(course, &What::Hand(last.hand), &mut last)?;
    Ok(last.hand)
}

/// Whether the hand is up.
pub fn hand_is_up(course: &Course) -> bool {
    last(course).hand
}

fn put_locked(course: &Course, what: &What, last: &mut Last) -> Result<(), Trouble> {
    last.seq += 1;
    // First the number, which is never used twice; then the event, whole or not at all.
    files::write_json(&course.lasting().join("outbox.json"), last)?;
    let mut event = json!({ "seq": last.seq });
    if let (Value::Object(event), Value::Object(what)) = (&mut event, json!(what)) {
        event.extend(what);
    }
    files::write_json(&folder(course).join(format!("{:016}.json", last.seq)), &event)?;
    let all = files::in_folder(&folder(course))?;
    for old in all.iter().take(all.len().saturating_sub(KEPT)) {
        remove(old)?;
    }
    Ok(())
}

/// The oldest events, with their files.
pub fn oldest(course: &Course) -> Result<Vec<(PathBuf, Value)>, Trouble> {
    let folder = folder(course);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut events = Vec::new();
    for path in files::in_folder(&folder)? {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        match fs::read_to_string(&path).map(|text| serde_json::from_str(&text)) {
            Ok(Ok(event)) => events.push((path, event)),
            // Nobody can send it, and it must not hold up the others.
            Ok(Err(_)) => remove(&path)?,
            // Another terminal was quicker.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Trouble::io("read", &path, &error)),
        }
        if events.len() == MOST {
            break;
        }
    }
    Ok(events)
}

/// Removes an event that is acknowledged.
pub fn remove(event: &std::path::Path) -> Result<(), Trouble> {
    match fs::remove_file(event) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Trouble::io("delete", event, &error))
        }
        _ => Ok(()),
    }
}

/// Forgets everything: a new membership begins at one.
pub fn forget(course: &Course) -> Result<(), Trouble> {
    let _lock = Lock::hold(course)?;
    for path in files::below(&folder(course))? {
        remove(&path)?;
    }
    remove(&course.lasting().join("outbox.json"))
}

/// A number that cannot be read is one that no event has: those that are still there know better.
fn last(course: &Course) -> Last {
    let text = fs::read_to_string(course.lasting().join("outbox.json")).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn folder(course: &Course) -> PathBuf {
    course.lasting().join("outbox")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::learner::testing::Scratch;

    #[test]
    fn each_event_has_a_number_of_its_own_and_leaves_once_it_is_acknowledged() {
        let scratch = Scratch::new("outbox");
        let course = &scratch.course;
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| put(course, &What::Hand(true)).expect("it can be written"));
            }
        });
        assert!(turn_hand(course).expect("it can be written"));
        assert!(!turn_hand(course).expect("it can be written"));
        let events = oldest(course).expect("they can be read");
        let seqs: Vec<_> = events.iter().map(|(_, event)| event["seq"].as_u64()).collect();
        assert_eq!(seqs, (1..=10).map(Some).collect::<Vec<_>>());
        assert_eq!(events[9].1, json!({"seq": 10, "hand": false}));
        for (path, _) in &events {
            remove(path).expect("it can be removed");
        }
        put(course, &What::Hand(true)).expect("it can be written");
        let events = oldest(course).expect("they can be read");
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].1["seq"], 11, "no number is used twice");
        forget(course).expect("it can be removed");
        assert!(oldest(course).expect("it can be read").is_empty());
    }

    #[test]
    fn what_is_half_a_file_holds_up_nothing() {
        let scratch = Scratch::new("outbox-half");
        let course = &scratch.course;
        files::write(&folder(course).join("0000000000000000.json"), b"{\"seq\": ")
            .expect("it can be written");
        put(course, &What::Hand(true)).expect("it can be written");
        assert_eq!(oldest(course).expect("they can be read").len(), 1);
    }
}
