//! The same work on many things, as many at once as the machine bears.

use std::{
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
    let jobs = Mutex::new(Some(jobs.enumerate()));
    let answers = Mutex::new(Vec::new());
    let take = || jobs.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.next();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..=cores {
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
