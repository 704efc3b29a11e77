//! One at a time: whatever changes the learner's code or progress holds `.workshop/lock` meanwhile, from reading what is
//! there to writing what becomes of it.

use std::{
    env,
    fs::{self, File, TryLockError},
    io::Write,
    path::Path,
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{course::Course, files, trouble::Trouble};

/// How long to wait for another terminal; what it does takes milliseconds.
const LIMIT: Duration = Duration::from_secs(5);

/// While it lives, no other `cargo xtask` changes what belongs to the learner. The system lets go of it with the
/// process, even with one that is killed.
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Waits for its turn.
    pub fn hold(course: &Course) -> Result<Self, Trouble> {
        Self::hold_within(course, LIMIT)
    }

    fn hold_within(course: &Course, limit: Duration) -> Result<Self, Trouble> {
        let path = course.lasting().join("lock");
        files::create_folder(&course.lasting())?;
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| Trouble::io("open", &path, &error))?;
        let mut file = match file.try_lock() {
            Ok(()) => file,
            // A file system that has no locks has none to wait for.
            Err(TryLockError::Error(_)) => return Ok(Self { _file: None }),
            Err(TryLockError::WouldBlock) => wait(file, limit).ok_or_else(|| held(&path, limit))?,
        };
        files::remove_unfinished(&course.lasting())?;
        // Only to be told who it is; a full disk keeps nobody from anything here.
        let who = env::args().skip(1).collect::<Vec<_>>().join(" ");
        let noted = file.set_len(0);
        noted.and_then(|()| write!(file, "`cargo xtask {who}`, process {}", process::id())).ok();
        Ok(Self { _file: Some(file) })
    }
}

/// The file, once it is locked.
fn wait(file: File, limit: Duration) -> Option<File> {
    let (sender, locked) = mpsc::channel();
    thread::spawn(move || {
        let turn = file.lock().is_ok().then_some(file);
        // If nobody waits any more, this lets go of it.
        sender.send(turn).ok();
    });
    locked.recv_timeout(limit).ok().flatten()
}

fn held(path: &Path, limit: Duration) -> Trouble {
    let who = fs::read_to_string(path).unwrap_or_default();
    let who = if who.is_empty() { "another `cargo xtask`" } else { who.trim_end() };
    Trouble::Environment(format!(
        "{who} is changing your code or your progress, and has not finished within {} s. Nothing was changed here.\n\
         It holds {}.\n\
         Next:  look into your other terminals, let it finish or end it, then the same command again",
        limit.as_secs_f32(),
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::testing::Scratch;

    #[test]
    fn who_holds_it_too_long_is_named() {
        let scratch = Scratch::new("lock");
        let course = &scratch.course;
        let lock = Lock::hold(course).expect("nobody holds it");
        let Err(trouble) = Lock::hold_within(course, Duration::from_millis(10)) else {
            panic!("two hold it")
        };
        assert_eq!(trouble.exit_code(), 4);
        let said = trouble.to_string();
        assert!(said.contains(&format!("process {}", process::id())) || cfg!(windows), "{said}");
        drop(lock);
        Lock::hold(course).expect("nobody holds it any more");
    }
}
