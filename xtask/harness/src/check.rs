//! One check: a server for it alone, a result, a line in the verdict.

use std::{
    any,
    cell::{Cell, RefCell},
    env,
    fs::OpenOptions,
    io::Write,
    panic, process,
    sync::{Once, PoisonError, RwLock},
};

use serde::Serialize;

use crate::{server::Server, setup::Setup, spare};

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub struct Failure {
    ours: bool,
    expected: String,
    actual: String,
    reproduce: Option<String>,
}

impl Failure {
    /// The learner's server does something else: what the requirement asks for, and what came.
    pub fn new(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { ours: false, expected: expected.into(), actual: actual.into(), reproduce: None }
    }

    /// The check, its snapshot or the machine is at fault: never the learner's failure.
    pub fn ours(message: impl Into<String>) -> Self {
        Self { ours: true, expected: String::new(), actual: message.into(), reproduce: None }
    }

    /// Adds the command lines that show the failure again.
    #[must_use]
    pub fn reproduced_by(mut self, commands: Option<String>) -> Self {
        self.reproduce = commands;
        self
    }
}

/// While a check runs alone, no other does.
static TURN: RwLock<()> = RwLock::new(());

/// Holds a server against one requirement: the name of the test that calls this.
///
/// No other check uses the server at the same time; one that has passed may have used it before.
/// The result goes to the file that `WORKSHOP_VERDICT` names, as one JSON line.
pub fn check<T, F>(requirement: F)
where
    F: FnOnce(&Server) -> Result<T, Failure>,
{
    let _turn = TURN.read().unwrap_or_else(PoisonError::into_inner);
    judge(test_name::<F>(), || on_a_spare(requirement));
}

/// The same with a new server that no other check will use: for what the server prints, and for what changes
/// more than the tokens it has issued.
pub fn check_afresh<T, F>(requirement: F)
where
    F: FnOnce(&Server) -> Result<T, Failure>,
{
    let _turn = TURN.read().unwrap_or_else(PoisonError::into_inner);
    judge(test_name::<F>(), || requirement(&Setup::new().start_or_fail_like_the_first()?));
}

/// The same with the package's own users, while no other check of this process runs: for what depends on how long
/// an answer takes.
pub fn check_alone<T, F>(requirement: F)
where
    F: FnOnce(&Server) -> Result<T, Failure>,
{
    let _turn = TURN.write().unwrap_or_else(PoisonError::into_inner);
    judge(test_name::<F>(), || requirement(&Setup::with_own_users().start()?));
}

/// The same without a server: the requirement starts the program itself, through a [`Setup`].
pub fn check_program<T, F>(requirement: F)
where
    F: FnOnce() -> Result<T, Failure>,
{
    let _turn = TURN.read().unwrap_or_else(PoisonError::into_inner);
    judge(test_name::<F>(), requirement);
}

fn on_a_spare<T>(requirement: impl FnOnce(&Server) -> Result<T, Failure>) -> Result<T, Failure> {
    let server = spare::take()?;
    let met = requirement(&server)?;
    spare::give_back(server);
    Ok(met)
}

fn judge<T>(name: &'static str, requirement: impl FnOnce() -> Result<T, Failure>) {
    CHECK.set((name, 0));
    let result = catch(|| requirement().map(drop));
    let line = Line::new(name, result.as_ref().err());
    if let Err(error) = append(&line) {
        eprintln!("could not write the verdict: {error}");
        process::exit(4);
    }
    if let Err(failure) = result {
        eprintln!("\n{}\n", name.replace('_', " "));
        eprintln!("--- expected\n{}\n\n--- your server\n{}\n", failure.expected, failure.actual);
        eprintln!("`cargo xtask verify` shows this in colour, with a hint.");
        panic::resume_unwind(Box::new("the requirement is not met"));
    }
}

thread_local! {
    /// The check that runs on this thread, and how many exchanges it has compared.
    static CHECK: Cell<(&'static str, usize)> = const { Cell::new(("", 0)) };
}

/// The name of the snapshot that the next exchange is compared with.
pub(crate) fn next_snapshot() -> String {
    let (name, count) = CHECK.get();
    CHECK.set((name, count + 1));
    if count == 0 { name.to_owned() } else { format!("{name}-{}", count + 1) }
}

/// `verify::refuses_two_tokens::{{closure}}` is the closure of `refuses_two_tokens`.
fn test_name<F>() -> &'static str {
    let path = any::type_name::<F>();
    let function = path.split("::{{closure}}").next().unwrap_or(path);
    function.rsplit("::").next().unwrap_or(function)
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic in a check is a fault of ours; it is told, not printed as a stack trace.
fn catch(body: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        panic::set_hook(Box::new(|info| LAST_PANIC.set(info.to_string())));
    });
    panic::catch_unwind(panic::AssertUnwindSafe(body))
        .unwrap_or_else(|_| Err(Failure::ours(format!("the check itself {}", LAST_PANIC.take()))))
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    passed: bool,
    ours: bool,
    expected: Option<&'a str>,
    actual: Option<&'a str>,
    reproduce: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(name: &'a str, failure: Option<&'a Failure>) -> Self {
        Self {
            name,
            passed: failure.is_none(),
            ours: failure.is_some_and(|failure| failure.ours),
            expected: failure.map(|failure| failure.expected.as_str()),
            actual: failure.map(|failure| failure.actual.as_str()),
            reproduce: failure.and_then(|failure| failure.reproduce.as_deref()),
        }
    }
}

fn append(line: &Line<'_>) -> std::io::Result<()> {
    let Some(path) = env::var_os("WORKSHOP_VERDICT") else { return Ok(()) };
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
}
