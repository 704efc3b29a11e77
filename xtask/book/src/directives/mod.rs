//! The directives that a page may use, each alone on a line.
//!
//! ```text
//! {{#snippet solutions/03-bearer-token/src/main.rs:extractor}}          what is between the anchors
//! {{#snippet starter solutions/03-bearer-token/src/main.rs:extractor}}  the same, with the gaps
//! {{#diff 02-api-docs 03-bearer-token}}                                 from one solution to the next
//! {{#diff 09-scopes starter 10-break-in}}                               from a solution to a starter
//! {{#exchange 03-bearer-token/accepts_a_bearer_token}}                  a snapshot as a conversation
//! {{#try 03-bearer-token/accepts_a_bearer_token}}                       its request, to be sent from a served page
//! {{#checks 03-bearer-token}}                                           the step's checks in words
//! {{#checks 03-bearer-token new}}                                       the new ones by task, with their state on a served page
//! {{#hints 03-bearer-token}}                                            hints for its new checks, each folded into the one before
//! {{#verdict 03-bearer-token}}                                          what `verify` says of the starter
//! {{#mistakes 01-open-route 05-token-endpoint}}                         the bank of mistakes of these steps
//! {{#matrix}}                                                           every mistake beside every check
//! {{#figure password-grant}}                                            a drawing, `book/figures/password-grant.svg`
//! {{#token 08-signed-tokens}}                                           a token that a solution issued, taken apart
//! {{#departures 03-bearer-token}}                                       what FastAPI does otherwise, first in this step
//! {{#departures}}                                                       all that FastAPI does otherwise
//! {{#minutes}}                                                          all steps with their minutes
//! {{#schedule 90 core 01-open-route 05-token-endpoint}}                 a timetable of steps, made of their minutes
//! {{#schedule 240 all 01-open-route 08-signed-tokens}}                  the same, with the sharp edges
//! {{#users 09-scopes alice=wonderland carol=christmas bob=builder}}      its users, with passwords and scopes
//! {{#routes 09-scopes}}                                                 its routes, from the OpenAPI document
//! {{#answers 09-scopes refuses_another_scheme refuses_garbage}}         a line for each of these snapshots
//! {{#failures 03-bearer-token second-word-only refuses_another_scheme}} mistakes and checks, with their cures
//! {{#ours 03-bearer-token}}                                             our server of the step, to be started
//! {{#sibling 03-bearer-token/api_key}}                                  a program in `examples/`, and how to run it
//! {{#sibling-exchanges 03-bearer-token/api_key}}                        what it was asked, and what it responded
//! {{#slides}}                                                           "Everyone to step N", for the screen
//! ```
//!
//! These take several lines, up to `{{/question}}` and the like:
//!
//! ```text
//! {{#predict 03-bearer-token/refuses_another_scheme}}                   what comes back? A heading, then choices
//! {{#predict 03-bearer-token/refuses_another_scheme typed=status}}      the same, but the reader types it
//! {{#predict}}                                                          the same about anything else
//! {{#question}}                                                         a question, then choices
//! {{#question typed=header}}                                            a question whose answer is typed
//! {{#task 1}}                                                           a task's card: `file: …`, `item: …`, `signature: …`
//! {{#need}}                                                             the card *You will need*: a list
//! {{#compare 03-bearer-token:refusal,detail task=2}}                    our code between these anchors, then its explanation
//! ```

use xtask::course::Course;

use crate::directives::{block::Wrong, material::Material, schedule::Depth, typed::Typed};

pub(crate) mod block;
pub(crate) mod lookup;
pub(crate) mod material;

mod card;
mod checks;
mod choices;
mod compare;
mod console_place;
mod departures;
mod diff;
mod exchange;
mod failures;
mod figure;
mod hints;
mod minutes;
mod mistakes;
mod need;
pub(crate) mod ours;
mod predict;
mod question;
mod schedule;
mod sibling;
mod slides;
mod snippet;
mod task;
mod token;
mod typed;
mod verdict;

