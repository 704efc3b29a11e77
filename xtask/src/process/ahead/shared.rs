//! One call after another, whenever nobody waits.

use std::{
    fs::{File, TryLockError},
    io::{BufRead, BufReader},
    path::Path,
    process::ChildStdout,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::process::{
    ahead::gently::{Call, Started, start},
    cargo_output,
    group::Group,
};

/// A crate that was lost so many times is finished the next time.
const LOST_OFTEN: u32 = 2;

/// How long somebody waits for it at most: no crate of ours takes longer on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often to look whether somebody waits in another terminal.
const LOOK: Duration = Duration::from_millis(100);

/// What is known of the builds, by who runs them and by who waits.
pub(super) struct Shared {
    count: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The call that runs.
    running: Option<Group>,
    /// Crates that it has built.
    built: u32,
    /// How often in a row a call was ended that had built none.
    lost: u32,
    /// Calls that have come to their own end.
    done: usize,
    /// The packages of those that have ended badly.
    failed: Vec<String>,
    somebody_waits: u32,
    ended: bool,
}

impl Shared {
    pub(super) fn new(count: usize) -> Self {
        Self { count, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Runs the call when nobody waits; false if it was ended and must be run again.
    pub(super) fn run(&self, call: &impl Fn() -> Option<Call>) -> bool {
        let free = self
            .changed
            .wait_while(locked(&self.state), |state| state.somebody_waits > 0 && !state.ended);
        let mut state = free.unwrap_or_else(PoisonError::into_inner);
        if state.ended {
            return true;
        }
        // Nothing is to be built; or there is no cargo, and the verbs themselves say so.
        let Some(Started { package, group, stdout, words, ended }) = start(call) else {
            state.done += 1;
            return true;
        };
        (state.running, state.built) = (Some(group), 0);
        drop(state);
        self.changed.notify_all();
        let lines = self.count_crates(stdout, words);
        let running = locked(&self.state).running.take();
        // Who ended it has taken it away.
        let finished = running.is_some();
        let is_good = running.is_some_and(|mut group| group.wait().is_ok_and(|it| it.success()));
        if finished {
            ended(&lines);
        }
        let mut state = locked(&self.state);
        if finished {
            (state.done, state.lost) = (state.done + 1, 0);
            if !is_good {
                state.failed.push(package);
            }
        }
        self.changed.notify_all();
        finished || state.ended
    }

    pub(super) fn progress(&self) -> Option<String> {
        let state = locked(&self.state);
        (state.done < self.count).then(|| format!("{} of {}", state.done, self.count))
    }

    pub(super) fn failed(&self) -> Option<String> {
        let state = locked(&self.state);
        (!state.failed.is_empty()).then(|| state.failed.join(", "))
    }

    pub(super) fn is_built(&self, package: &str) {
        self.change(|state| state.failed.retain(|failed| failed != package));
    }

    fn count_crates(&self, stdout: ChildStdout, words: cargo_output::Call) -> Vec<String> {
        let mut lines = Vec::new();
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.contains(r#""reason":"compiler-artifact""#) && line.contains(r#""fresh":false"#)
            {
                self.change(|state| state.built += 1);
            }
            words.hear(&line);
            lines.push(line);
        }
        lines
    }

    pub(super) fn give_way(&self) {
        let mut state = locked(&self.state);
        state.somebody_waits += 1;
        if state.lost >= LOST_OFTEN {
            let waited = self.changed.wait_timeout_while(state, PATIENCE, |state| {
                state.running.is_some() && state.built == 0
            });
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if let Some(group) = state.running.take() {
            state.lost = if state.built == 0 { state.lost + 1 } else { 0 };
            drop(group);
        }
        self.changed.notify_all();
    }

    /// One of those that it gives way to waits no more.
    pub(super) fn go_on(&self) {
        self.change(|state| state.somebody_waits -= 1);
    }

    /// Gives way to those that hold the lock, until all is built.
    pub(super) fn look_at(&self, lock: &Path) {
        let mut gives_way = false;
        loop {
            let waits = File::open(lock)
                .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
            match (gives_way, waits) {
                (false, true) => self.give_way(),
                (true, false) => self.go_on(),
                _ => {}
            }
            gives_way = waits;
            let state = locked(&self.state);
            if state.ended || state.done == self.count {
                return;
            }
            drop(state);
            thread::park_timeout(LOOK);
        }
    }

    pub(super) fn end(&self) {
        self.change(|state| {
            state.ended = true;
            drop(state.running.take());
        });
    }

    fn change(&self, act: impl FnOnce(&mut State)) {
        act(&mut locked(&self.state));
        self.changed.notify_all();
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{
        fs,
        process::{self, Command},
        sync::Arc,
        time::Instant,
    };

    use super::*;
    use crate::process::ahead::lock::{hold, lock};

    const LIMIT: Duration = Duration::from_secs(30);

    /// What builds ahead here is a shell.
    fn begin(script: String) -> Arc<Shared> {
        let shared = Arc::new(Shared::new(1));
        let works = Arc::clone(&shared);
        thread::spawn(move || {
            let call = || {
                let mut shell = Command::new("sh");
                shell.args(["-c", &script]);
                let package = "step-07".to_owned();
                Some(Call { package, command: shell, ended: Box::new(|_| ()) })
            };
            while !works.run(&call) {}
        });
        shared
    }

    #[track_caller]
    fn wait_until(shared: &Shared, happened: impl Fn(&State) -> bool) {
        let waited = shared
            .changed
            .wait_timeout_while(locked(&shared.state), LIMIT, |state| !happened(state));
        assert!(!waited.expect("no panic").1.timed_out(), "it does not happen");
    }

    const CRATE: &str = r#"echo '{"reason":"compiler-artifact","fresh":false}'"#;

    #[test]
    fn who_waits_goes_first_and_then_it_begins_again() {
        let shared = begin(format!("{CRATE}; exec sleep 600"));
        wait_until(&shared, |state| state.built == 1);
        shared.give_way();
        assert!(locked(&shared.state).running.is_none(), "it runs on");
        shared.go_on();
        wait_until(&shared, |state| state.running.is_some() && state.built == 1);
        shared.end();
        assert!(locked(&shared.state).running.is_none());
    }

    #[test]
    fn another_terminal_goes_first_too() {
        let root = std::env::temp_dir().join(format!("workshop-way-{}", process::id()));
        let shared = begin(format!("{CRATE}; exec sleep 600"));
        let (looks, path) = (Arc::clone(&shared), lock(&root));
        thread::spawn(move || looks.look_at(&path));
        wait_until(&shared, |state| state.built == 1);
        let held = hold(&lock(&root)).expect("the folder can be written");
        wait_until(&shared, |state| state.running.is_none() && state.somebody_waits == 1);
        drop(held);
        wait_until(&shared, |state| state.running.is_some() && state.somebody_waits == 0);
        shared.end();
        fs::remove_dir_all(&root).expect("nothing is left");
    }

    #[test]
    fn what_was_lost_twice_is_finished() {
        let folder = std::env::temp_dir().join(format!("workshop-ahead-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        // The third run builds a crate, after a while.
        let script = format!(
            "cd '{}'; if mkdir one || mkdir two; then exec sleep 600; fi 2>&-; sleep 0.2; {CRATE}; exec sleep 600",
            folder.display()
        );
        let shared = begin(script);
        for name in ["one", "two"] {
            wait_until(&shared, |state| state.running.is_some());
            let until = Instant::now() + LIMIT;
            while !folder.join(name).exists() {
                assert!(Instant::now() < until, "it does not begin");
                thread::yield_now();
            }
            shared.give_way();
            shared.go_on();
        }
        wait_until(&shared, |state| state.running.is_some());
        shared.give_way();
        let (built, lost) = {
            let state = locked(&shared.state);
            (state.built, state.lost)
        };
        assert_eq!((built, lost), (1, 0));
        shared.end();
        fs::remove_dir_all(&folder).expect("nothing is left");
    }

    #[test]
    fn what_ends_by_itself_is_done() {
        let shared = begin("true".to_owned());
        wait_until(&shared, |state| state.done == 1);
        assert_eq!((shared.progress(), shared.failed()), (None, None));
    }

    #[test]
    fn what_ends_badly_is_named_until_somebody_who_waits_for_it_has_it() {
        let shared = begin("exit 101".to_owned());
        wait_until(&shared, |state| state.done == 1);
        assert_eq!(shared.failed().as_deref(), Some("step-07"));
        shared.is_built("step-08");
        assert_eq!(shared.failed().as_deref(), Some("step-07"));
        shared.is_built("step-07");
        assert_eq!(shared.failed(), None);
    }
}
