//! What `cargo xtask` is made of. The book reads the course with the same eyes, through
//! [`course`], [`hints`] and [`marks`].

pub mod alive;
pub mod backup;
pub mod break_in;
pub mod browser;
pub mod call;
pub mod cargo_messages;
pub mod compile;
pub mod course;
pub mod departures;
pub mod difference;
pub mod files;
pub mod group;
pub mod hints;
pub mod holes;
pub mod inputs;
pub mod interrupt;
pub mod interval;
pub mod judge;
pub mod keys;
pub mod listening;
pub mod live_server;
pub mod marks;
pub mod mistakes;
pub mod mutants;
pub mod progress;
pub mod python;
pub mod report;
pub mod saves;
pub mod server_copy;
pub mod sizes;
pub mod spelling;
pub mod starter;
pub mod trouble;
pub mod verbs;
pub mod verdict;
