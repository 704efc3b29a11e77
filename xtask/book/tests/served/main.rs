//! The book as `learn` serves it.

#[path = "../clone/mod.rs"]
mod clone;
mod pages;
mod panel;
mod server;
