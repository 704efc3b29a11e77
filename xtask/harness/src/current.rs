//! The check that runs on this thread: its name, how many exchanges it has compared, and what it has drawn.

use std::{
    any,
    cell::{Cell, RefCell},
};

use protocol::{drawn::Drawn, snapshot};

thread_local! {
    static CURRENT: Cell<(&'static str, usize)> = const { Cell::new(("", 0)) };
    static NUMBERS: Cell<u64> = const { Cell::new(0) };
    static DRAWN: RefCell<Vec<Drawn>> = const { RefCell::new(Vec::new()) };
    static LOGINS: RefCell<Vec<Login>> = const { RefCell::new(Vec::new()) };
}

/// A login that was answered with a token.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    /// How many logins of the check were before it.
    pub(crate) number: usize,
    /// The form that was sent.
    pub(crate) form: String,
    /// The command line that does the same.
    pub(crate) command: String,
}

/// A shorter value is taken for what was drawn only where it is a word by itself.
const UNMISTAKABLE: usize = 8;

/// From now on this thread runs the check of this name, from its beginning.
pub(crate) fn begin(name: &'static str) {
    CURRENT.set((name, 0));
    NUMBERS.set(0);
    DRAWN.take();
    LOGINS.take();
}

/// The name of the check.
pub(crate) fn name() -> &'static str {
    CURRENT.get().0
}

/// The name of the snapshot that the next exchange is compared with.
pub(crate) fn next_snapshot() -> String {
    let (name, count) = CURRENT.get();
    CURRENT.set((name, count + 1));
    snapshot::name(name, count + 1)
}

/// Counts the numbers that the check draws, from 1.
pub(crate) fn next_number() -> u64 {
    NUMBERS.set(NUMBERS.get() + 1);
    NUMBERS.get()
}

/// Notes that the check has drawn this value, which texts show as `<drawn WHAT>`, the second as `<drawn WHAT 2>`.
pub(crate) fn note(what: &str, value: &str) {
    DRAWN.with_borrow_mut(|all| {
        let alike = format!("<drawn {what}");
        let number = 1 + all.iter().filter(|drawn| drawn.name.starts_with(&alike)).count();
        let name = if number == 1 { format!("{alike}>") } else { format!("{alike} {number}>") };
        all.push(Drawn { name, value: value.to_owned() });
    });
}

/// Notes a login of the check.
pub(crate) fn logged_in(form: String, command: String) -> Login {
    LOGINS.with_borrow_mut(|all| {
        let login = Login { number: all.len(), form, command };
        all.push(login.clone());
        login
    })
}

/// The check's logins so far.
pub(crate) fn logins() -> Vec<Login> {
    LOGINS.with_borrow(Clone::clone)
}

/// What the check has drawn so far.
pub(crate) fn drawn() -> Vec<Drawn> {
    DRAWN.with_borrow(Clone::clone)
}

/// The text with the names of drawn values in their place, whether they are written plainly or as in a form.
pub(crate) fn with_names(text: &str) -> String {
    let mut drawn = drawn();
    drawn.sort_by_key(|drawn| std::cmp::Reverse(drawn.value.len()));
    drawn.iter().fold(text.to_owned(), |text, Drawn { name, value }| {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let text = replace_words(&text, value, name);
        if encoded == *value { text } else { replace_words(&text, &encoded, name) }
    })
}

fn replace_words(text: &str, value: &str, name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(value).filter(|_| !value.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + value.len()..]);
        let alone = !before.ends_with(is_word) && !after.starts_with(is_word);
        replaced.push_str(before);
        replaced.push_str(if alone || value.len() >= UNMISTAKABLE { name } else { value });
        rest = after;
    }
    replaced + rest
}

/// `verify::refuses_two_tokens::{{closure}}` is the closure of `refuses_two_tokens`.
pub(crate) fn test_name<F>() -> &'static str {
    let path = any::type_name::<F>();
    let function = path.split("::{{closure}}").next().unwrap_or(path);
    function.rsplit("::").next().unwrap_or(function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_value_has_its_name_in_texts() {
        begin("a_check");
        note("scheme", "Bear");
        note("password", "x&y longer");
        assert_eq!(with_names("authorization: Bear a"), "authorization: <drawn scheme> a");
        assert_eq!(with_names("Bearer a-Bear Bear_"), "Bearer a-Bear Bear_", "other words");
        assert_eq!(with_names("p=x%26y+longer&q"), "p=<drawn password>&q");
        assert_eq!(with_names("{\"p\":\"x&y longer\"}"), "{\"p\":\"<drawn password>\"}");
        note("scheme", "Digest");
        assert_eq!(with_names("Digest"), "<drawn scheme 2>");
        begin("another_check");
        assert_eq!(with_names("Bear"), "Bear");
    }
}
