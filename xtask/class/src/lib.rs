//! The instructor's board: who is where, who is stuck, who raises a hand. It is itself what the course teaches, an axum
//! service guarded by bearer tokens, scopes and argon2.
//!
//! Read [`routes`] first: what can be asked, by audience. [`guard`] decides who may ask it, [`store`] remembers.

pub mod course;
pub mod csv;
pub mod event;
pub mod guard;
pub mod limits;
pub mod live;
pub mod name;
pub mod passwords;
pub mod refusal;
pub mod routes;
pub mod scope;
pub mod secret;
pub mod serve;
pub mod show;
pub mod snapshot;
pub mod state;
pub mod store;
pub mod tls;
pub mod tokens;