/// The Markdown that takes the directive's place, or what is wrong with it.
pub(crate) fn expand(material: &Material, directive: &str) -> Result<String, String> {
    let course = material.course;
    let (name, arguments) = directive.split_once(' ').unwrap_or((directive, ""));
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let markdown = match (name, arguments.as_slice()) {
        ("snippet", [place]) => snippet::of_solution(course, place),
        ("snippet", ["starter", place]) => snippet::of_starter(course, place),
        ("diff", [old, new]) => diff::to_solution(course, old, new),
        ("diff", [old, "starter", new]) => diff::to_starter(course, old, new),
        ("exchange", [place]) => exchange::conversation(course, place),
        ("try", [place]) => console_place::place_of_console(course, place),
        ("checks", [step]) => checks::numbered(course, step),
        ("checks", [step, "new"]) => checks::new(course, step),
        ("hints", [step]) => hints::of_new_checks(course, step),
        ("verdict", [step]) => verdict::of_starter(course, step),
        ("mistakes", [first, last]) => mistakes::sentences(course, material.bank()?, first, last),
        ("matrix", []) => material.bank().map(mistakes::matrix),
        ("figure", [name]) => figure::inline(course, name),
        ("token", [step]) => token::taken_apart(course, step),
        ("departures", []) => departures::table(course, material.departures()?, None),
        ("departures", [step]) => departures::table(course, material.departures()?, Some(step)),
        ("minutes", []) => Ok(minutes::table(course)),
        ("users", [step, passwords @ ..]) => card::users(course, step, passwords),
        ("routes", [step]) => card::routes(course, step),
        ("answers", [step, names @ ..]) if !names.is_empty() => card::answers(course, step, names),
        ("failures", [step, names @ ..]) if !names.is_empty() => {
            failures::likely(course, material.bank()?, step, names)
        }
        ("ours", [step]) => ours::server(course, step),
        ("sibling", [place]) => sibling::program(course, place),
        ("sibling-exchanges", [place]) => sibling::exchanges(course, place),
        ("slides", []) => Ok(slides::one_for_each_step(course)),
        ("schedule", [minutes, "core", first, last]) => {
            schedule::timetable(course, minutes, Depth::Core, first, last)
        }
        ("schedule", [minutes, "all", first, last]) => {
            schedule::timetable(course, minutes, Depth::All, first, last)
        }
        ("include" | "rustdoc_include" | "playground", _) => {
            Err(format!("`{name}` is not checked: use `{{{{#snippet FILE:ANCHOR}}}}`"))
        }
        (
            "snippet" | "diff" | "exchange" | "try" | "checks" | "hints" | "verdict" | "departures"
            | "figure" | "token" | "minutes" | "mistakes" | "matrix" | "schedule" | "users"
            | "routes" | "answers" | "failures" | "slides" | "ours" | "sibling"
            | "sibling-exchanges",
            _,
        ) => Err(format!("`{name}` with the wrong arguments: {}", arguments.join(" "))),
        _ => Err(format!("there is no directive `{name}`")),
    }?;
    not_empty(markdown)
}

/// The Markdown that takes a block's place on the page of this name, or what is wrong with it.
pub(crate) fn expand_block(
    course: &Course,
    page: &str,
    directive: &str,
    block: &[&str],
) -> Result<String, Wrong> {
    let (name, arguments) = directive.split_once(' ').unwrap_or((directive, ""));
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let markdown = match (name, arguments.as_slice()) {
        ("question", []) => question::fold(page, None, block)?,
        ("question", [typed]) => question::fold(page, Some(Typed::parse(typed)?), block)?,
        ("predict", []) => predict::fold(course, page, None, None, block)?,
        ("predict", [place]) => predict::fold(course, page, Some(place), None, block)?,
        ("predict", [place, typed]) => {
            predict::fold(course, page, Some(place), Some(Typed::parse(typed)?), block)?
        }
        ("task", [number]) => task::card(course, page, number, block)?,
        ("need", []) => need::card(block)?,
        ("compare", [place, task]) => compare::fold(course, place, task, block)?,
        _ => Err(format!("`{name}` with the wrong arguments: {}", arguments.join(" ")))?,
    };
    Ok(not_empty(markdown)?)
}

fn not_empty(markdown: String) -> Result<String, String> {
    if markdown.trim().is_empty() { Err("the result is empty".to_owned()) } else { Ok(markdown) }
}
