//! When each check runs: what is answered quickly does not wait for what takes long.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many checks run at once: they wait for responses more than they compute.
const PLACES: usize = 12;

static TURNS: Turns = Turns::new();

/// What a check needs. Those that need more begin after those that need less have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// A server, which others may have used.
    AnyServer,
    /// Servers of its own, which have to start.
    OwnServers,
    /// The whole machine.
    Quiet,
}

/// Waits until a check that needs this may run; it does until the turn is dropped.
pub(crate) fn take(needs: Needs) -> Turn<'static> {
    TURNS.take(needs)
}

struct Turns {
    state: Mutex<State>,
    /// One for each need.
    free: [Condvar; 3],
}

/// How many checks there are, for each need.
struct State {
    waiting: [usize; 3],
    running: [usize; 3],
}

/// What a check has while it runs.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    needs: Needs,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        state.running[self.needs as usize] -= 1;
        self.turns.call_next(&state);
    }
}

impl State {
    fn may_begin(&self, needs: Needs) -> bool {
        let with_less = ..needs as usize;
        let running: usize = self.running.iter().sum();
        self.waiting[with_less].iter().chain(&self.running[with_less]).all(|&number| number == 0)
            && self.running[Needs::Quiet as usize] == 0
            && running < PLACES
    }
}

impl Turns {
    const fn new() -> Self {
        let state = State { waiting: [0; 3], running: [0; 3] };
        Self { state: Mutex::new(state), free: [const { Condvar::new() }; 3] }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, needs: Needs) -> Turn<'_> {
        let mut state = self.state();
        state.waiting[needs as usize] += 1;
        let waiting = self.free[needs as usize].wait_while(state, |state| !state.may_begin(needs));
        let mut state = waiting.unwrap_or_else(PoisonError::into_inner);
        state.waiting[needs as usize] -= 1;
        state.running[needs as usize] += 1;
        // There may be room for another.
        self.call_next(&state);
        Turn { turns: self, needs }
    }

    /// Wakes one of those that need the least; it calls the next when it has begun.
    fn call_next(&self, state: &State) {
        if let Some(next) = state.waiting.iter().position(|&number| number > 0) {
            self.free[next].notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;
    use Needs::{AnyServer, OwnServers, Quiet};

    /// Far longer than it takes.
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn those_that_need_less_begin_first() {
        let turns = Turns::new();
        let mut places: Vec<_> = (0..PLACES).map(|_| turns.take(AnyServer)).collect();
        thread::scope(|scope| {
            let (begins, begun) = mpsc::channel();
            for needs in [Quiet, OwnServers, AnyServer, OwnServers, AnyServer, Quiet] {
                let (turns, begins) = (&turns, begins.clone());
                scope.spawn(move || {
                    begins.send((needs, turns.take(needs))).expect("the test goes on");
                });
            }
            while turns.state().waiting != [2, 2, 2] {
                thread::yield_now();
            }
            let next = || begun.recv_timeout(LONG).expect("one waits");
            places.truncate(PLACES - 1);
            let (first, one) = next();
            places.clear();
            let (second, other) = next();
            assert_eq!([first, second], [AnyServer; 2]);
            assert_eq!(turns.state().waiting, [0, 2, 2], "two still run");
            drop((one, other));
            let ((third, one), (fourth, other)) = (next(), next());
            assert_eq!([third, fourth], [OwnServers; 2]);
            drop((one, other));
            let (fifth, alone) = next();
            assert_eq!(fifth, Quiet);
            assert_eq!(turns.state().waiting, [0, 0, 1], "one is alone");
            drop(alone);
            assert_eq!(next().0, Quiet);
        });
    }

    #[test]
    fn all_that_there_is_room_for_begin() {
        let turns = Turns::new();
        let alone = turns.take(Quiet);
        thread::scope(|scope| {
            let (begins, begun) = mpsc::channel();
            for _ in 0..PLACES {
                let (turns, begins) = (&turns, begins.clone());
                scope.spawn(move || begins.send(turns.take(OwnServers)).expect("the test goes on"));
            }
            while turns.state().waiting != [0, PLACES, 0] {
                thread::yield_now();
            }
            drop(alone);
            let next = |_| begun.recv_timeout(LONG).expect("there is room");
            let together: Vec<_> = (0..PLACES).map(next).collect();
            assert_eq!(turns.state().running, [0, together.len(), 0]);
        });
    }

    #[test]
    fn one_waits_for_a_place_and_for_those_that_need_less() {
        let may_begin = |waiting, running, needs| State { waiting, running }.may_begin(needs);
        assert!(may_begin([1, 1, 1], [PLACES - 1, 0, 0], AnyServer));
        assert!(!may_begin([1, 1, 1], [PLACES - 1, 1, 0], AnyServer), "every place is taken");
        assert!(!may_begin([1, 0, 0], [0, 0, 1], AnyServer), "one is alone");
        assert!(may_begin([0, 1, 1], [0, PLACES - 1, 0], OwnServers));
        assert!(!may_begin([1, 1, 0], [0, 0, 0], OwnServers), "one that needs less waits");
        assert!(!may_begin([0, 1, 0], [1, 0, 0], OwnServers), "one that needs less runs");
        assert!(may_begin([0, 0, 2], [0, 0, 0], Quiet));
        assert!(!may_begin([0, 0, 1], [0, 0, 1], Quiet), "another is alone");
    }
}
