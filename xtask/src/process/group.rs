//! A process with everything that it starts, so that all of it can be stopped at once.

use std::{
    io,
    process::{Command, ExitStatus},
};

use process_wrap::std::{ChildWrapper, CommandWrap};

/// A process group (a job object on Windows), killed when dropped.
pub struct Group {
    child: Box<dyn ChildWrapper>,
}

impl Group {
    /// Starts the command as the leader of a new group.
    pub fn start(command: Command) -> io::Result<Self> {
        let mut wrap = CommandWrap::from(command);
        #[cfg(unix)]
        wrap.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrap.wrap(process_wrap::std::JobObject);
        Ok(Self { child: wrap.spawn()? })
    }

    /// The leader, for its pipes.
    pub fn leader(&mut self) -> &mut dyn ChildWrapper {
        &mut *self.child
    }

    /// Tells every process of the group what Ctrl-C in its terminal would; where there is no such signal, ends them.
    pub fn interrupt(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        return self.child.signal(CTRL_C);
        #[cfg(not(unix))]
        self.stop().map(drop)
    }

    /// Ends every process of the group and waits for the leader.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        match self.child.start_kill() {
            // Somebody was quicker, or all have ended by themselves.
            Err(error) if error.raw_os_error() != Some(NO_SUCH_PROCESS) => return Err(error),
            _ => {}
        }
        self.child.wait()
    }
}

const NO_SUCH_PROCESS: i32 = 3;

#[cfg(unix)]
const CTRL_C: i32 = 2;

impl Drop for Group {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("could not stop a process that was started: {error}");
        }
    }
}
