//! "Everyone to step N", for the screen.

use xtask::course::{Course, Step};

/// A screen, and a sheet of paper, for each step.
pub(crate) fn one_for_each_step(course: &Course) -> String {
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
