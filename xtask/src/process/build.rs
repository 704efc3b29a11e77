//! One build: what was there before, what cargo says of it, and what is remembered.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{
    course::{Course, Step, Whose, made_of},
    process::{
        built::Sources,
        cargo_messages::{Artifact, Message, RustcError},
        compiled::{Before, Record, arguments},
        machine,
    },
    trouble::Trouble,
};

/// What cargo made of a step.
pub enum Compiled {
    /// Both executables.
    Ready(Programs),
    /// rustc refuses the learner's code.
    Refused {
        /// Its words, with colours.
        text: String,
        /// The same, error by error.
        errors: Vec<RustcError>,
    },
}

/// The executables of a step or a solution.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The server.
    pub server: PathBuf,
    /// The checks.
    pub checks: PathBuf,
}

/// How all is before cargo is called.
pub(super) struct Start {
    course: Course,
    step: Step,
    whose: Whose,
    pub(super) sources: Sources,
    record: Record,
    before: Before,
}

impl Start {
    /// Of a call that begins now.
    pub(super) fn now(course: &Course, step: &Step, whose: Whose) -> Result<Self, Trouble> {
        let package = step.package(whose);
        let arguments = arguments(&package);
        Ok(Self {
            course: course.clone(),
            step: step.clone(),
            whose,
            sources: Sources::now(course, step, whose)?,
            record: Record::load(course, &arguments),
            before: Before::now(course, &arguments),
        })
    }

    /// The programs that are there, if cargo would build nothing.
    pub(super) fn unchanged(&self) -> Option<Programs> {
        let package = self.step.package(self.whose);
        let [server, checks] =
            self.record.programs(&self.course, &self.before, [&package, "verify"])?;
        Some(Programs { server, checks })
    }

    /// Whether the sources are as they were.
    pub(super) fn is_still_true(&self) -> Result<bool, Trouble> {
        Ok(Sources::now(&self.course, &self.step, self.whose)? == self.sources)
    }
}

/// What cargo has said so far.
#[derive(Default)]
pub(super) struct Build {
    server: Option<PathBuf>,
    checks: Option<PathBuf>,
    made: Vec<Artifact>,
    /// The folders of build scripts that have run.
    scripts: Vec<PathBuf>,
    refused: String,
    errors: Vec<RustcError>,
    /// Errors that are about no code of the learner's.
    ours: String,
    pub(super) success: bool,
    /// On standard error.
    pub(super) said: String,
}

impl Build {
    /// Takes in a line of JSON.
    pub(super) fn read(&mut self, line: &str, package: &str, folder: &Path) {
        match Message::parse(line) {
            Some(Message::Artifact(artifact)) => {
                match &artifact.executable {
                    Some(path) if artifact.target.name == package => {
                        self.server = Some(path.clone())
                    }
                    Some(path) if artifact.target.name == "verify" => {
                        self.checks = Some(path.clone())
                    }
                    _ => {}
                }
                self.made.push(artifact);
            }
            Some(Message::Script { out_dir }) => self.scripts.push(out_dir),
            Some(Message::Finished { success }) => self.success = success,
            Some(Message::Diagnosed { target, message }) if message.is_error() => {
                let learners = target.is_program_of(package) && message.concerns_code(folder);
                let text = if learners { &mut self.refused } else { &mut self.ours };
                // A macro that copies its function makes rustc say the same twice.
                if !text.contains(message.rendered()) {
                    text.push_str(message.rendered());
                }
                if learners {
                    self.errors.extend(message.error());
                }
            }
            _ => {}
        }
    }

    /// Whether there is a server.
    pub(super) fn is_good(&self) -> bool {
        self.success && self.server.is_some()
    }

    /// Remembers what cargo has made of the sources. It is `false` if it has to be called again: it has left something as
    /// it was that may be of other sources, which counts as changed from now on.
    pub(super) fn settle(&self, start: &Start) -> Result<bool, Trouble> {
        let doubtful = self.doubtful(start);
        for artifact in &doubtful {
            if let Some(path) = artifact.path() {
                make_newer(&artifact.target.src_path, path)?;
            }
        }
        Ok(doubtful.is_empty() && self.remember(start)?)
    }

