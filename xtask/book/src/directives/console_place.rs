//! The place of a console on a page: it holds the request of a snapshot, and a served page lets the reader send it.

use xtask::course::Course;

use crate::{directives::lookup, html::escaped_attribute, replay::Replay};

/// The place for the snapshot `STEP/SNAPSHOT`; it stays empty where no server serves the book.
pub(crate) fn place_of_console(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`try` takes STEP/SNAPSHOT")?;
    let request = lookup::snapshot(course, slug, name)?.exchange.request;
    let token = Replay::new(&request)?.token().unwrap_or_default();
    Ok(format!(
        "<div class=\"try\" data-exchange=\"{place}\" data-request=\"{}\" data-token=\"{}\"></div>\n",
        escaped_attribute(&request.to_string()),
        escaped_attribute(token)
    ))
}
