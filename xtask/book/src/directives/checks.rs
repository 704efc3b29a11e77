//! The checks of a step, in words.

use xtask::course::{
    Course, Step,
    hints::{Check, Tier},
};

use crate::directives::lookup;

/// A numbered list; the sharp edges are a list of their own.
pub(crate) fn numbered(course: &Course, slug: &str) -> Result<String, String> {
    let checks = lookup::step(course, slug)?.checks().map_err(|trouble| trouble.to_string())?;
    let of_tier = |tier: Tier| -> String {
        let lines = checks.iter().filter(|check| check.tier == tier).map(|check| {
            let new = if check.new { " **(new)**" } else { "" };
            format!("1. {}{new}\n", check.words())
        });
        lines.collect()
    };
    let edges = of_tier(Tier::Edge);
    let edges = if edges.is_empty() {
        edges
    } else {
        format!("\nSharp edges, for those who want all of it:\n\n{edges}")
    };
    Ok(format!("{}{edges}", of_tier(Tier::Core)))
}

/// The new checks under the task that turns them green, core first, and how many others there are.
pub(crate) fn new(course: &Course, slug: &str) -> Result<String, String> {
    let step = lookup::step(course, slug)?;
    let checks = step.checks().map_err(|trouble| trouble.to_string())?;
    let (new, others): (Vec<Check>, Vec<Check>) = checks.into_iter().partition(|check| check.new);
    let mut shown = format!("<div class=\"new-checks\" data-step=\"{slug}\">\n\n");
    if step.tasks.is_empty() {
        shown.push_str(&by_tier(&new.iter().collect::<Vec<_>>()));
    }
    if let Some(lost) = new.iter().find(|check| check.task.is_none() && !step.tasks.is_empty()) {
        return Err(format!("`{}` is new, and hints.md gives it no task", lost.words()));
    }
    for (task, title) in (1..).zip(&step.tasks) {
        let of_task: Vec<&Check> = new.iter().filter(|check| check.task == Some(task)).collect();
        shown.push_str(&format!("{}{}", heading(step, task, title), by_tier(&of_task)));
    }
    match others.len() {
        0 => {}
        1 => shown.push_str("One check passed from the start.\n\n"),
        count => shown.push_str(&format!("{count} checks passed from the start.\n\n")),
    }
    Ok(shown + "</div>\n")
}

fn heading(step: &Step, task: u8, title: &str) -> String {
    let id = lookup::id_of_checks(step, task);
    format!("<p class=\"of-task\" id=\"{id}\" data-task=\"{task}\">Task {task}. {title}</p>\n\n")
}

fn by_tier(checks: &[&Check]) -> String {
    let of_tier = |tier: Tier| list(checks.iter().copied().filter(|check| check.tier == tier));
    let edges = of_tier(Tier::Edge);
    let label = if edges.is_empty() { "" } else { "<p class=\"edges\">Sharp edges</p>\n\n" };
    format!("{}{label}{edges}", of_tier(Tier::Core))
}

/// The checks as a list that a served page colours; nothing if there is none.
pub(super) fn list<'c>(checks: impl Iterator<Item = &'c Check>) -> String {
    let item =
        |check: &Check| format!("<li data-check=\"{}\">{}</li>\n", check.name, check.words());
    let items: String = checks.map(item).collect();
    if items.is_empty() {
        return items;
    }
    format!("<ul class=\"checks-of-task\">\n{items}</ul>\n\n")
}
