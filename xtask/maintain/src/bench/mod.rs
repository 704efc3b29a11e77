//! How long people wait: a copy of the workshop, verbs that run in it, and a line for each thing measured.

pub(crate) mod book;
pub(crate) mod copy;
pub(crate) mod peers;
pub(crate) mod rows;
pub(crate) mod running;
