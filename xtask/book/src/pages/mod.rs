//! The pages of the book: their directives expanded, what is on them, and what holds between them.

pub mod expansion;
pub mod external;
pub mod page;

pub(crate) mod glossary;
pub(crate) mod links;
pub(crate) mod numbered;
pub(crate) mod search_words;
pub(crate) mod targets;
