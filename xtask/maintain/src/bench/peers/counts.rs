//! How often each thing is measured.

/// So often.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Saves of each kind, and warm starts.
    pub(crate) saves: usize,
    /// Clones and installations.
    pub(crate) colds: usize,
}

impl Counts {
    pub(crate) const DEFAULT: Self = Self { saves: 7, colds: 7 };
}
