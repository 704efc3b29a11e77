//! A learner who has joined a class: what is reported to the instructor's board, and what the instructor asks for.
//!
//! Nobody is reported without having joined ([`membership`]). What happens is put into a folder ([`outbox`]) and sent
//! ([`session`]) by another thread ([`sender`]): a lost network loses nothing and delays no verdict.

pub mod board;
pub mod membership;
pub mod outbox;
pub mod report;
pub mod sender;
pub mod session;
pub mod taking_part;
pub mod told;
