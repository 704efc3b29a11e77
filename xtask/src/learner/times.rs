//! `.workshop/times.json`: how long the learner has worked on each step. It stays on this machine, unless they join a
//! class.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step},
    files,
    learner::{lock::Lock, remembered},
    trouble::Trouble,
    verdict::{Outcome, Verdict},
};

const VERSION: u32 = 1;

/// Between two saves somebody reads and thinks; a pause longer than this is for coffee.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// What is remembered.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Times {
    version: u32,
    steps: BTreeMap<String, Time>,
}

/// How long one step took.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Seconds of work, without long pauses.
    worked: u64,
    /// When the last verdict came, in seconds since 1970.
    last: u64,
    /// Minutes until the core passed for the first time.
    pub core: Option<u16>,
    /// Minutes until all of it did.
    pub all: Option<u16>,
}

impl Time {
    fn minutes(self) -> u16 {
        u16::try_from(self.worked.div_ceil(60)).unwrap_or(u16::MAX)
    }
}

impl Times {
    /// Reads them; a learner who has just begun has none.
    pub fn load(course: &Course) -> Result<Self, Trouble> {
        let path = path(course);
        let cure = format!("Nothing of your code is in it. Move {} away.", path.display());
        remembered::load(&path, VERSION, "the file with your minutes", &cure)
    }

    /// Those of a step.
    pub fn of(&self, step: &Step) -> Time {
        self.steps.get(&step.slug).copied().unwrap_or_default()
    }
}

/// Takes in a verdict on the step at `now`; how many minutes the learner has worked on it.
pub fn note(course: &Course, step: &Step, verdict: &Verdict, now: u64) -> Result<u16, Trouble> {
    let _lock = Lock::hold(course)?;
    let mut times = Times::load(course)?;
    times.version = VERSION;
    let time = times.steps.entry(step.slug.clone()).or_default();
    if time.last > 0 {
        time.worked += now.saturating_sub(time.last).min(LONGEST_PAUSE.as_secs());
    }
    time.last = now;
    let minutes = time.minutes();
    let solved = verdict.outcome == Outcome::Solved;
    if solved || verdict.outcome == Outcome::Failed && verdict.core_passes() {
        time.core.get_or_insert(minutes);
    }
    if solved {
        time.all.get_or_insert(minutes);
    }
    files::write_json(&path(course), &times)?;
    Ok(minutes)
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("times.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{learner::testing::Scratch, verdict::testing};

    #[test]
    fn pauses_count_for_ten_minutes_and_the_first_time_stays() {
        let scratch = Scratch::new("times");
        let course = &scratch.course;
        let step = &course.steps[2];
        let open = testing::failed(vec![testing::check("a", "x", "y")]);
        let solved = Verdict {
            outcome: Outcome::Solved,
            ..testing::failed(vec![testing::check("a", "x", "")])
        };
        let note = |verdict, minute: u64| {
            note(course, step, verdict, 1_000_000 + 60 * minute).expect("it is written")
        };
        assert_eq!(note(&open, 0), 0);
        assert_eq!(note(&open, 4), 4);
        assert_eq!(note(&open, 100), 14, "96 minutes of which ten count");
        assert_eq!(note(&solved, 101), 15);
        assert_eq!(note(&open, 103), 17);
        assert_eq!(note(&solved, 104), 18);
        let time = Times::load(course).expect("it is there").of(step);
        assert_eq!((time.core, time.all), (Some(15), Some(15)));
    }
}
