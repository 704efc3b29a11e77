//! Which step is watched: the book's pages read it, and may ask for a different one.

use std::path::PathBuf;

use crate::{
    course::{Course, Step},
    files,
    session::{
        alive::{self, Alive},
        saves::Saves,
    },
    trouble::Trouble,
};

/// The file with the slug of the step that was asked for last.
const ASKED_FOR: &str = "step";

/// Tells others that the step is watched, until the note is dropped.
pub fn note(course: &Course, step: &Step) -> Result<Alive, Trouble> {
    Alive::note(&folder(course), &step.slug)
}

/// The slugs of the steps that are watched now, in whatever terminal.
pub fn slugs(course: &Course) -> Vec<String> {
    alive::notes(&folder(course))
}

/// Asks whatever watches now to go on with this step.
pub fn ask_for(course: &Course, step: &Step) -> Result<(), Trouble> {
    let folder = folder_of_requests(course);
    files::create_folder(&folder)?;
    files::write(&folder.join(ASKED_FOR), step.slug.as_bytes())
}

/// Calls back with the slug of each step that is asked for, perhaps more than once, until dropped.
pub fn listen(
    course: &Course,
    asked: impl Fn(String) + Clone + Send + 'static,
) -> Result<Saves, Trouble> {
    let folder = folder_of_requests(course);
    files::create_folder(&folder)?;
    Saves::watch_flat(&folder, move |path| {
        if path.ends_with(ASKED_FOR)
            && let Ok(slug) = files::read(path)
        {
            asked(slug);
        }
    })
}

fn folder_of_requests(course: &Course) -> PathBuf {
    course.temporary().join("asked-for")
}

fn folder(course: &Course) -> PathBuf {
    alive::folder(course).join("watched")
}
