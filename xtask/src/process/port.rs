//! Ports of 127.0.0.1 that nobody uses.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
};

use crate::trouble::Trouble;

/// `wanted`, or the next port that nobody uses; the caller says so if it is not `wanted`.
pub fn free_port(wanted: u16) -> Result<u16, Trouble> {
    let mut ports = wanted..=wanted.saturating_add(20);
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).ok_or_else(|| {
        Trouble::Environment(format!(
            "none of the ports {wanted} to {} is free: end a server that runs there",
            wanted.saturating_add(20)
        ))
    })
}

/// The port that `PORT` asks for, 3000 by default, if it is free.
pub fn from_environment() -> Result<u16, Trouble> {
    let text = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let port = text.parse().map_err(|_| {
        Trouble::Usage(format!("PORT is `{text}`, which is not a port (0 to 65535)"))
    })?;
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(error) => Err(Trouble::Environment(format!(
            "port {port} cannot be used: {error}.\nAnother server runs there, perhaps `cargo xtask watch` in another \
             terminal: use that one, or end it, or choose another port with the environment variable PORT."
        ))),
    }
}
