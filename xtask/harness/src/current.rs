//! The check that runs on this thread: its name, and how many exchanges it has compared.

use std::{any, cell::Cell};

use protocol::snapshot;

thread_local! {
    static CURRENT: Cell<(&'static str, usize)> = const { Cell::new(("", 0)) };
}

/// From now on this thread runs the check of this name.
pub(crate) fn begin(name: &'static str) {
    CURRENT.set((name, 0));
}

/// The name of the snapshot that the next exchange is compared with.
pub(crate) fn next_snapshot() -> String {
    let (name, count) = CURRENT.get();
    CURRENT.set((name, count + 1));
    snapshot::name(name, count + 1)
}

/// `verify::refuses_two_tokens::{{closure}}` is the closure of `refuses_two_tokens`.
pub(crate) fn test_name<F>() -> &'static str {
    let path = any::type_name::<F>();
    let function = path.split("::{{closure}}").next().unwrap_or(path);
    function.rsplit("::").next().unwrap_or(function)
}
