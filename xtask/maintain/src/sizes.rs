//! How large a step is: what the learner writes, and what changes from solution to solution.

use similar::{ChangeTag, TextDiff};

use xtask::{
    course::{
        Course, Step, Whose,
        marks::{self, View},
        starter,
    },
    files,
    trouble::Trouble,
};

/// Lines of code, empty ones not counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Lines between `BEGIN SOLUTION` and `END SOLUTION`.
    pub(crate) written: usize,
    /// Lines that the solution adds to the solution before.
    pub(crate) added: usize,
    /// Lines that it takes away.
    pub(crate) removed: usize,
}

/// Measures one step.
pub(crate) fn measure(course: &Course, step: &Step) -> Result<Size, Trouble> {
    let mut written = 0;
    for path in files::below(&step.folder(Whose::Reference).join("src"))? {
        let source = files::read(&path)?;
        let gaps = marks::solution_lines(&source)
            .map_err(|bad| Trouble::Environment(format!("{}, {bad}", path.display())))?;
        written += gaps.iter().filter(|line| !line.trim().is_empty()).count();
    }
    let before = match course.before(step) {
        Some(before) => whole(before)?,
        None => String::new(),
    };
    let after = whole(step)?;
    let diff = TextDiff::from_lines(&before, &after);
    let count = |tag: ChangeTag| {
        diff.iter_all_changes()
            .filter(|change| change.tag() == tag && !change.value().trim().is_empty())
            .count()
    };
    Ok(Size { written, added: count(ChangeTag::Insert), removed: count(ChangeTag::Delete) })
}

fn whole(step: &Step) -> Result<String, Trouble> {
    Ok(starter::sources(step, View::Solution)?.into_iter().map(|source| source.text).collect())
}
