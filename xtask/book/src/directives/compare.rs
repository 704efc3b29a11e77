//! Our code for a task, folded, so that learners compare theirs with it once they have written it.

use xtask::course::Course;

use crate::directives::{block::Wrong, lookup, snippet};

/// What is between each of the anchors in `STEP:A,B`, then the block as its explanation.
pub(crate) fn fold(
    course: &Course,
    place: &str,
    task: &str,
    block: &[&str],
) -> Result<String, Wrong> {
    let takes = || "`compare` takes STEP:ANCHOR task=N".to_owned();
    let (slug, anchors) = place.split_once(':').ok_or_else(takes)?;
    let step = lookup::step(course, slug)?;
    let task = lookup::task(step, task.strip_prefix("task=").ok_or_else(takes)?)?;
    let explanation = block.join("\n").trim().to_owned();
    if explanation.is_empty() {
        return Err("`compare` explains nothing".to_owned().into());
    }
    let code: Result<String, String> = anchors
        .split(',')
        .map(|anchor| {
            snippet::of_solution(course, &format!("solutions/{slug}/src/main.rs:{anchor}"))
        })
        .collect();
    Ok(format!(
        "<details class=\"compare\" data-step=\"{slug}\" data-task=\"{task}\">\n\
         <summary>Compare with our solution of task {task}</summary>\n\n{}\n{explanation}\n\n</details>\n",
        code?
    ))
}
