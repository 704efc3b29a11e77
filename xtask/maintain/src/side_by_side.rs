//! The same work on many things, as many at once as the machine bears.

use std::{
    num::NonZero,
    sync::{Mutex, PoisonError},
    thread,
};

use xtask::trouble::Trouble;

/// One more at once than there are cores, since checks wait, too; the answers are in the order of the jobs.
/// After the first trouble nothing new is begun.
pub(crate) fn side_by_side<J, A: Send>(
    jobs: impl Iterator<Item = J> + Send,
    act: impl Fn(J) -> Result<A, Trouble> + Sync,
) -> Result<Vec<A>, Trouble> {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    so_many_at_once(cores.saturating_add(1), jobs, act)
}

/// The same, with as many at once as the caller says.
pub(crate) fn so_many_at_once<J, A: Send>(
    at_once: NonZero<usize>,
    jobs: impl Iterator<Item = J> + Send,
    act: impl Fn(J) -> Result<A, Trouble> + Sync,
) -> Result<Vec<A>, Trouble> {
    let jobs = Mutex::new(Some(jobs.enumerate()));
    let answers = Mutex::new(Vec::new());
    let take = || jobs.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.next();
    thread::scope(|scope| {
        for _ in 0..at_once.get() {
            scope.spawn(|| {
                while let Some((index, job)) = take() {
                    let answer = act(job);
                    let stop = answer.is_err();
                    answers.lock().unwrap_or_else(PoisonError::into_inner).push((index, answer));
                    if stop {
                        *jobs.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
