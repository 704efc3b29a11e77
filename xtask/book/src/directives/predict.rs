//! A prediction: the reader commits to an answer before they see what our server responded.
//!
//! ```markdown
//! {{#predict 03-bearer-token/refuses_a_request_without_a_token}}
//! **1. No header at all**
//!
//! - [ ] 403
//!
//!   403 asks for nothing.
//!
//! - [x] 401
//!
//!   Every 401 comes with a challenge.
//! {{/predict}}
//! ```
//!
//! The choices are written as in a question. Without a snapshot, what the prediction is about is in its paragraphs.
//! With `typed=status` or `typed=header` the answer is typed; it has to be true of the snapshot.

use protocol::snapshot::Snapshot;
use xtask::course::Course;

use crate::{
    directives::{
        block::Wrong,
        choices::{self, Asked},
        exchange, lookup,
        typed::Typed,
    },
    html::escaped_attribute,
    replay::Replay,
};

/// The prediction of the snapshot `STEP/EXCHANGE`, if it is about one, as Markdown with the answers folded.
pub(crate) fn fold(
    course: &Course,
    page: &str,
    place: Option<&str>,
    typed: Option<Typed>,
    block: &[&str],
) -> Result<String, Wrong> {
    let begin = block.iter().position(|line| !line.trim().is_empty()).unwrap_or_default();
    if !block.get(begin).is_some_and(|line| line.starts_with("**")) {
        let message = "a prediction begins with a heading: `**1. No header at all**`";
        return Err(Wrong::line(begin, message));
    }
    let asked = choices::ask(page, place.unwrap_or_default(), typed, block)?;
    let Asked { question, id, folded, right } = asked;
    let (attributes, request, response) = match place {
        Some(place) => {
            let (slug, name) =
                place.split_once('/').ok_or("`predict` takes STEP/EXCHANGE".to_owned())?;
            let snapshot = lookup::snapshot(course, slug, name)?;
            if typed.is_some_and(|typed| !typed.is_in(&right, &snapshot.exchange.response)) {
                return Err(Wrong::from(format!("`{right}` is not in the response of `{place}`")));
            }
            sides(place, &snapshot)
        }
        None => <_>::default(),
    };
    let typed = typed.map_or("", Typed::attribute);
    Ok(format!(
        "<div class=\"question predict\" id=\"{id}\" data-question=\"{page}/{id}\"{typed}{attributes}>\n\n\
         {question}\n\n{request}\n{folded}{response}</div>\n"
    ))
}

/// What a script needs to send it again, the request, and the response, folded.
fn sides(place: &str, snapshot: &Snapshot) -> (String, String, String) {
    let sendable = Replay::new(&snapshot.exchange.request).ok();
    let attributes = sendable.map(|replay| {
        let token = escaped_attribute(replay.token().unwrap_or_default());
        format!(" data-exchange=\"{place}\" data-token=\"{token}\"")
    });
    let response = format!(
        "<details class=\"recorded\"><summary>The recorded response</summary>\n\n{}\n</details>\n",
        exchange::response(snapshot)
    );
    (attributes.unwrap_or_default(), exchange::request(snapshot), response)
}
