//! Turns the ordinary mdBook in `book/` into HTML, with directives that read the course itself:
//! a snippet, a diff or an exchange in the book is never typed a second time.

pub mod bench;
pub mod directives;
pub mod external;
mod glossary;
pub mod page;
mod pages;
pub mod panel;
pub mod render;
pub mod serve;

mod builds;
mod card;
mod console;
mod departures;
mod diff;
mod exchange;
mod failures;
mod figure;
mod hints;
mod links;
mod lists;
mod live;
mod local;
mod mistakes;
mod question;
mod relay;
mod request;
mod schedule;
mod snippet;
mod token;
mod verdict;
