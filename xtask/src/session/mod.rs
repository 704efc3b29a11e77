//! What a running `learn`, `watch` or `run` tells others, and hears: saves, keys, servers, notes.

pub mod alive;
pub mod book;
pub mod checking;
pub mod keys;
pub mod live_server;
pub mod our_server;
pub mod saves;
pub mod watched;
