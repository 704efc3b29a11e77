//! Lists that the course itself holds: checks and minutes.

use xtask::course::{Course, Step, hints::Tier};

pub(crate) fn checks(course: &Course, slug: &str) -> Result<String, String> {
    let checks = step(course, slug)?.checks().map_err(|trouble| trouble.to_string())?;
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

pub(crate) fn minutes(course: &Course) -> String {
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

/// A screen, and a sheet of paper, for each step.
pub(crate) fn slides(course: &Course) -> String {
    let keys = course.steps.iter().map(|step| {
        let number = step.number;
        format!("<a href=\"#step-{number}\" accesskey=\"{}\">{number}</a>", number % 10)
    });
    let keys = keys.collect::<Vec<_>>().join(" ");
    let slides = course.steps.iter().map(|step| {
        let Step { number, title, .. } = step;
        format!(
            "<div class=\"slide\" id=\"step-{number}\">\n\n## Everyone to step {number}\n\n{title}\n\n\
             `cargo xtask learn {number}`\n\n</div>\n\n"
        )
    });
    format!("<p class=\"slide-keys\">{keys}</p>\n\n{}", slides.collect::<String>())
}

pub(crate) fn step<'c>(course: &'c Course, slug: &str) -> Result<&'c Step, String> {
    course
        .steps
        .iter()
        .find(|step| step.slug == slug)
        .ok_or_else(|| format!("there is no step `{slug}`"))
}
