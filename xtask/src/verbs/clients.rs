//! `cargo xtask clients`: the solutions, held against clients that other people wrote.

use std::process::Command;

use crate::{
    call,
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    group::Group,
    listening, python,
    trouble::Trouble,
    verbs::no_arguments,
};

/// What `cargo xtask clients --help` prints.
pub const HELP: &str = "\
cargo xtask clients

Holds every solution against oauthlib, authlib, schemathesis and openapi-spec-validator,
installed from PyPI into target/workshop/clients. Needs python3 and the network.";

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
    command.env("PORT", "0");
    listening::start(command)
}
