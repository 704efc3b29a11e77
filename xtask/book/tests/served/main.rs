//! The book as `learn` serves it.

#[path = "../clone/mod.rs"]
mod clone;
mod console;
mod pages;
mod panel;
mod server;
#[path = "../step/mod.rs"]
mod step;
