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
//! The right answer's explanation is shown as `Yes. 401 means …`. The order of the answers is drawn. With `typed=status`
//! or `typed=header` the answer is typed.

use crate::directives::{
    choices::{self, Asked, Wrong},
    typed::Typed,
};

/// The lines between the two directives, on this page, as Markdown with the answers folded.
pub(crate) fn fold(page: &str, typed: Option<Typed>, block: &[&str]) -> Result<String, Vec<Wrong>> {
    let Asked { question, id, folded, .. } = choices::ask(page, "", typed, block)?;
    let typed = typed.map_or("", Typed::attribute);
    Ok(format!(
        "<div class=\"question\" id=\"{id}\" data-question=\"{page}/{id}\"{typed}>\n\n\
         {question}\n\n{folded}</div>\n"
    ))
}
