//! What `cargo xtask` is made of, from the lowest folder to the highest: each uses only what is above it
//! in this list. ARCHITECTURE.md says what each is for.

pub mod trouble;

pub mod files;

pub mod output;

pub mod class;
pub mod course;

pub mod process;

pub mod verdict;

pub mod tutor;

pub mod screen;

pub mod session;

pub mod judge;

pub mod learner;

pub mod verbs;

pub mod command_line;
