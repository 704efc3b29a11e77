//! What tests of the command line need: a checkout to work on, the output of a call, a call that goes on, and
//! servers that a learner may write by mistake.
//!
//! Two test binaries use it: the runner's, and that of the maintainers' verbs. Each has a constant `PROGRAM`,
//! the path of the command line that it calls.
#![allow(dead_code, reason = "each test binary uses only a part of it")]

pub(crate) mod checkout;
pub(crate) mod output;
pub(crate) mod running_call;
pub(crate) mod servers;
