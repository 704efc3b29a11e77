//! The workshop as Windows programs, under wine; and compiled for what learners have.

pub(crate) mod bridge;
pub(crate) mod build;
pub(crate) mod copy;
pub(crate) mod prefix;
pub(crate) mod systems;
pub(crate) mod table;
pub(crate) mod toolchain;
pub(crate) mod walk;

mod endings;
mod mapped;
mod translate;
mod unit_tests;
