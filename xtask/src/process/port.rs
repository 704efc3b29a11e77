//! Ports of 127.0.0.1 that nobody uses.

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    net::{Ipv4Addr, TcpListener},
};

use crate::trouble::Trouble;

/// `wanted`, or the next port that nobody uses; the caller says so if it is not `wanted`.
pub fn free_port(wanted: u16) -> Result<u16, Trouble> {
    let last = wanted.saturating_add(20);
    let mut why = String::new();
    for port in wanted..=last {
        match try_port(port) {
            Ok(()) => return Ok(port),
            Err(error) => why = reason(port, &error),
        }
    }
    Err(Trouble::Environment(format!(
        "none of the ports {wanted} to {last} can be used. The last one: {why}"
    )))
}

/// The port that `--port` names, else `PORT`, else 3000, if it can be used.
pub fn asked_for(option: Option<OsString>) -> Result<u16, Trouble> {
    let port = match (option, env::var_os("PORT")) {
        (Some(text), _) => read("--port", &text)?,
        (None, Some(text)) => read("PORT", &text)?,
        (None, None) => 3000,
    };
    try_port(port).map_err(|error| {
        Trouble::Environment(format!("port {port} cannot be used: {}", reason(port, &error)))
    })?;
    Ok(port)
}

fn read(name: &str, text: &OsStr) -> Result<u16, Trouble> {
    let text = text.to_string_lossy();
    text.parse().map_err(|_| {
        Trouble::Usage(format!("{name} is `{text}`, which is not a port (0 to 65535)"))
    })
}

fn try_port(port: u16) -> io::Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop)
}

/// Why the system refuses the port, and what helps against it.
fn reason(port: u16, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "Another server runs there, perhaps `cargo xtask watch` in another terminal: use that one, or end it,"
        }
        io::ErrorKind::PermissionDenied if cfg!(windows) => {
            "Nobody needs to be there: Windows keeps ranges of ports for itself (Hyper-V, WSL, Docker). \
             `netsh interface ipv4 show excludedportrange protocol=tcp` lists them. Free it there,"
        }
        io::ErrorKind::PermissionDenied if port < 1024 => {
            "You may not use it: ports below 1024 are the system's. Run this as somebody who may,"
        }
        io::ErrorKind::PermissionDenied => {
            "You may not use it: the system forbids it (a sandbox, or a container). Allow it there,"
        }
        _ => "Nobody needs to be there. See to what the system says,",
    };
    format!("{error}.\n{why} or choose another port with the environment variable PORT.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_and_not_allowed_are_told_apart() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = taken.local_addr().expect("it is bound").port();
        let error = try_port(port).expect_err("it is taken");
        assert!(reason(port, &error).contains("Another server runs there"), "{error}");
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert!(!reason(80, &denied).contains("Another server"));
        assert!(reason(80, &denied).contains("not use it") || cfg!(windows));
        assert!(reason(3000, &denied).contains("PORT"));
    }

    #[test]
    fn a_taken_port_gives_way_to_a_free_one() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = taken.local_addr().expect("it is bound").port();
        assert!(free_port(port).is_ok_and(|free| free > port) || port > u16::MAX - 20);
    }
}
