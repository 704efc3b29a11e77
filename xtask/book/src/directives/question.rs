//! A why-question: the reader commits to an answer before the explanations are shown.
//!
//! ```markdown
//! {{#question}}
//! Why 401 and not 403?
//!
//! - [ ] 401 is for tokens, 403 is for passwords.
//!
//!   Neither says anything about the kind of credential.
//!
//! - [x] Because we do not know yet who is asking.
//!
//!   401 means: make yourself known.
//! {{/question}}
//! ```
//!
//! The right answer's explanation is shown as `Yes. 401 means …`. The order of the answers is drawn.

use crate::directives::choices::{self, Asked, Wrong};

/// The lines between the two directives, on this page, as Markdown with the answers folded.
pub(crate) fn fold(page: &str, block: &[&str]) -> Result<String, Vec<Wrong>> {
    let Asked { question, id, folded } = choices::ask(page, "", block)?;
    Ok(format!(
        "<div class=\"question\" id=\"{id}\" data-question=\"{page}/{id}\">\n\n{question}\n\n{folded}</div>\n"
    ))
}
