//! A server that says when it accepts: `Listening on …`, the line that every server of the course prints.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{group::Group, trouble::Trouble};

const START_LIMIT: Duration = Duration::from_secs(10);

/// Starts the server, waits until it listens, and gives where: `http://127.0.0.1:PORT`, mostly.
pub fn start(mut command: Command) -> Result<(Group, String), Trouble> {
    let shown = format!("{command:?}");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group = Group::start(command)
        .map_err(|error| Trouble::Environment(format!("could not start {shown}: {error}")))?;
    let address = wait(&mut group, START_LIMIT).ok_or_else(|| {
        Trouble::Environment(format!("{shown} has not said in 10 s that it listens"))
    })?;
    Ok((group, address))
}

/// Waits until the group's leader, whose standard output is a pipe, says where it listens.
pub fn wait(group: &mut Group, limit: Duration) -> Option<String> {
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
    addresses.recv_timeout(limit).ok()
}
