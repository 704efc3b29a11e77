//! A Windows of our own: wine with a folder of its own, set to Windows 10.

use std::{
    fs::{self, File},
    io::{self, PipeWriter, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use xtask::{
    files,
    process::{call, group::Group},
    trouble::Trouble,
};

use super::{bridge::Bridge, toolchain, translate};

/// How long wine may take to make its folder, or to change a setting.
const BEGINNING: Duration = Duration::from_mins(3);

/// How often to look where nothing tells.
const LOOK: Duration = Duration::from_millis(50);

/// A file in wine's folder, once all of it is there.
const WHOLE: &str = "whole";

/// What a program printed, and its exit code.
pub(crate) struct Said {
    /// -1 if it has none.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// Windows, as long as it lives.
pub(crate) struct Wine {
    folder: PathBuf,
    bin: PathBuf,
    bridge: Bridge,
    /// `cmd.exe`, which waits for its input to end; with the last program wine would end too, and begin again each time.
    keeper: Option<(Group, PipeWriter)>,
}

impl Wine {
    /// Begins, with these programs on its path. What an earlier run has left behind is ended, or made again.
    pub(crate) fn begin(
        folder: &Path,
        bin: &Path,
        bridge: Bridge,
        random: &Path,
    ) -> Result<Self, Trouble> {
        eprintln!("{}", Self::version()?);
        let mut wine =
            Self { folder: folder.to_owned(), bin: bin.to_owned(), bridge, keeper: None };
        wine.end();
        if !["system.reg", WHOLE].iter().all(|name| folder.join(name).is_file()) {
            if folder.exists() {
                fs::remove_dir_all(folder)
                    .map_err(|error| Trouble::io("remove", folder, &error))?;
            }
            files::create_folder(folder)?;
            wine.set_up(&["wineboot.exe"])?;
            files::write(&folder.join(WHOLE), b"")?;
        }
        let system = folder.join("drive_c").join("windows").join("system32");
        let library = system.join("bcryptprimitives.dll");
        fs::copy(random, &library).map_err(|error| Trouble::io("write", &library, &error))?;
        let (input, writer) = io::pipe().map_err(|error| Trouble::io("keep", folder, &error))?;
        let mut keeper = wine.command("cmd.exe", folder);
        keeper.stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
        let group = Group::start_cargo(keeper);
        let group = group.map_err(|error| Trouble::io("start wine in", folder, &error))?;
        wine.keeper = Some((group, writer));
        wine.set_up(&["winecfg.exe", "-v", "win10"])?;
        Ok(wine)
    }

    /// Runs a program of wine's own, but not for ever. The services that it starts keep what it prints to open, so that is a
    /// file.
    fn set_up(&self, call: &[&str]) -> Result<(), Trouble> {
        let path = self.folder.with_extension("log");
        let log = File::create(&path).map_err(|error| Trouble::io("write", &path, &error))?;
        let mut command = self.command(call[0], &self.folder);
        command.args(&call[1..]).stdout(Stdio::null()).stderr(log);
        let mut child = command.spawn().map_err(|error| call::could_not_start(&command, &error))?;
        let failed = |error: io::Error| Trouble::io("wait for", Path::new(call[0]), &error);
        let until = Instant::now() + BEGINNING;
        let ended = loop {
            match child.try_wait().map_err(failed)? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => break status.to_string(),
                None if Instant::now() > until => break format!("no end in {BEGINNING:?}"),
                #[expect(clippy::disallowed_methods, reason = "a child that ends tells nobody")]
                None => thread::sleep(LOOK),
            }
        };
        // It may have ended by itself.
        child.kill().ok();
        let log = files::read(&path)?;
        Err(Trouble::Environment(format!("wine's {} failed: {ended}\n{log}", call.join(" "))))
    }

    /// Ends every program of this Windows.
    fn end(&self) {
        let mut end = Command::new("wineserver");
        end.arg("-k").env("WINEPREFIX", &self.folder).stderr(Stdio::null());
        // There may be none.
        end.status().ok();
    }

    /// A program of Windows, in this folder. Of our own environment it sees what wine needs.
    pub(crate) fn command(&self, program: impl AsRef<Path>, folder: &Path) -> Command {
        let mut command = Command::new("wine");
        command
            .arg(program.as_ref())
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            // Ours may be closed to us, and is none of its business.
            .env("HOME", &self.folder)
            .env("LANG", "C.UTF-8")
            .env("WINEPREFIX", &self.folder)
            .env("WINEDEBUG", "-all")
            // It would ask to download them, or make menus.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=")
            .env("WINEPATH", windows(&self.bin))
            .env("CARGO", windows(&self.bin.join("cargo.exe")))
            .env("WORKSHOP_BRIDGE_PORT", self.bridge.port.to_string())
            .env("WORKSHOP_BRIDGE_SECRET", &self.bridge.secret)
            .stdin(Stdio::null());
        command
    }

    /// What rustc has warned of, when programs under wine asked cargo to compile.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.bridge.warnings()
    }

    /// What it says first when asked for its version.
    pub(crate) fn version() -> Result<String, Trouble> {
        toolchain::first_line("wine", "--version")
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        self.keeper = None;
        self.end();
    }
}

fn windows(path: &Path) -> String {
    translate::to_windows(&path.to_string_lossy())
}

/// Waits for the program's end, but not for ever.
pub(crate) fn run(mut command: Command, limit: Duration) -> Result<Said, Trouble> {
    let shown = format!("{command:?}");
    let failed = |error: io::Error| Trouble::Environment(format!("{shown}: {error}"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::start_cargo(command).map_err(failed)?;
    let (sender, ended) = mpsc::channel();
    for (number, stream) in
        [boxed(group.take_stdout()), boxed(group.take_stderr())].into_iter().enumerate()
    {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before an error is what there is.
            stream.and_then(|mut stream| stream.read_to_end(&mut bytes).ok());
            // Nobody waits once the limit is over.
            sender.send((number, String::from_utf8_lossy(&bytes).into_owned())).ok();
        });
    }
    drop(sender);
    let until = Instant::now() + limit;
    let mut texts = [String::new(), String::new()];
    loop {
        match ended.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok((number, text)) => texts[number] = text,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                group.stop().map_err(failed)?;
                return Err(Trouble::Environment(format!("{shown} did not end in {limit:?}")));
            }
        }
    }
    let code = group.wait().map_err(failed)?.code().unwrap_or(-1);
    let [stdout, stderr] = texts;
    Ok(Said { code, stdout, stderr })
}

fn boxed(stream: Option<impl Read + Send + 'static>) -> Option<Box<dyn Read + Send>> {
    stream.map(|stream| Box::new(stream) as Box<dyn Read + Send>)
}
