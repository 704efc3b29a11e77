//! A prediction: what will come back? The choices are written as in a question.

use xtask::course::Course;

use crate::directives::{block::Wrong, console_place, exchange, lookup, question};

/// The choices folded and, if the prediction is about the snapshot `STEP/EXCHANGE`, its request above them and the
/// recorded exchange, folded, below.
pub(crate) fn fold(course: &Course, place: Option<&str>, block: &[&str]) -> Result<String, Wrong> {
    let begin = block.iter().position(|line| !line.trim().is_empty()).unwrap_or_default();
    if !block.get(begin).is_some_and(|line| line.starts_with("**")) {
        return Err(Wrong::line(
            begin,
            "a prediction begins with a heading: `**1. No header at all**`",
        ));
    }
    let (heading, choices) = question::parts(block)?;
    let Some(place) = place else {
        return Ok(format!("<div class=\"predict\">\n\n{heading}\n\n{choices}</div>\n"));
    };
    let (slug, name) = place.split_once('/').ok_or("`predict` takes STEP/EXCHANGE".to_owned())?;
    let request = lookup::snapshot(course, slug, name)?.exchange.request;
    // Not every request can be sent by a page.
    let console = console_place::place_of_console(course, place).unwrap_or_default();
    let recorded = exchange::conversation(course, place)?;
    Ok(format!(
        "<div class=\"predict\">\n\n{heading}\n\n```http\n{request}\n```\n\n{choices}\n{console}\n\
         <details><summary>The recorded exchange</summary>\n\n{recorded}\n</details>\n</div>\n"
    ))
}
