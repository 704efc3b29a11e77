//! What cargo itself has said in this process: a line of it is shown all the time, and the rest is kept for those who ask.

use std::{
    collections::VecDeque,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anstream::adapter::strip_str;
use protocol::invisible::harmless;

use crate::process::cargo_messages::Message;

/// So many calls are remembered, the newest.
const CALLS: usize = 20;

/// So many lines of each.
const LINES: usize = 200;

static OUTPUT: Mutex<Output> = Mutex::new(Output { begun: 0, calls: VecDeque::new() });

/// A call of cargo. What it says may come when the next one has begun.
#[derive(Clone, Copy)]
pub(super) struct Call(usize);

/// A call begins.
pub(super) fn begin(command: &Command) -> Call {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let arguments: Vec<_> = arguments.collect();
    output().begin(&arguments.join(" "))
}

impl Call {
    /// It has said this on standard error.
    pub(super) fn add(self, text: &str) {
        output().add(self, text);
    }

    /// It has said this on standard output, where JSON is: what rustc says is for people, too.
    pub(super) fn hear(self, line: &str) {
        if line.contains(r#""reason":"compiler-message""#)
            && let Some(Message::Diagnosed { message, .. }) = Message::parse(line)
        {
            self.add(message.rendered());
        }
    }
}

/// All that is remembered, the newest call last, and its words below it.
pub fn words() -> String {
    output().words()
}

fn output() -> MutexGuard<'static, Output> {
    OUTPUT.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Output {
    /// How many calls have begun.
    begun: usize,
    /// Each with its words, line by line and without colours.
    calls: VecDeque<(String, VecDeque<String>)>,
}

impl Output {
    fn begin(&mut self, arguments: &str) -> Call {
        self.calls.push_back((format!("$ cargo {arguments}"), VecDeque::new()));
        let more = self.calls.len().saturating_sub(CALLS);
        self.calls.drain(..more);
        self.begun += 1;
        Call(self.begun)
    }

    fn add(&mut self, Call(number): Call, text: &str) {
        let before = self.begun - self.calls.len();
        let call = number.checked_sub(before + 1).and_then(|index| self.calls.get_mut(index));
        // An old one may go on to speak, and is not listened to.
        let Some((_, lines)) = call else { return };
        lines.extend(strip_str(text).to_string().lines().map(harmless));
        let more = lines.len().saturating_sub(LINES);
        lines.drain(..more);
    }

    fn words(&self) -> String {
        if self.calls.is_empty() {
            return "Cargo was not called: all that was needed is compiled.".to_owned();
        }
        let in_words = |(call, lines): &(String, VecDeque<String>)| {
            let lines = lines.iter().map(String::as_str);
            std::iter::once(call.as_str()).chain(lines).collect::<Vec<_>>().join("\n")
        };
        self.calls.iter().map(in_words).collect::<Vec<_>>().join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Output {
        Output { begun: 0, calls: VecDeque::new() }
    }

    #[test]
    fn each_call_has_its_words_below_it_even_if_they_come_late() {
        let mut output = none();
        assert!(output.words().starts_with("Cargo was not called"), "{}", output.words());
        let one = output.begin("build -p one");
        output.add(one, "\x1b[1;32m   Compiling\x1b[0m one\u{202e}");
        let two = output.begin("build -p two");
        output.add(two, "error: no\n --> a");
        output.add(one, "    Finished");
        let expected = "\
$ cargo build -p one
   Compiling one\\u{202e}
    Finished

$ cargo build -p two
error: no
 --> a";
        assert_eq!(output.words(), expected);
    }

    #[test]
    fn of_output_without_end_the_newest_is_kept() {
        let mut output = none();
        let first = output.begin("build -p first");
        (0..2 * LINES).for_each(|number| output.add(first, &format!("line {number}")));
        assert_eq!(output.words().lines().count(), 1 + LINES);
        assert!(output.words().ends_with(&format!("\nline {}", 2 * LINES - 1)));
        for number in 0..CALLS {
            output.begin(&format!("build -p {number}"));
        }
        output.add(first, "late");
        assert_eq!(output.words().lines().filter(|line| line.starts_with("$ ")).count(), CALLS);
        assert!(!output.words().contains("first") && !output.words().contains("late"));
    }
}
