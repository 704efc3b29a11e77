//! The step's server on port 3000 while the learner works: always the code of the last save that compiles.

use std::{
    env,
    ffi::OsString,
    net::{Ipv4Addr, TcpListener},
    process::{Command, Stdio},
};

use crate::{
    course::{Step, Whose},
    group::Group,
    server_copy::ServerCopy,
    trouble::Trouble,
};

/// The server that runs now, if one does.
pub struct LiveServer {
    port: u16,
    running: Option<(Group, ServerCopy)>,
}

impl LiveServer {
    /// Chooses `port`, or the next free one.
    pub fn on(port: u16) -> Result<Self, Trouble> {
        Ok(Self { port: free_port(port)?, running: None })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends the old one and starts the new one.
    pub fn restart(&mut self, step: &Step, server: ServerCopy) -> Result<(), Trouble> {
        self.stop();
        let mut command = Command::new(server.path());
        command
            .current_dir(step.folder(Whose::Learner))
            .env("PORT", self.port.to_string())
            .env("JWT_SECRET", jwt_secret())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let group =
            Group::start(command).map_err(|error| Trouble::io("start", server.path(), &error))?;
        self.running = Some((group, server));
        Ok(())
    }

    /// Ends it, and then removes its copy.
    pub fn stop(&mut self) {
        if let Some((group, copy)) = self.running.take() {
            drop(group);
            drop(copy);
        }
    }
}

impl Drop for LiveServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The key that the checks give a server.
pub const CHECKS_SECRET: &str = "the checks and nobody else know this key";

/// The learner's `JWT_SECRET`; without one, that of the checks: then a token outlives the next save, and a
/// command line that a check prints shows what the check saw.
pub fn jwt_secret() -> OsString {
    env::var_os("JWT_SECRET").unwrap_or_else(|| CHECKS_SECRET.into())
}

/// `wanted`, or the next port that nobody uses; the caller says so if it is another one.
pub fn free_port(wanted: u16) -> Result<u16, Trouble> {
    let mut ports = wanted..=wanted.saturating_add(20);
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).ok_or_else(|| {
        Trouble::Environment(format!(
            "none of the ports {wanted} to {} is free: end a server that runs there",
            wanted.saturating_add(20)
        ))
    })
}
