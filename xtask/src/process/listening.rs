//! Waiting for a server to report that it accepts connections.

use std::{
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use protocol::listening::{self, Address};

use crate::{
    process::{group::Group, lines},
    trouble::Trouble,
};

const START_LIMIT: Duration = Duration::from_secs(10);

/// Starts the server, waits until it listens, and gives its address.
pub fn start(mut command: Command) -> Result<(Group, Address), Trouble> {
    let shown = format!("{command:?}");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group = Group::start(command)
        .map_err(|error| Trouble::Environment(format!("could not start {shown}: {error}")))?;
    let address = wait(&mut group, START_LIMIT).ok_or_else(|| {
        Trouble::Environment(format!("{shown} did not report that it is listening within 10 s"))
    })?;
    Ok((group, address))
}

/// Waits until the group's leader, whose standard output is a pipe, says where it listens.
pub fn wait(group: &mut Group, limit: Duration) -> Option<Address> {
    let (sender, addresses) = mpsc::channel();
    if let Some(stdout) = group.take_stdout() {
        thread::spawn(move || {
            lines::read(stdout, |line| {
                if let Some(address) = listening::parse(line) {
                    sender.send(address).ok();
                }
            });
        });
    }
    addresses.recv_timeout(limit).ok()
}
