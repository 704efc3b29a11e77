//! Saves of every kind, one after another, beside a `watch` that has to keep up.

pub(crate) mod left;
pub(crate) mod program;
pub(crate) mod save;

use std::hash::{DefaultHasher, Hash, Hasher};

/// Draws numbers from a seed, the same at each run.
pub(crate) struct Dice {
    seed: u64,
    thrown: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, thrown: 0 }
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        self.thrown += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, self.thrown).hash(&mut hasher);
        let count = u64::try_from(all.len()).unwrap_or(1);
        all[usize::try_from(hasher.finish() % count).unwrap_or(0)]
    }
}
