//! One check: a server for it alone, a result, a line for the runner.

use std::{cell::RefCell, env, panic, path::Path, process, sync::Once, thread, time::SystemTime};

use protocol::{
    environment,
    exchange::Exchange,
    line::{Failed, Line},
};

use crate::{
    curl::ByHand,
    current::{self, test_name},
    failure::Failure,
    reproduce,
    server::Server,
    setup::Setup,
    spare,
    turns::{self, Needs},
};

/// Checks a server against one requirement: the name of the test that calls this.
///
/// No other check uses the server at the same time. One that has passed may have used it before: if the requirement is not
/// met there, it is tried again on a new server, and that counts.
/// The result goes to the file that `WORKSHOP_VERDICT` names, as one JSON line.
pub fn check<T, F>(requirement: F)
where
    F: Fn(&Server) -> Result<T, Failure>,
{
    let _turn = turns::take(Needs::AnyServer);
    judge(test_name::<F>(), || spare::on_one(requirement));
}

/// The same with a new server that no other check will use: for what the server prints, and for what changes
/// more than the tokens it has issued.
pub fn check_afresh<T, F>(requirement: F)
where
    F: FnOnce(&Server) -> Result<T, Failure>,
{
    let _turn = turns::take(Needs::OwnServers);
    judge(test_name::<F>(), || requirement(&Setup::new().start_or_fail_like_the_first()?));
}

/// The same with a server of this setup, while no other check of this process runs: for what depends on how long a
/// response takes.
pub fn check_alone<T, F>(setup: &Setup, requirement: F)
where
    F: FnOnce(&Server) -> Result<T, Failure>,
{
    let _turn = turns::take(Needs::Quiet);
    judge(test_name::<F>(), || requirement(&setup.start()?));
}

/// The same without a server, beside any other check, even one that runs alone: for what waits more than it works.
pub fn check_over_time<T, F>(requirement: F)
where
    F: FnOnce() -> Result<T, Failure>,
{
    judge(test_name::<F>(), requirement);
}

/// The same without a server: the requirement starts the program itself, through a [`Setup`].
pub fn check_program<T, F>(requirement: F)
where
    F: FnOnce() -> Result<T, Failure>,
{
    let _turn = turns::take(Needs::OwnServers);
    judge(test_name::<F>(), requirement);
}

/// Waits until the clock shows this time, for what happens then.
pub fn wait_until(time: SystemTime) {
    while let Ok(left) = time.duration_since(SystemTime::now()) {
        thread::park_timeout(left);
    }
}

fn judge<T>(name: &'static str, requirement: impl FnOnce() -> Result<T, Failure>) {
    current::begin(name);
    let failure = catch(|| requirement().map(drop)).err();
    let failure = failure.map(|failure| failure.into_failed(lines));
    let line = Line { name: name.to_owned(), failure };
    if let Some(path) = env::var_os(environment::VERDICT)
        && let Err(error) = line.append(Path::new(&path))
    {
        eprintln!("could not write the verdict: {error}");
        #[expect(
            clippy::disallowed_methods,
            reason = "without its line the check cannot be judged; the runner ends the whole process group"
        )]
        process::exit(4);
    }
    if let Some(failure) = &line.failure {
        eprintln!("\n{}\n", name.replace('_', " "));
        match failure {
            Failed::Ours(message) => eprintln!("The workshop itself is at fault: {message}\n"),
            Failed::Theirs(difference) => eprintln!(
                "--- expected\n{}\n\n--- your server\n{}\n",
                difference.expected.text(),
                difference.actual.text()
            ),
        }
        eprintln!("`cargo xtask verify` shows this in colour, with a hint.");
        panic::resume_unwind(Box::new("the requirement is not met"));
    }
}

/// The lines to paste, for the runner: nobody else shows them.
fn lines(by_hand: ByHand, expected: Option<&Exchange>) -> Option<String> {
    env::var_os(environment::VERDICT)?;
    let lines = panic::AssertUnwindSafe(|| reproduce::lines(by_hand, expected));
    panic::catch_unwind(lines).ok().flatten()
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic in a check is a fault of ours; it is reported, not printed as a stack trace.
fn catch(body: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        panic::set_hook(Box::new(|info| LAST_PANIC.set(info.to_string())));
    });
    panic::catch_unwind(panic::AssertUnwindSafe(body))
        .unwrap_or_else(|_| Err(Failure::ours(format!("the check itself {}", LAST_PANIC.take()))))
}
