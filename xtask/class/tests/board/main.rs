//! The board, on SQLite and on PostgreSQL: what it remembers, who may do what, and what is too much.

mod support;

mod dropped;
mod joining;
mod killed;
mod limits;
mod live;
mod matrix;
mod names;
mod outage;
mod store;
mod tls;
mod tokens;
