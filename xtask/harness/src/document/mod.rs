//! The OpenAPI document: the part of it that the contract names, and which operations it lists.

mod canonical;
mod expected;
mod operations;
mod reading;

pub(crate) use canonical::{YOUR_WORDS, canonical};
pub(crate) use expected::as_far_as;
pub use operations::{Operation, operations};
