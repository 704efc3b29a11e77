//! Builds that nobody waits for yet: one cargo call after another, at low priority. A build that somebody waits for goes
//! first, in whatever terminal: cargo locks its target folder, so what builds ahead is ended then, and begins again
//! after.

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use crate::process::ahead::{
    lock::{hold, lock},
    shared::{Shared, locked},
};

pub use crate::process::ahead::gently::Call;

mod gently;
mod lock;
mod shared;

/// Who builds ahead in this process.
static AHEAD: Mutex<Option<Arc<Shared>>> = Mutex::new(None);

/// Builds ahead until dropped.
pub struct Ahead(Arc<Shared>);

impl Ahead {
    /// Begins in the checkout at `root`; `call` makes the cargo call of each number below `count`, unless it would
    /// build nothing.
    pub fn begin(
        root: &Path,
        count: usize,
        call: impl Fn(usize) -> Option<Call> + Send + 'static,
    ) -> Self {
        let shared = Arc::new(Shared::new(count));
        *locked(&AHEAD) = Some(Arc::clone(&shared));
        let works = Arc::clone(&shared);
        thread::spawn(move || {
            for number in 0..count {
                while !works.run(&|| call(number)) {}
            }
        });
        let (looks, lock) = (Arc::clone(&shared), lock(root));
        thread::spawn(move || looks.look_at(&lock));
        Self(shared)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.end();
        *locked(&AHEAD) = None;
    }
}

/// How far it is: `6 of 19`; nothing once all is built.
pub fn progress() -> Option<String> {
    let ahead = locked(&AHEAD).clone()?;
    ahead.progress()
}

/// The packages that could not be built: `solution-01, step-07`; nothing if there is none.
pub fn failed() -> Option<String> {
    let ahead = locked(&AHEAD).clone()?;
    ahead.failed()
}

/// Somebody who waited for it has this package now.
pub(super) fn is_built(package: &str) {
    let ahead = locked(&AHEAD).clone();
    if let Some(ahead) = ahead {
        ahead.is_built(package);
    }
}

/// Lets nothing build ahead in the checkout at `root` until the guard is dropped.
pub fn give_way(root: &Path) -> Way {
    let ahead = locked(&AHEAD).clone();
    if let Some(ahead) = &ahead {
        ahead.give_way();
    }
    // Without the lock, cargo waits in the terminals that it is about.
    Way { ahead, _lock: hold(&lock(root)).ok() }
}

/// While it lives, nothing builds ahead.
pub struct Way {
    ahead: Option<Arc<Shared>>,
    /// Others build ahead while nobody holds it.
    _lock: Option<File>,
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Some(ahead) = &self.ahead {
            ahead.go_on();
        }
    }
}
