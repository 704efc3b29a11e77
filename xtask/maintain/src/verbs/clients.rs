//! `cargo xtask clients`: the solutions, tried with clients that other people wrote.

use std::process::Command;

use xtask::{
    course::{Course, Step},
    process::{call, compile, group::Group, listening},
    trouble::Trouble,
    verbs::verb::no_arguments,
};

use crate::python;

/// What `cargo xtask clients --help` prints.
pub(super) const HELP: &str = "\
cargo xtask clients

Tries every solution with oauthlib, authlib, schemathesis and openapi-spec-validator,
installed from PyPI into target/workshop/clients. Needs python3 and the network.";

/// Tries every solution, even after a failure, and gives 1 if one failed.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let python = python::environment(course, "clients")?;
    let script = python::folder(course, "clients").join("try_server.py");
    let mut code = 0;
    for step in &course.steps {
        println!("Solution {}: {}", step.number, step.title);
        let (server, address) = start(course, step)?;
        let mut call = Command::new(&python);
        call.arg(&script).arg(&address).current_dir(course.temporary());
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
    let mut command = Command::new(compile::solution(course, step)?.server);
    command.env("PORT", "0");
    let (group, address) = listening::start(command)?;
    Ok((group, address.url))
}
