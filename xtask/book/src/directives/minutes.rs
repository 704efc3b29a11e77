//! How long the steps take.

use xtask::course::Course;

/// All steps with their minutes, and what they add up to.
pub(crate) fn table(course: &Course) -> String {
    let mut table = "| no. | step | core | with sharp edges |\n|--:|---|--:|--:|\n".to_owned();
    let (mut core, mut all) = (0, 0);
    for step in &course.steps {
        core += step.minutes.core;
        all += step.minutes.all;
        table.push_str(&format!(
            "| {} | [{}]({}.md) | {} | {} |\n",
            step.number, step.title, step.slug, step.minutes.core, step.minutes.all
        ));
    }
    table.push_str(&format!("| | together | {core} | {all} |\n"));
    table
}