    /// What cargo did not compile, since it had it, although it may be of other sources. The step's own server has to be
    /// known to be of these.
    fn doubtful(&self, start: &Start) -> Vec<&Artifact> {
        let Start { course, step, whose, sources, record, .. } = start;
        let folder = step.folder(*whose);
        let server = self.server.as_deref();
        let is_known = server.is_some_and(|server| record.is_of(&sources.compiled, server));
        let fresh = self.made.iter().filter(|artifact| artifact.fresh && artifact.is_ours());
        let is_doubtful = |artifact: &&Artifact| {
            if artifact.is_of_package_in(&folder) {
                !is_known
            } else {
                record.contradicts(course, artifact)
            }
        };
        fresh.filter(is_doubtful).collect()
    }

    /// It is `false` if rustc has read a file for the server that is not among the sources: then it is known from now
    /// on, and who can say what was in it?
    fn remember(&self, start: &Start) -> Result<bool, Trouble> {
        let Start { course, step, whose, sources, record: old, before } = start;
        let mut record = Record::of(course, before, &self.made, &self.scripts);
        let known = made_of::compiled(step, *whose)?;
        let server = self.server.as_deref().unwrap_or(Path::new(""));
        let read = record.files_of(server).iter().filter(|path| !known.contains(path));
        record.also = read.cloned().collect();
        let all_known = record.also == old.also;
        if all_known {
            record.sources.clone_from(&sources.compiled);
        } else {
            record.doubt();
        }
        record.keep(course, &arguments(&step.package(*whose)))?;
        Ok(all_known)
    }

    /// What has come of it.
    pub(super) fn conclude(self, step: &Step, whose: Whose) -> Result<Compiled, Trouble> {
        let package = step.package(whose);
        if self.success && self.server.is_none() && whose == Whose::Learner {
            return Err(Trouble::Environment(format!(
                "{package} has no src/main.rs, so there is no server to start.\n\
                 Next:  cargo xtask reset {:02}   (it puts our starter there)",
                step.number
            )));
        }
        if let (true, Some(server), Some(checks)) = (self.success, self.server, self.checks) {
            return Ok(Compiled::Ready(Programs { server, checks }));
        }
        if !self.refused.is_empty() {
            return Ok(Compiled::Refused { text: self.refused, errors: self.errors });
        }
        let said = format!("{}\n{}", self.ours.trim_end(), self.said.trim_end());
        Err(Trouble::Environment(machine::fault(&package, &said)))
    }
}

/// Remembers the result of a build that nobody waited for, if it is certain; otherwise the next one is a build again.
pub(super) fn remember(start: &Start, lines: &[String]) {
    let mut build = Build::default();
    let (package, folder) = (start.step.package(start.whose), start.step.folder(start.whose));
    for line in lines {
        build.read(line, &package, &folder);
    }
    if build.is_good()
        && start.is_still_true().is_ok_and(|still| still)
        && build.doubtful(start).is_empty()
    {
        build.remember(start).ok();
    }
}

/// Makes cargo see that the file has changed since this program was built, even where clocks are coarse or were set
/// back; it relies on the time alone.
pub(super) fn make_newer(source: &Path, program: &Path) -> Result<(), Trouble> {
    let time = |path| fs::metadata(path).and_then(|data| data.modified());
    let built = time(program).unwrap_or(SystemTime::UNIX_EPOCH);
    if time(source).is_ok_and(|time| time > built) {
        // A call in another terminal has done it.
        return Ok(());
    }
    let now = SystemTime::now().max(built + Duration::from_secs(1));
    let file = File::options().append(true).open(source);
    file.and_then(|file| file.set_modified(now))
        .map_err(|error| Trouble::io("set the time of", source, &error))
}
