//! An example that is a server: started, asked, and ended.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use workshop_book::example::Asked;
use xtask::{process::group::Group, trouble::Trouble};

use crate::examples::client;

const START_LIMIT: Duration = Duration::from_secs(10);

/// How often to look whether it listens.
const LOOK: Duration = Duration::from_millis(20);

/// The requests to this port, one after the other, each with the response to it.
pub(super) fn ask(command: Command, port: u16, all: Vec<Asked>) -> Result<Vec<Asked>, Trouble> {
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let _server = start(command, at)?;
    let answered = all.into_iter().map(|asked| {
        let response = client::send(at, &asked.request).map_err(|why| {
            let request = &asked.request;
            Trouble::Environment(format!("{} {}: {why}", request.method, request.path))
        })?;
        Ok(Asked { response: Some(response), ..asked })
    });
    answered.collect()
}

/// Starts it and waits until it listens.
fn start(mut command: Command, at: SocketAddr) -> Result<Group, Trouble> {
    let port = at.port();
    TcpListener::bind(at).map_err(|error| {
        Trouble::Environment(format!(
            "examples of this step listen on port {port}, and it cannot be used: {error}.\n\
             Next:  end what listens there, then the same command again"
        ))
    })?;
    let shown = format!("{command:?}");
    let broken = |why: &str| Trouble::Environment(format!("{shown} {why}"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut group =
        Group::start(command).map_err(|error| broken(&format!("did not start: {error}")))?;
    let until = Instant::now() + START_LIMIT;
    loop {
        if TcpStream::connect(at).is_ok() {
            return Ok(group);
        }
        if let Ok(Some(status)) = group.try_wait() {
            return Err(broken(&format!("ended ({status}) before it listened on port {port}")));
        }
        if Instant::now() > until {
            let limit = START_LIMIT.as_secs();
            return Err(broken(&format!("does not listen on port {port} after {limit} s")));
        }
        thread::park_timeout(LOOK);
    }
}
