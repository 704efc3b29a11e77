//! The board, on SQLite and on PostgreSQL: what it remembers, who may do what, and what is too much.

mod support;

mod joining;
mod killed;
mod limits;
mod live;
mod matrix;
mod store;
mod tls;
mod tokens;
