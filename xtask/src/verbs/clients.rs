//! `cargo xtask clients`: the solutions, held against clients that other people wrote.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    call,
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    group::Group,
    python,
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
    let python = python::environment(course, "clients")?;
    let script = course.root.join("xtask").join("clients").join("try_server.py");
    let mut code = 0;
    for step in &course.steps {
        println!("Solution {}: {}", step.number, step.title);
        let (server, address) = start(course, step)?;
        let mut call = Command::new(&python);
        call.arg(&script).arg(&address).current_dir(course.target());
        if !call::succeeds(&mut call)? {
            code = 1;
        }
        drop(server);
    }
    println!("{}", if code == 0 { "Every client is content." } else { "A client failed." });
    Ok(code)
}

/// The solution's server on a free port, and its address.
fn start(course: &Course, step: &Step) -> Result<(Group, String), Trouble> {
    let package = step.package(Whose::Reference);
    let program = match compile::compile(&course.root, &package)? {
        Compiled::Ready { server, .. } => server,
        Compiled::Refused { text, .. } => return Err(Trouble::Environment(text)),
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
