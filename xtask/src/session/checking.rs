//! What the quick checks of a step have said while slow ones still run: the book's pages read it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step},
    session::alive::{self, Alive},
    trouble::Trouble,
};

#[derive(Serialize, Deserialize)]
struct Note {
    step: String,
    words: String,
}

/// Tells others, until the note is dropped.
pub fn note(course: &Course, step: &Step, words: &str) -> Result<Alive, Trouble> {
    let note = Note { step: step.slug.clone(), words: words.to_owned() };
    Alive::note(&folder(course), &note)
}

/// What was said last of this step, in whatever terminal.
pub fn words(course: &Course, step: &Step) -> Option<String> {
    let notes: Vec<Note> = alive::notes(&folder(course));
    notes.into_iter().rev().find(|note| note.step == step.slug).map(|note| note.words)
}

fn folder(course: &Course) -> PathBuf {
    alive::folder(course).join("checking")
}
