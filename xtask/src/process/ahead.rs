//! Builds that nobody waits for yet: one cargo call after another, at low priority. A build that somebody waits for goes
//! first, in whatever terminal: cargo locks its target folder, so what builds ahead is ended then, and begins again
//! after.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ChildStdout, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::process::group::Group;

/// A crate that was lost so many times is finished the next time.
const LOST_OFTEN: u32 = 2;

/// How long somebody waits for it at most: no crate of ours takes longer on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often to look whether somebody waits in another terminal.
const LOOK: Duration = Duration::from_millis(100);

/// Who builds ahead in this process.
static AHEAD: Mutex<Option<Arc<Shared>>> = Mutex::new(None);

/// A call of cargo.
pub struct Call {
    /// It, with cargo's JSON on standard output.
    pub command: Command,
    /// Hears all lines of a call that has come to its own end.
    pub ended: Ended,
}

type Ended = Box<dyn FnOnce(&[String])>;

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
    let state = locked(&ahead.state);
    (state.done < ahead.count).then(|| format!("{} of {}", state.done, ahead.count))
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

fn lock(root: &Path) -> PathBuf {
    root.join("target").join("workshop-builds.lock")
}

fn hold(lock: &Path) -> io::Result<File> {
    lock.parent().map_or(Ok(()), fs::create_dir_all)?;
    let file = File::create(lock)?;
    file.lock_shared()?;
    Ok(file)
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Some(ahead) = &self.ahead {
            ahead.change(|state| state.somebody_waits -= 1);
        }
    }
}

struct Shared {
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
    somebody_waits: u32,
    ended: bool,
}

impl Shared {
    fn new(count: usize) -> Self {
        Self { count, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Runs the call when nobody waits; false if it was ended and must be run again.
    fn run(&self, call: &impl Fn() -> Option<Call>) -> bool {
        let free = self
            .changed
            .wait_while(locked(&self.state), |state| state.somebody_waits > 0 && !state.ended);
        let mut state = free.unwrap_or_else(PoisonError::into_inner);
        if state.ended {
            return true;
        }
        // Nothing is to be built; or there is no cargo, and the verbs themselves say so.
        let Some((group, stdout, ended)) = start(call) else {
            state.done += 1;
            return true;
        };
        (state.running, state.built) = (Some(group), 0);
        drop(state);
        self.changed.notify_all();
        let lines = self.count_crates(stdout);
        // Who ended it has taken it away.
        let finished = locked(&self.state).running.take().is_some();
        if finished {
            ended(&lines);
        }
        let mut state = locked(&self.state);
        if finished {
            (state.done, state.lost) = (state.done + 1, 0);
        }
        self.changed.notify_all();
        finished || state.ended
    }

    fn count_crates(&self, stdout: ChildStdout) -> Vec<String> {
        let mut lines = Vec::new();
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.contains(r#""reason":"compiler-artifact""#) && line.contains(r#""fresh":false"#)
            {
                self.change(|state| state.built += 1);
            }
            lines.push(line);
        }
        lines
    }

    fn give_way(&self) {
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

    /// Gives way to those that hold the lock, until all is built.
    fn look_at(&self, lock: &Path) {
        let mut gives_way = false;
        loop {
            let waits = File::open(lock)
                .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
            match (gives_way, waits) {
                (false, true) => self.give_way(),
                (true, false) => self.change(|state| state.somebody_waits -= 1),
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

    fn end(&self) {
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

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// At low priority, where there is the program `nice`.
fn start(call: &impl Fn() -> Option<Call>) -> Option<(Group, ChildStdout, Ended)> {
    let Call { command, ended } = call()?;
    let mut group = Group::start_cargo(piped(gentle(&command)))
        .or_else(|_| Group::start_cargo(piped(command)))
        .ok()?;
    let stdout = group.take_stdout()?;
    Some((group, stdout, ended))
}

fn gentle(call: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.args(["-n", "10"]).arg(call.get_program()).args(call.get_args());
    if let Some(folder) = call.get_current_dir() {
        nice.current_dir(folder);
    }
    nice
}

fn piped(mut call: Command) -> Command {
    call.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    call
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    /// What builds ahead here is a shell.
    fn begin(script: String) -> Arc<Shared> {
        let shared = Arc::new(Shared::new(1));
        let works = Arc::clone(&shared);
        thread::spawn(move || {
            let call = || {
                let mut shell = Command::new("sh");
                shell.args(["-c", &script]);
                Some(Call { command: shell, ended: Box::new(|_| ()) })
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
        shared.change(|state| state.somebody_waits -= 1);
        wait_until(&shared, |state| state.running.is_some() && state.built == 1);
        shared.end();
        assert!(locked(&shared.state).running.is_none());
    }

    #[test]
    fn another_terminal_goes_first_too() {
        let root = std::env::temp_dir().join(format!("workshop-way-{}", std::process::id()));
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
        let folder = std::env::temp_dir().join(format!("workshop-ahead-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        // The third run builds a crate, after a while.
        let script = format!(
            "cd '{}'; if mkdir one || mkdir two; then exec sleep 600; fi 2>&-; sleep 0.2; {CRATE}; exec sleep 600",
            folder.display()
        );
        let shared = begin(script);
        for name in ["one", "two"] {
            wait_until(&shared, |state| state.running.is_some());
            let until = std::time::Instant::now() + LIMIT;
            while !folder.join(name).exists() {
                assert!(std::time::Instant::now() < until, "it does not begin");
                thread::yield_now();
            }
            shared.give_way();
            shared.change(|state| state.somebody_waits -= 1);
        }
        wait_until(&shared, |state| state.running.is_some());
        shared.give_way();
        let (built, lost) = {
            let state = locked(&shared.state);
            (state.built, state.lost)
        };
        assert_eq!((built, lost), (1, 0));
        shared.end();
        std::fs::remove_dir_all(&folder).expect("nothing is left");
    }

    #[test]
    fn what_ends_by_itself_is_done() {
        let shared = begin("true".to_owned());
        wait_until(&shared, |state| state.done == 1);
    }
}
