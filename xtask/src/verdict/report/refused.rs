//! What the terminal says about code that rustc refuses: its first error, in its own words, or the one that the tutor
//! can say more about.

use anstream::adapter::strip_str;
use protocol::invisible::harmless_in_colour;

use super::{addresses, text::say, tutor::tutor};
use crate::{course::Step, verdict::Verdict};

pub(super) fn write(text: &mut String, step: &Step, verdict: &Verdict, compiler: &str) {
    let said = verdict.compiler_in_colour.as_deref().unwrap_or(compiler);
    let (errors, index) = errors_and_shown(verdict, said);
    let which = if index == 0 { "The first error" } else { "One of the errors" };
    let shown = errors.get(index).map(String::as_str).unwrap_or_default();
    say(text, format_args!("Your code does not compile yet, so no check has run. {which}:\n"));
    say(text, format_args!("{}\n", harmless_in_colour(shown.trim_end())));
    if let Some(known) = &verdict.compiler_mistake {
        say(text, format_args!("{}\n", tutor(known)));
    }
    let more = match errors.len().saturating_sub(1) {
        0 => String::new(),
        1 => "   (1 more error)".to_owned(),
        more => format!("   ({more} more errors)"),
    };
    if addresses::is_watched() {
        say(text, format_args!("Next:  fix this, then save{more}"));
    } else {
        say(text, format_args!("Next:  fix this, then cargo xtask verify {}{more}", step.number));
    }
}

/// What rustc says, error by error, and which of them the report shows.
pub fn errors_and_shown(verdict: &Verdict, said: &str) -> (Vec<String>, usize) {
    let errors = errors(said);
    let known = verdict.compiler_mistake.as_ref().and_then(|known| known.error.as_deref());
    let index = known.and_then(|known| errors.iter().position(|error| begins_with(error, known)));
    (errors, index.unwrap_or_default())
}

/// What rustc says, error by error: each begins with `error` at the beginning of a line.
fn errors(text: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let begins = strip_str(line).to_string().starts_with("error");
        match errors.last_mut() {
            Some(error) if !begins => error.push_str(line),
            _ => errors.push(line.to_owned()),
        }
    }
    errors
}

fn begins_with(error: &str, line: &str) -> bool {
    strip_str(error).to_string().lines().next() == Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart_in_colour_too() {
        let one = "\u{1b}[1m\u{1b}[91merror[E0308]\u{1b}[0m: one\n  --> a\n\nnote: error\n\n";
        let two = "error: two\n";
        assert_eq!(errors(&format!("{one}{two}")), [one, two]);
        assert_eq!(errors("no such word\nerror: a\n"), ["no such word\n", "error: a\n"]);
    }
}
