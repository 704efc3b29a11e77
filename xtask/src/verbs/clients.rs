//! `cargo xtask clients`: the solutions, held against clients that other people wrote.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    files,
    group::Group,
    trouble::Trouble,
    verbs::no_arguments,
};

/// What `cargo xtask clients --help` prints.
pub const HELP: &str = "\
cargo xtask clients

Holds every solution against oauthlib, authlib, schemathesis and openapi-spec-validator,
installed from PyPI into target/workshop/clients. Needs python3 and the network.";

const START_LIMIT: Duration = Duration::from_secs(10);

/// Tries every solution, even after a failure, and gives 1 if one failed.
pub fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments, HELP)?;
    let clients = course.root.join("xtask").join("clients");
    let python = install(course, &clients)?;
    let mut code = 0;
    for step in &course.steps {
        println!("Solution {}: {}", step.number, step.title);
        let (server, address) = start(course, step)?;
        let mut call = Command::new(&python);
        call.arg(clients.join("try_server.py")).arg(&address).current_dir(folder(course));
        if !succeeds(&mut call)? {
            code = 1;
        }
        drop(server);
    }
    println!("{}", if code == 0 { "Every client is content." } else { "A client failed." });
    Ok(code)
}

fn folder(course: &Course) -> PathBuf {
    course.target().join("workshop").join("clients")
}

/// A virtual environment with the pinned clients; gives its python.
fn install(course: &Course, clients: &Path) -> Result<PathBuf, Trouble> {
    let folder = folder(course);
    files::create_folder(&folder)?;
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let mut create = Command::new(if cfg!(windows) { "python" } else { "python3" });
    create.args(["-m", "venv"]).arg(&folder);
    let mut install = Command::new(&python);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(clients.join("requirements.txt"));
    for call in [&mut create, &mut install] {
        if !succeeds(call)? {
            return Err(Trouble::Environment(format!(
                "`{call:?}` failed; its own words stand above"
            )));
        }
    }
    Ok(python)
}

fn succeeds(call: &mut Command) -> Result<bool, Trouble> {
    let status = call.stdin(Stdio::null()).status();
    status
        .map(|status| status.success())
        .map_err(|error| Trouble::Environment(format!("`{call:?}` could not be started: {error}")))
}

/// The solution's server on a free port, and its address.
fn start(course: &Course, step: &Step) -> Result<(Group, String), Trouble> {
    let package = step.package(Whose::Reference);
    let program = match compile::compile(&course.root, &package)? {
        Compiled::Ready { server, .. } => server,
        Compiled::Refused(text) => return Err(Trouble::Environment(text)),
    };
    let mut command = Command::new(&program);
    command.env("PORT", "0").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group =
        Group::start(command).map_err(|error| Trouble::io("start", &program, &error))?;
    let (sender, addresses) = mpsc::channel();
    if let Some(stdout) = group.leader().stdout().take() {
        thread::spawn(move || {
            // Read on to the end: a full pipe would stop the server.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("Listening on ") {
                    sender.send(address.to_owned()).ok();
                }
            }
        });
    }
    let address = addresses.recv_timeout(START_LIMIT).map_err(|_| {
        Trouble::Environment(format!("{package} has not said in 10 s that it listens"))
    })?;
    Ok((group, address))
}
