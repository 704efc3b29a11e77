//! One build of a package at a time: between cargo's end and the note of what it has built, no other terminal builds it.
//! It costs nothing, since cargo would wait anyway.

use std::{
    fs::{File, TryLockError},
    path::Path,
    sync::mpsc,
    thread,
};

use crate::{files, process::cancel::Cancel, trouble::Trouble};

/// While it lives, it is our turn; the system ends it with the process, however that ends.
pub(super) struct Turn {
    _file: Option<File>,
}

#[derive(Clone)]
enum Event {
    Locked,
    Cancelled,
}

/// Waits for our turn as long as it takes, or until it is cancelled; `wait` is called if there is a wait.
pub(super) fn take(path: &Path, cancel: &Cancel, wait: impl FnOnce()) -> Result<Turn, Trouble> {
    if let Some(folder) = path.parent() {
        files::create_folder(folder)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| Trouble::io("open", path, &error))?;
    match file.try_lock() {
        Ok(()) => return Ok(Turn { _file: Some(file) }),
        // A file system that has no locks has no turns.
        Err(TryLockError::Error(_)) => return Ok(Turn { _file: None }),
        Err(TryLockError::WouldBlock) => wait(),
    }
    let (sender, events) = mpsc::channel();
    let _guard = cancel.send(sender.clone(), Event::Cancelled);
    let waiting = thread::spawn(move || {
        let locked = file.lock().is_ok();
        // If nobody waits any more, the file is let go of.
        sender.send(Event::Locked).ok();
        locked.then_some(file)
    });
    #[expect(clippy::disallowed_methods, reason = "Ctrl-C is one of these events")]
    match events.recv() {
        Ok(Event::Locked) => Ok(Turn { _file: waiting.join().ok().flatten() }),
        Ok(Event::Cancelled) | Err(_) => Err(Trouble::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc, time::Duration};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn one_waits_for_the_other_or_is_cancelled() {
        let name = format!("workshop-turn-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let path = folder.join("step.lock");
        let first = take(&path, &Cancel::default(), || panic!("nobody is before us"));
        let (says, said) = mpsc::channel();
        let start = |cancel: Arc<Cancel>| {
            let (path, waits, ended) = (path.clone(), says.clone(), says.clone());
            thread::spawn(move || {
                let turn = take(&path, &cancel, || waits.send("waits").expect("the test listens"));
                ended.send(if turn.is_ok() { "ours" } else { "cancelled" }).expect("it listens");
            })
        };
        let cancel = Arc::new(Cancel::default());
        let cancelled = start(cancel.clone());
        assert_eq!(said.recv_timeout(LIMIT), Ok("waits"));
        cancel.ask();
        assert_eq!(said.recv_timeout(LIMIT), Ok("cancelled"));
        let second = start(Arc::default());
        assert_eq!(said.recv_timeout(LIMIT), Ok("waits"));
        drop(first);
        assert_eq!(said.recv_timeout(LIMIT), Ok("ours"));
        cancelled.join().and_then(|()| second.join()).expect("neither has panicked");
        fs::remove_dir_all(folder).expect("nothing holds it");
    }
}
