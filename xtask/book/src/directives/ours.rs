//! Our server of a step, for those who want to see what it answers before they write their own: a served page starts it
//! when a button is pressed, elsewhere a command does.

use xtask::course::Course;

use crate::directives::lookup;

/// The place of the button, and until a script comes, the command.
pub(crate) fn server(course: &Course, slug: &str) -> Result<String, String> {
    let number = lookup::step(course, slug)?.number;
    Ok(format!(
        "<div class=\"ours\" data-step=\"{slug}\" data-number=\"{number}\">\n\n\
         To send them yourself, start our server in another terminal: \
         `cargo xtask run {number} --solution --port 3001`\n\n</div>\n"
    ))
}
