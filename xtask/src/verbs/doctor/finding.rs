//! What is to be said of one thing that the workshop needs.

/// How it is, and what to do about it.
pub(super) enum Finding {
    Good(String),
    /// The workshop works, but something will be slow or missing.
    Warn(String, &'static str),
    /// The workshop does not work until this is fixed.
    Fix(String, &'static str),
}
