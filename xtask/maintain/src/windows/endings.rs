//! A call that ends before its time, as a Windows program: nothing is left of what it has started.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread,
    time::Instant,
};

use xtask::{
    course::{Step, Whose},
    files,
    trouble::Trouble,
};

use super::{
    translate,
    walk::{LIMIT, LOOK, SHORT, Walk, closes, port_of},
};

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    CtrlC,
    Killed,
}

/// What a call gives that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// A server that starts itself once more; that one calls the port PORT, and holds on. The console's keys do not reach it:
/// this number makes it the first of a group.
const SERVER: &str = r#"//! A server that starts itself once more.
use std::{
    env, io::Read, net::{TcpListener, TcpStream}, os::windows::process::CommandExt, process::Command,
};

fn main() {
    if env::args().count() > 1 {
        let mut held = TcpStream::connect("127.0.0.1:PORT").expect("somebody listens");
        held.read(&mut [0]).expect("nothing comes");
        return;
    }
    let this = env::current_exe().expect("it has a name");
    Command::new(this).arg("once more").creation_flags(0x200).spawn().expect("it can be started");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    println!("Listening on http://{}", listener.local_addr().expect("it is bound"));
    listener.incoming().for_each(drop);
}
"#;

impl Walk<'_> {
    /// `run` is ended in these ways, while its server and a process that this has started run. `console` runs a program in
    /// a console of its own, and presses Ctrl-C there.
    pub(crate) fn endings(&mut self, step: &Step, console: &Path) -> Result<(), Trouble> {
        let main = step.folder(Whose::Learner).join("src").join("main.rs");
        let lost = |error| Trouble::io("listen for what is in", &main, &error);
        let callers = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(lost)?;
        callers.set_nonblocking(true).map_err(lost)?;
        let port = callers.local_addr().map_err(lost)?.port();
        files::write(&main, SERVER.replace("PORT", &port.to_string()).as_bytes())?;
        for ending in [Ending::CtrlC, Ending::Killed] {
            eprintln!("  {ending:?}");
            if let Err(why) = self.ends(ending, step, console, &callers)? {
                self.wrong(format!("{ending:?}: {why}"));
            }
        }
        self.expect(&["reset", &step.number.to_string()], 0, &[])
    }

    /// Says what is wrong about this end.
    fn ends(
        &self,
        ending: Ending,
        step: &Step,
        console: &Path,
        callers: &TcpListener,
    ) -> Result<Result<(), &'static str>, Trouble> {
        let number = step.number.to_string();
        let mut command = if ending == Ending::CtrlC {
            let program = translate::to_windows(&self.program.to_string_lossy());
            let mut command = self.wine.command(console, &self.course.root);
            command.arg(format!("\"{program}\" run {number}"));
            command
        } else {
            let mut command = self.wine.command(self.program, &self.course.root);
            command.args(["run", &number]);
            command
        };
        command.env("PORT", "0").stdin(Stdio::piped()).stdout(Stdio::piped());
        let lost = |error| Trouble::io("start", self.program, &error);
        let mut call = command.spawn().map_err(lost)?;
        let (Some(port), Some(child)) = (call.stdout.take().and_then(port_of), caller(callers))
        else {
            call.kill().and_then(|()| call.wait()).map_err(lost)?;
            return Ok(Err("its server does not listen, or does not start a process"));
        };
        match &mut call.stdin {
            Some(key) if ending == Ending::CtrlC => key.write_all(b"x"),
            _ => call.kill(),
        }
        .map_err(lost)?;
        let left = !is_gone(child);
        let (code, listens) = (code(&mut call).map_err(lost)?, !closes(port));
        Ok(if listens {
            Err("the server is left")
        } else if left {
            Err("what the server has started is left")
        } else if ending == Ending::CtrlC && code != Some(INTERRUPTED) {
            Err("its exit code says that it was not interrupted")
        } else {
            Ok(())
        })
    }
}

/// The next one that calls, soon.
fn caller(callers: &TcpListener) -> Option<TcpStream> {
    let until = Instant::now() + LIMIT;
    while Instant::now() < until {
        if let Ok((caller, _)) = callers.accept() {
            return Some(caller);
        }
        #[expect(clippy::disallowed_methods, reason = "a listener has no limit of its own")]
        thread::sleep(LOOK);
    }
    None
}

/// Whether the process at the other end ends, soon.
fn is_gone(mut caller: TcpStream) -> bool {
    let set = caller.set_nonblocking(false).and_then(|()| caller.set_read_timeout(Some(SHORT)));
    match set.and_then(|()| caller.read(&mut [0])) {
        Ok(read) => read == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

/// The exit code, if it ends soon; killed if not.
fn code(call: &mut Child) -> std::io::Result<Option<i32>> {
    let until = Instant::now() + SHORT;
    while Instant::now() < until {
        if let Some(status) = call.try_wait()? {
            return Ok(status.code());
        }
        #[expect(clippy::disallowed_methods, reason = "a child that ends tells nobody")]
        thread::sleep(LOOK);
    }
    call.kill().and_then(|()| call.wait()).map(|status| status.code())
}
