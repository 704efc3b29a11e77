//! How a server is started: its environment, its users, its arguments.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use protocol::{SECRET, environment};
use serde_json::Value;

use crate::{
    failure::Failure,
    output::Output,
    server::Server,
    users_file::{self, UsersFile},
};

/// How long a program may take that does one thing and ends.
const RUN_LIMIT: Duration = Duration::from_secs(10);

/// Asks glibc (2.35 and newer) for large pages: each hash needs 19 MiB, and 4 KiB at a time they take as long as the hash.
const LARGE_PAGES: [&str; 2] = ["GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"];

/// A program and what it is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    program: Option<PathBuf>,
    environment: BTreeMap<&'static str, Option<OsString>>,
    users: Option<Value>,
}

/// A program that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether its exit code was 0.
    pub success: bool,
    /// Whether it reported that it is listening; then it was stopped.
    pub listens: bool,
    /// Standard output, then standard error.
    pub printed: String,
    /// Where it panicked, and its message.
    pub panic: Option<String>,
}

impl Ended {
    /// Fails unless the program, which was given something that it cannot use, ended with an error that has all of these
    /// names in it, and does not show the value.
    pub fn refuses(&self, given: &str, names: &[&str], value: Option<&str>) -> Result<(), Failure> {
        let printed = match self.printed.trim() {
            "" => "nothing",
            printed => printed,
        };
        let shows = |value: &str| !value.is_empty() && printed.contains(value);
        let actual = if self.listens {
            format!("it starts. It printed:\n{printed}")
        } else if self.success {
            format!("an end with the exit code 0. It printed:\n{printed}")
        } else if value.is_some_and(shows) {
            format!("an error that shows the value:\n{printed}")
        } else if let Some(name) = names.iter().find(|name| !printed.contains(**name)) {
            format!("no error that names `{name}`. It printed:\n{printed}")
        } else {
            return Ok(());
        };
        let mut expected = format!("with {given}: an end with an error");
        if !names.is_empty() {
            expected += &format!(" that names {}", names.join(" and "));
        }
        if value.is_some() {
            expected += " and does not show the value";
        }
        Err(Failure::new(expected, actual))
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

impl Setup {
    /// The program as checks usually start it: with [`SECRET`], and with alice, carol and bob at little cost.
    pub fn new() -> Self {
        let environment = [("JWT_SECRET", SECRET), ("USERS_FILE", users_file::CHEAP)];
        let environment = environment.map(|(name, value)| (name, Some(value.into())));
        Self { program: None, environment: environment.into(), users: None }
    }

    /// The same with the package's own users.
    pub fn with_own_users() -> Self {
        Self::new().without("USERS_FILE")
    }

    /// Starts this program instead of the package's own.
    #[must_use]
    pub fn program(mut self, program: &Path) -> Self {
        self.program = Some(program.to_owned());
        self
    }

    /// Sets a variable; the value need not be Unicode.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.insert(name, Some(value.into()));
        self
    }

    /// Removes a variable.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.environment.insert(name, None);
        self
    }

    /// Gives it these users in `USERS_FILE`.
    #[must_use]
    pub fn users(mut self, users: Value) -> Self {
        self.users = Some(users);
        self
    }

    /// Starts a server and waits until it listens.
    pub fn start(&self) -> Result<Server, Failure> {
        let (command, users) = self.command()?;
        Server::start(command, users, self.is_as_run())
    }

    /// Whether it is what `cargo xtask run` starts, but for what a login costs.
    fn is_as_run(&self) -> bool {
        let usual = [Self::new(), Self::with_own_users()];
        let same = usual.iter().any(|usual| usual.environment == self.environment);
        same && self.users.is_none() && self.program.is_none()
    }

    /// The same; once one server has failed to start, the next ones report that without waiting.
    pub(crate) fn start_or_fail_like_the_first(&self) -> Result<Server, Failure> {
        static FAILED: OnceLock<Failure> = OnceLock::new();
        if let Some(failure) = FAILED.get() {
            return Err(failure.clone());
        }
        self.start().inspect_err(|failure| {
            FAILED.get_or_init(|| failure.clone());
        })
    }

    /// Runs the program, with these arguments, to its end or until it reports that it is listening.
    pub fn run(&self, arguments: &[&str]) -> Result<Ended, Failure> {
        let (mut command, users) = self.command()?;
        if !self.environment.contains_key("PORT") {
            command.env("PORT", "0");
        }
        let mut child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::ours(format!("could not start {command:?}: {error}")))?;
        let output = Output::read(&mut child);
        let listens = output.wait_for_address(RUN_LIMIT).is_some();
        let printed = output.wait_for_all(Duration::ZERO);
        let ended = output.has_ended();
        if !ended {
            let stopped = child.kill().and_then(|()| child.wait());
            stopped.map_err(|e| Failure::ours(format!("could not stop the program: {e}")))?;
        }
        if !ended && !listens {
            let expected = format!("a program that ends when it is started with {arguments:?}");
            let actual =
                format!("it runs on after {} s. It printed:\n{printed}", RUN_LIMIT.as_secs());
            return Err(Failure::new(expected, actual));
        }
        let status = child.wait().map_err(|e| Failure::ours(format!("lost the program: {e}")))?;
        let panic = output.wait_for_panic(Duration::ZERO);
        let printed = match users {
            Some(users) => users.in_words(&printed),
            None => printed,
        };
        Ok(Ended { success: status.success(), listens, printed, panic })
    }

    fn command(&self) -> Result<(Command, Option<UsersFile>), Failure> {
        let mut command = Command::new(self.program.clone().map_or_else(program, Ok)?);
        let [name, large_pages] = LARGE_PAGES;
        if env::var_os(name).is_none() {
            command.env(name, large_pages);
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let Some(users) = &self.users else { return Ok((command, None)) };
        let file = UsersFile::write(users)?;
        command.env("USERS_FILE", file.path());
        Ok((command, Some(file)))
    }
}

/// The server that `WORKSHOP_SERVER` names, or the package's own, which cargo names in `CARGO_BIN_EXE_…`.
fn program() -> Result<PathBuf, Failure> {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let from_cargo = || env::var_os(format!("CARGO_BIN_EXE_{package}"));
    let program: Option<OsString> = env::var_os(environment::SERVER).or_else(from_cargo);
    program.map(PathBuf::from).ok_or_else(|| {
        Failure::ours("neither `WORKSHOP_SERVER` nor cargo says which server to start; use `cargo xtask verify`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_shows_the_value_is_worse_than_one_that_names_nobody() {
        let ended = |listens, success, printed: &str| {
            let ended = Ended { success, listens, printed: printed.to_owned(), panic: None };
            let failure = ended.refuses("the hash `x1`", &["dora"], Some("x1")).err();
            failure.map(|failure| format!("{failure:?}")).unwrap_or_default()
        };
        assert!(ended(true, false, "Listening on x1").contains("it starts"));
        assert!(ended(false, true, "x1").contains("the exit code 0"));
        assert!(ended(false, false, "`x1` is no hash").contains("shows the value"));
        assert!(ended(false, false, "no hash").contains("no error that names `dora`"));
        assert_eq!(ended(false, false, "dora's is no hash"), "");
    }
}
