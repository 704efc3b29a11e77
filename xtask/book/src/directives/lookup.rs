//! What the arguments of directives name: steps, and snapshots of exchanges.

use protocol::snapshot::Snapshot;
use xtask::{
    course::{Course, Step},
    files,
};

/// The step with this slug.
pub(crate) fn step<'c>(course: &'c Course, slug: &str) -> Result<&'c Step, String> {
    course
        .steps
        .iter()
        .find(|step| step.slug == slug)
        .ok_or_else(|| format!("there is no step `{slug}`"))
}

/// The number of a task that this step has.
pub(crate) fn task(step: &Step, number: &str) -> Result<u8, String> {
    let count = step.tasks.len();
    let known = number.parse().ok().filter(|task| (1..=count).contains(&usize::from(*task)));
    known.ok_or_else(|| {
        format!(
            "there is no task `{number}`: Cargo.toml of steps/{} has {count} in `tasks`",
            step.slug
        )
    })
}

/// Where a page lists the checks of a task; unlike any other on the page of all pages.
pub(crate) fn id_of_checks(step: &Step, task: u8) -> String {
    format!("checks-of-step-{}-task-{task}", step.number)
}

/// The snapshot `name` of this step.
pub(crate) fn snapshot(course: &Course, slug: &str, name: &str) -> Result<Snapshot, String> {
    let step = step(course, slug)?;
    let in_names = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    if !name.chars().all(in_names) {
        return Err(format!("`{name}` is not the name of a snapshot"));
    }
    let path = step.snapshots().join(format!("{name}.snap"));
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let not_one = || format!("{} is no snapshot of an exchange", path.display());
    Snapshot::parse(&text).ok_or_else(not_one)
}
