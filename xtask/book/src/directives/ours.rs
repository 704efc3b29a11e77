//! Our server of a step, for those who want to see what it answers before they write their own: a served page starts it
//! when a button is pressed, elsewhere a command does.

use xtask::course::{Course, Step};

use crate::directives::lookup;

/// The place of the button, and until a script comes, the command.
pub(crate) fn server(course: &Course, slug: &str) -> Result<String, String> {
    let step = lookup::step(course, slug)?;
    let (number, command) = (step.number, command(step));
    Ok(format!(
        "<div class=\"ours\" data-step=\"{slug}\" data-number=\"{number}\">\n\n\
         To send them yourself, start our server in another terminal: `{command}`\n\n</div>\n"
    ))
}

/// What starts it in a terminal of its own, beside the learner's.
pub(crate) fn command(step: &Step) -> String {
    format!("cargo xtask run {} --solution --port 3001", step.number)
}
