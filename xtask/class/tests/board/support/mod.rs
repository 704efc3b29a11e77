//! A class of its own for each test.

pub(crate) mod client;
pub(crate) mod databases;
pub(crate) mod page;
pub(crate) mod process;
