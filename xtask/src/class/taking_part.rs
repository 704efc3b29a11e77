//! What taking part in a class adds to a verdict, and to a key.

use protocol::invisible::harmless;

use crate::{
    class::{board::Notice, membership::Membership, outbox, report, sender, session::Said},
    course::{Course, Step},
    learner::times,
    trouble::Trouble,
    verdict::Verdict,
};

/// Said to a learner whom the class does not know.
pub const REMOVED: &str = "The class does not know you any more, so nothing is reported.";

/// Said while the board does not answer.
pub const UNREACHABLE: &str =
    "The class cannot be reached; what you do is kept, and reported later.";

/// Takes in a verdict that the learner has seen: their minutes, and what a class that they have joined is told. With
/// what the board has said meanwhile, to be printed.
pub fn after_verdict(
    course: &Course,
    step: &Step,
    verdict: &Verdict,
) -> Result<Option<String>, Trouble> {
    let minutes = times::note(course, step, verdict, times::now())?;
    if Membership::load(course)?.is_none() {
        return Ok(None);
    }
    if let Some(what) = report::of(course, verdict, minutes) {
        outbox::put(course, &what)?;
    }
    sender::wake(course)?;
    Ok(sender::news().map(|said| in_words(course, &said)))
}

/// Begins to ask what the instructor wants, for somebody who has joined a class; what they are reminded of.
pub fn begin(course: &Course) -> Result<Option<String>, Trouble> {
    sender::wake(course)?;
    let membership = Membership::load(course)?;
    Ok(membership.map(|_| "You are in a class: a raises your hand.".to_owned()))
}

/// Raises the hand, or takes it down; what became of it, in words.
pub fn turn_hand(course: &Course) -> Result<String, Trouble> {
    if Membership::load(course)?.is_none() {
        return Ok("You have not joined a class, so nobody would see your hand.".to_owned());
    }
    let up = outbox::turn_hand(course)?;
    sender::wake(course)?;
    let words =
        if up { "Your hand is up; the same again takes it down." } else { "Your hand is down." };
    Ok(words.to_owned())
}

/// What the board said, in words of our own: numbers are all that is taken from it.
fn in_words(course: &Course, said: &Said) -> String {
    let step = |number: u8| {
        let title = course.steps.iter().find(|step| step.number == number).map(|step| &step.title);
        title
            .map_or(format!("step {number}"), |title| format!("step {number}, {}", harmless(title)))
    };
    match said {
        Said::Notice(Notice { go_to, timer_ends }) => {
            let mut asked = Vec::new();
            asked.extend(go_to.map(|number| format!("go to {}", step(number))));
            let left = timer_ends.map(|ends| ends.saturating_sub(times::now()).div_ceil(60));
            asked.extend(left.map(|minutes| format!("be done in {minutes} min")));
            match asked.as_slice() {
                [] => "Your instructor asks for nothing any more.".to_owned(),
                asked => format!("Your instructor asks everybody to {}.", asked.join(" and ")),
            }
        }
        Said::Removed => REMOVED.to_owned(),
        Said::Unreachable => UNREACHABLE.to_owned(),
    }
}
