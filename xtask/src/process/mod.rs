//! Running other programs: cargo, servers, browsers; and ending all of them at Ctrl-C.

pub mod ahead;
pub mod call;
pub mod cargo_messages;
pub mod chromium;
pub mod compile;
pub mod group;
pub mod interrupt;
pub mod listening;
pub mod open;
pub mod port;
pub mod program;
pub mod server_copy;
