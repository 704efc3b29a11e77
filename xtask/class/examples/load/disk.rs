//! The disk alone, as the board uses it: nothing is acknowledged before it is written.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{BETWEEN, Failure, LEARNERS, SAVES};

/// What SQLite writes at a time.
const BLOCK: [u8; 4096] = [0; 4096];

/// How long it takes until a block is on the disk, as often as all learners save in half a run.
pub(crate) fn flushes(database: &Path) -> Result<Vec<Duration>, Failure> {
    let path = database.with_extension("disk");
    let mut file = File::create(&path)?;
    let pause = BETWEEN / u32::try_from(LEARNERS)?;
    let mut times = Vec::new();
    for _ in 0..LEARNERS * usize::from(SAVES) / 2 {
        let began = Instant::now();
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        times.push(began.elapsed());
        sleep(pause.saturating_sub(began.elapsed()));
    }
    fs::remove_file(path)?;
    Ok(times)
}
