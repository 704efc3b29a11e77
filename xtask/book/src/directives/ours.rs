//! Our server of a step, for those who want to see what it responds before they write their own.

use xtask::course::Course;

use crate::directives::lookup;

/// How to start it, at a port that the learner's server does not use.
pub(crate) fn server(course: &Course, slug: &str) -> Result<String, String> {
    let number = lookup::step(course, slug)?.number;
    Ok(format!(
        "<p class=\"ours\">Start our server of this step in another terminal, at port 3001: \
         <code>PORT=3001 cargo xtask run {number} --solution</code></p>\n"
    ))
}
