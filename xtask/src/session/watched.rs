//! The note of which step is watched: the book's pages read it.

use std::path::PathBuf;

use crate::{
    course::{Course, Step},
    session::alive::{self, Alive},
    trouble::Trouble,
};

/// Tells others that the step is watched, until the note is dropped.
pub fn note(course: &Course, step: &Step) -> Result<Alive, Trouble> {
    Alive::note(&folder(course), &step.slug)
}

/// The slugs of the steps that are watched now, in whatever terminal.
pub fn slugs(course: &Course) -> Vec<String> {
    alive::notes(&folder(course))
}

fn folder(course: &Course) -> PathBuf {
    alive::folder(course).join("watched")
}
