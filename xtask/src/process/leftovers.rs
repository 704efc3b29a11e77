//! What calls that were killed have left behind: their servers, and files that nobody needs any more.

use std::{fs, path::Path};

use crate::{
    course::{Course, Whose},
    files,
    process::{owner, temporary},
};

/// Ends and removes it all; says what it was, if it was anything.
pub fn clean_up(course: &Course) -> Option<String> {
    let processes = owner::end_orphans();
    let sources = course.steps.iter().map(|step| step.folder(Whose::Learner).join("src"));
    let folders = sources.chain([course.temporary(), course.lasting()]);
    let halves: usize = folders.map(|folder| remove_halves(&folder)).sum();
    let files = temporary::sweep(course) + halves;
    let processes = counted(processes, "1 process", "processes");
    let files = counted(files, "1 temporary file", "temporary files");
    let what: Vec<String> = processes.into_iter().chain(files).collect();
    (!what.is_empty()).then(|| {
        format!("An earlier call was killed. Cleaned up what it had left: {}.", what.join(", "))
    })
}

fn counted(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(one.to_owned()),
        _ => Some(format!("{number} {many}")),
    }
}

/// Removes what was written beside a file and never got its name.
fn remove_halves(folder: &Path) -> usize {
    let Ok(files) = files::below(folder) else { return 0 };
    let forgotten = files.iter().filter(|path| is_half(path) && files::is_forgotten(path));
    forgotten.filter(|path| fs::remove_file(path).is_ok()).count()
}

/// Whether it has such a name, with the number of the process: `main.rs.4711.new`, or `4711-2.new`.
fn is_half(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_note = |stem: &str| {
        stem.starts_with(|c: char| c.is_ascii_digit())
            && stem.chars().all(|c| c.is_ascii_digit() || c == '-')
    };
    files::is_unfinished(name) || name.strip_suffix(".new").is_some_and(is_note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_known_by_its_name() {
        for (name, half) in [
            ("main.rs.4711.new", true),
            ("4711-2.new", true),
            ("main.rs.new", false),
            (".new", false),
            ("new", false),
        ] {
            assert_eq!(is_half(Path::new(name)), half, "{name}");
        }
    }
}
