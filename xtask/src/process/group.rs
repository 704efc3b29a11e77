//! A process with everything that it starts, so that all of it can be stopped at once.

use std::{
    io,
    process::{ChildStderr, ChildStdout, Command, ExitStatus},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::process::{owner, warden};

/// A process group (a job object on Windows), ended when dropped. On Linux a process that left it by `setsid` ends with it.
pub struct Group {
    leader: system::Leader,
    /// The number of the group, which is its leader's.
    id: u32,
    /// What its processes are marked with; cargo's are not.
    mark: Option<String>,
    /// Set once the leader has ended, and with it the group.
    ended: Option<ExitStatus>,
}

impl Group {
    /// Starts the command as the leader of a new group.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let mark = owner::mark(&mut command);
        Self::begin(command, Some(mark))
    }

    /// The same for cargo: a wrapper of rustc (`sccache`) may leave the group on purpose and outlive it.
    pub fn start_cargo(mut command: Command) -> io::Result<Self> {
        owner::unmark(&mut command);
        Self::begin(command, None)
    }

    fn begin(command: Command, mark: Option<String>) -> io::Result<Self> {
        let _starting = starting();
        warden::begin();
        let leader = system::start(command)?;
        let id = leader.id();
        warden::guard(id);
        Ok(Self { leader, id, mark, ended: None })
    }

    /// The number of the group, which is its leader's.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The leader's standard output, if it is a pipe and nobody has taken it before.
    pub fn take_stdout(&mut self) -> Option<ChildStdout> {
        system::take_stdout(&mut self.leader)
    }

    /// The leader's standard error, likewise.
    pub fn take_stderr(&mut self) -> Option<ChildStderr> {
        system::take_stderr(&mut self.leader)
    }

    /// Waits for the leader's end, and then ends what is left of the group.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        let status = self.leader.wait()?;
        self.leader_ended(status)
    }

    /// The leader's status, if it has ended.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        match (self.ended, self.leader.try_wait()?) {
            (Some(status), _) => Ok(Some(status)),
            (None, Some(status)) => self.leader_ended(status).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Tells every process of the group what Ctrl-C in its terminal would; where there is no such signal, ends them.
    pub fn interrupt(&mut self) -> io::Result<()> {
        if self.ended.is_some() { Ok(()) } else { system::interrupt(&mut self.leader) }
    }

    /// Ends every process of the group and waits for the leader.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        system::kill(&mut self.leader)?;
        let status = self.leader.wait()?;
        self.end_the_rest(status);
        Ok(status)
    }

    /// The number of the group is the leader's, so it is used now or never: it may soon be somebody else's.
    fn leader_ended(&mut self, status: ExitStatus) -> io::Result<ExitStatus> {
        let killed = system::kill(&mut self.leader);
        self.end_the_rest(status);
        killed.map(|()| status)
    }

    fn end_the_rest(&mut self, status: ExitStatus) {
        self.ended = Some(status);
        warden::forget(self.id);
        if let Some(mark) = &self.mark {
            owner::end(mark);
        }
    }
}

/// Held while a group is started: until then it has no warden.
pub(super) fn starting() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("could not stop a process that was started: {error}");
        }
    }
}

#[cfg(unix)]
mod system {
    use std::{
        io,
        os::unix::process::CommandExt,
        process::{Child, ChildStderr, ChildStdout, Command},
    };

    use nix::{
        errno::Errno,
        sys::signal::{Signal, killpg},
        unistd::Pid,
    };

    pub(super) type Leader = Child;

    pub(super) fn start(mut command: Command) -> io::Result<Leader> {
        command.process_group(0).spawn()
    }

    pub(super) fn take_stdout(leader: &mut Leader) -> Option<ChildStdout> {
        leader.stdout.take()
    }

    pub(super) fn take_stderr(leader: &mut Leader) -> Option<ChildStderr> {
        leader.stderr.take()
    }

    pub(super) fn interrupt(leader: &mut Leader) -> io::Result<()> {
        send(leader, Signal::SIGINT)
    }

    pub(super) fn kill(leader: &mut Leader) -> io::Result<()> {
        send(leader, Signal::SIGKILL)
    }

    /// All may have ended by themselves; and macOS forbids what is sent to those that have, but are not waited for.
    fn send(leader: &Leader, signal: Signal) -> io::Result<()> {
        let group = Pid::from_raw(i32::try_from(leader.id()).map_err(io::Error::other)?);
        match killpg(group, signal) {
            Ok(()) | Err(Errno::ESRCH | Errno::EPERM) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(windows)]
mod system {
    use std::{
        io,
        process::{ChildStderr, ChildStdout, Command},
    };

    use process_wrap::std::{ChildWrapper, CommandWrap, JobObject};

    pub(super) type Leader = Box<dyn ChildWrapper>;

    pub(super) fn start(command: Command) -> io::Result<Leader> {
        CommandWrap::from(command).wrap(JobObject).spawn()
    }

    pub(super) fn take_stdout(leader: &mut Leader) -> Option<ChildStdout> {
        leader.stdout().take()
    }

    pub(super) fn take_stderr(leader: &mut Leader) -> Option<ChildStderr> {
        leader.stderr().take()
    }

    pub(super) fn interrupt(leader: &mut Leader) -> io::Result<()> {
        kill(leader)
    }

    pub(super) fn kill(leader: &mut Leader) -> io::Result<()> {
        leader.start_kill()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{io::Read, process::Stdio};

    use super::*;

    /// A shell and a process that it starts, both of which hold the pipe open.
    fn start() -> (Group, ChildStdout) {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo ready; wait"]).stdout(Stdio::piped());
        let mut group = Group::start(command).expect("there is a shell");
        let mut stdout = group.take_stdout().expect("its output is a pipe");
        let mut ready = [0; 6];
        stdout.read_exact(&mut ready).expect("it says so");
        (group, stdout)
    }

    fn is_closed(mut pipe: ChildStdout) -> bool {
        matches!(pipe.read(&mut [0]), Ok(0))
    }

    #[test]
    fn what_the_leader_started_ends_with_it() {
        let (mut group, pipe) = start();
        group.stop().expect("it can be stopped");
        assert!(is_closed(pipe), "somebody still writes");
        assert_eq!(group.try_wait().expect("it has ended"), group.ended);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_left_the_group_ends_with_it() {
        let mut command = Command::new("sh");
        command.args(["-c", "setsid sh -c 'echo apart; exec sleep 600' & wait"]);
        let mut group = Group::start({
            command.stdout(Stdio::piped());
            command
        })
        .expect("there is a shell");
        let mut stdout = group.take_stdout().expect("its output is a pipe");
        stdout.read_exact(&mut [0; 6]).expect("it says so");
        group.stop().expect("it can be stopped");
        assert!(is_closed(stdout), "somebody still writes");
    }

    #[test]
    fn an_interrupt_reaches_all_of_them() {
        let (mut group, pipe) = start();
        group.interrupt().expect("it can be told");
        assert!(!group.wait().expect("it ends").success());
        assert!(is_closed(pipe), "somebody still writes");
        group.interrupt().expect("nobody is there any more");
    }
}
