//! A judgement that is under way, while its watch goes on to listen.

use std::{
    panic,
    sync::Arc,
    thread::{Scope, ScopedJoinHandle},
};

use crate::{
    course::{Course, Step},
    judge::{judge_until, so_far::SoFar},
    process::{cancel::Cancel, server_copy::ServerCopy},
    trouble::Trouble,
    verdict::Verdict,
};

pub(super) type Judged = Result<(Verdict, Option<ServerCopy>), Trouble>;

pub(super) struct Judging<'scope> {
    cancel: Arc<Cancel>,
    thread: ScopedJoinHandle<'scope, Judged>,
}

impl<'scope> Judging<'scope> {
    /// Begins; `so_far` hears what the quick checks say, and `ended` is called at the end.
    pub(super) fn begin<'env>(
        scope: &'scope Scope<'scope, 'env>,
        course: &'env Course,
        step: Step,
        so_far: impl Fn(&SoFar) + Send + 'scope,
        ended: impl FnOnce() + Send + 'scope,
    ) -> Self {
        let cancel = Arc::new(Cancel::default());
        let cancelled = cancel.clone();
        let thread = scope.spawn(move || {
            let judged = judge_until(course, &step, &cancelled, &so_far);
            ended();
            judged
        });
        Self { cancel, thread }
    }

    /// Ends it, with all that it has started.
    pub(super) fn cancel(self) {
        self.cancel.ask();
        // Whatever it came to, it is of files that are no longer there.
        drop(self.joined());
    }

    pub(super) fn joined(self) -> Judged {
        self.thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    }
}
