//! Running other programs: cargo, servers, browsers; and ending all of them at Ctrl-C.

pub mod ahead;
pub mod built;
pub mod call;
pub mod cancel;
pub mod cargo_messages;
pub mod cargo_output;
pub mod chromium;
pub mod compile;
pub mod group;
pub mod hand_over;
pub mod interrupt;
pub mod leftovers;
pub mod lines;
pub mod listening;
pub mod memory;
pub mod memory_limit;
pub mod open;
pub mod owner;
pub mod port;
pub mod program;
pub mod progress;
pub mod server_copy;
pub mod stamp;
pub mod temporary;
pub mod toolchain;
pub mod warden;
pub mod window;

mod build;
mod compiled;
mod dep_info;
mod machine;
mod surroundings;
mod turn;
