//! Turns the ordinary mdBook in `book/` into HTML, with directives that read the course itself:
//! a snippet, a diff or an exchange in the book is never typed a second time.
//!
//! From the lowest to the highest, each uses only what is above it in this list.

mod html;
mod markdown;
mod replay;

pub mod example;
pub mod fastapi;

pub mod visible;

mod directives;

pub mod pages;

pub mod render;

pub mod server;
