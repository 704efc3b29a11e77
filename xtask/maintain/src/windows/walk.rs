//! What a learner does, done as Windows programs; each thing that goes otherwise than it should is told at once.

use std::{
    fmt::Display,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{ChildStdout, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use xtask::{
    course::{Course, Step, Whose},
    files,
    process::{group::Group, lines, listening},
    trouble::Trouble,
    verdict::{Outcome, Verdict},
};

use super::prefix::{self, Said, Wine};

/// How long one call may take: a build is part of some.
pub(super) const LIMIT: Duration = Duration::from_mins(8);

/// How long something may take that builds nothing.
pub(super) const SHORT: Duration = Duration::from_secs(30);

/// How often to look where nothing tells.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// A learner's way through the workshop under wine.
pub(crate) struct Walk<'w> {
    pub(super) wine: &'w Wine,
    /// The clone, as seen from inside it.
    pub(super) course: &'w Course,
    /// `xtask.exe`.
    pub(super) program: &'w Path,
    /// How many things went otherwise than they should.
    pub(crate) wrong: usize,
}

impl<'w> Walk<'w> {
    /// In this clone, with this command line.
    pub(crate) fn new(wine: &'w Wine, course: &'w Course, program: &'w Path) -> Self {
        Self { wine, course, program, wrong: 0 }
    }

    /// The solutions' verdicts.
    pub(crate) fn solutions(&mut self) -> Result<Vec<Verdict>, Trouble> {
        let mut verdicts = Vec::new();
        for step in &self.course.steps {
            verdicts.extend(self.judged(step, &["--solutions", "--fresh"], Outcome::Solved)?);
        }
        Ok(verdicts)
    }

    /// Every starter fails its new checks, and no other.
    pub(crate) fn starters(&mut self) -> Result<(), Trouble> {
        for step in &self.course.steps {
            self.judged(step, &[], Outcome::NotStarted)?;
        }
        Ok(())
    }

    /// The verdict on the step. If it is not as it should be, it is made once more: a busy machine fails what depends on
    /// time, and wine then cannot always start a program.
    fn judged(
        &mut self,
        step: &Step,
        flags: &[&str],
        outcome: Outcome,
    ) -> Result<Option<Verdict>, Trouble> {
        let number = step.number.to_string();
        let ask = [&["verify", &number, "--json"], flags].concat();
        let mut said = self.xtask(&ask)?;
        if said.code != i32::from(outcome.exit_code()) {
            eprintln!("  once more:");
            said = self.xtask(&ask)?;
        }
        Ok(self.verdict(step, &said, outcome))
    }

    /// Verbs that change files, and those that only tell; gives the seconds from a save to its verdict.
    pub(crate) fn verbs(&mut self, step: &Step) -> Result<f64, Trouble> {
        let number = step.number.to_string();
        let main = step.folder(Whose::Learner).join("src").join("main.rs");
        let shown = format!("steps\\{}\\src\\main.rs", step.slug);
        let starter = files::read(&main)?;
        self.expect(&["hint", &number], 0, &[])?;
        self.expect(&["solution", &number, "--apply"], 0, &[&shown, ".workshop\\backups\\"])?;
        self.expect(&["verify", &number], 0, &["Solved: all"])?;
        let solved = files::read(&main)? + "// saved\n";
        files::write(&main, solved.as_bytes())?;
        let began = Instant::now();
        self.expect(&["verify", &number], 0, &["Solved: all"])?;
        let took = began.elapsed().as_secs_f64();
        files::write(&main, (solved.clone() + "fn\n").as_bytes())?;
        self.expect(&["verify", &number], 3, &["error"])?;
        files::write(&main, solved.as_bytes())?;
        self.expect(&["reset", &number], 0, &[&shown])?;
        self.same(&main, &starter, "reset")?;
        self.expect(&["reset", &number, "--undo"], 0, &[".workshop\\backups\\"])?;
        self.same(&main, &solved, "reset --undo")?;
        self.expect(&["reset", &number], 0, &[])?;
        self.expect(&["status"], 0, &["you are here", "main.rs"])?;
        self.expect(&["doctor"], 0, &["ok    rustc", "Ready."])?;
        self.expect(&["verify", "no-such-step"], 2, &["is not a step"])?;
        Ok(took)
    }

    /// A server that `run` has started answers, is not in the way of the next build, and ends with `run`, however that ends.
    pub(crate) fn run(&mut self, step: &Step) -> Result<(), Trouble> {
        let number = step.number.to_string();
        let main = step.folder(Whose::Learner).join("src").join("main.rs");
        let mut command = self.wine.command(self.program, &self.course.root);
        command.args(["run", &number]).env("PORT", "0").stdout(Stdio::piped());
        let lost = |error| Trouble::io("start", self.program, &error);
        let mut child = command.spawn().map_err(lost)?;
        let Some(port) = child.stdout.take().and_then(port_of) else {
            child.kill().map_err(lost)?;
            self.wrong(format!("`run {number}` does not listen"));
            return Ok(());
        };
        self.check(answers(port), "a server that `run` has started does not answer");
        touch(&main, "// while the server runs\n")?;
        self.expect(&["verify", &number], 1, &[])?;
        self.check(answers(port), "a build has ended the server that `run` has started");
        // Only it is killed: neither its server, nor the warden that it has started.
        child.kill().and_then(|()| child.wait()).map_err(lost)?;
        self.check(closes(port), "the server outlives `run`");
        Ok(())
    }

    /// The bridge refuses to overwrite a program that runs: without this, the walk would not notice if we did.
    pub(crate) fn program_in_use(&mut self, step: &Step) -> Result<(), Trouble> {
        let number = step.number.to_string();
        let main = step.folder(Whose::Learner).join("src").join("main.rs");
        let program = self.program.with_file_name(format!("{}.exe", step.package(Whose::Learner)));
        let mut command = self.wine.command(&program, &step.folder(Whose::Learner));
        command.env("PORT", "0").stdout(Stdio::piped());
        let mut group =
            Group::start_cargo(command).map_err(|error| Trouble::io("start", &program, &error))?;
        let listens = listening::wait(&mut group, SHORT).is_some();
        self.check(listens, "a server that was started by itself does not listen");
        touch(&main, "// while its program runs\n")?;
        self.expect(&["verify", &number], 4, &["os error 32"])?;
        group.stop().map_err(|error| Trouble::io("stop", &program, &error))?;
        self.expect(&["reset", &number], 0, &[])
    }

    fn xtask(&self, arguments: &[&str]) -> Result<Said, Trouble> {
        eprintln!("  xtask.exe {}", arguments.join(" "));
        let mut command = self.wine.command(self.program, &self.course.root);
        command.args(arguments);
        prefix::run(command, LIMIT)
    }

    /// What a call should end with and say. A verdict is made once more if it should not have come, as in `judged`.
    pub(super) fn expect(
        &mut self,
        arguments: &[&str],
        code: i32,
        words: &[&str],
    ) -> Result<(), Trouble> {
        let mut said = self.xtask(arguments)?;
        if said.code != code && arguments[0] == "verify" {
            eprintln!("  once more:");
            said = self.xtask(arguments)?;
        }
        let text = format!("{}\n{}", said.stdout, said.stderr);
        let lacks: Vec<_> = words.iter().filter(|words| !text.contains(**words)).collect();
        if said.code != code || !lacks.is_empty() {
            self.wrong(format!(
                "`{}`: exit {} instead of {code}, {lacks:?} missing in:\n{text}",
                arguments.join(" "),
                said.code
            ));
        }
        Ok(())
    }

    fn verdict(&mut self, step: &Step, said: &Said, outcome: Outcome) -> Option<Verdict> {
        let verdict = serde_json::from_str::<Verdict>(&said.stdout).ok();
        if verdict.as_ref().is_none_or(|verdict| verdict.outcome != outcome) {
            let failed = verdict.iter().flat_map(|verdict| &verdict.checks);
            let failed: Vec<_> =
                failed.filter(|check| !check.passed).map(|check| &check.name).collect();
            self.wrong(format!(
                "step {} is not {outcome:?}: exit {}, {failed:?}\n{}",
                step.number, said.code, said.stderr
            ));
        }
        verdict
    }

    fn same(&mut self, path: &Path, text: &str, after: &str) -> Result<(), Trouble> {
        let same = files::read(path)? == text;
        self.check(same, &format!("{} has changed otherwise after `{after}`", path.display()));
        Ok(())
    }

    pub(super) fn wrong(&mut self, what: impl Display) {
        eprintln!("WRONG  {what}\n");
        self.wrong += 1;
    }

    fn check(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.wrong(otherwise);
        }
    }
}

fn touch(path: &Path, line: &str) -> Result<(), Trouble> {
    files::write(path, (files::read(path)? + line).as_bytes())
}

fn answers(port: u16) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(SHORT))?;
        stream.write_all(b"GET /items HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        std::io::Result::Ok(response)
    };
    ask().is_ok_and(|response| response.starts_with("HTTP/1.1 "))
}

/// The port that a server says it listens on, once it does; what it prints then is read to its end.
pub(super) fn port_of(stdout: ChildStdout) -> Option<u16> {
    let (sender, ports) = mpsc::channel();
    thread::spawn(move || {
        lines::read(stdout, |line| {
            if let Some(port) = protocol::listening::parse(line).and_then(|address| address.port) {
                // Nobody asks for a second one.
                sender.send(port).ok();
            }
        });
    });
    ports.recv_timeout(LIMIT).ok()
}

/// Whether nobody listens there any more, soon.
pub(super) fn closes(port: u16) -> bool {
    let until = Instant::now() + SHORT;
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        if Instant::now() > until {
            return false;
        }
        #[expect(clippy::disallowed_methods, reason = "a port that closes tells nobody")]
        thread::sleep(LOOK);
    }
    true
}
