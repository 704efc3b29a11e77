//! Turns the ordinary mdBook in `book/` into HTML, with directives that read the course itself:
//! a snippet, a diff or an exchange in the book is never typed a second time.

pub mod directives;
pub mod page;
pub mod pages;
pub mod render;
pub mod serve;

mod diff;
mod exchange;
mod hints;
mod links;
mod lists;
mod question;
mod schedule;
mod snippet;
