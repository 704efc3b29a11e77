//! A Windows of our own: wine with a folder of its own, set to Windows 10.

use std::{
    env, fs,
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
    /// Begins, with these programs on its path.
    pub(crate) fn begin(
        folder: &Path,
        bin: &Path,
        bridge: Bridge,
        random: &Path,
    ) -> Result<Self, Trouble> {
        let mut wine =
            Self { folder: folder.to_owned(), bin: bin.to_owned(), bridge, keeper: None };
        if !folder.join("system.reg").is_file() {
            files::create_folder(folder)?;
            call::must_succeed(&mut wine.command("wineboot.exe", folder))?;
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
        call::must_succeed(wine.command("winecfg.exe", folder).args(["-v", "win10"]))?;
        Ok(wine)
    }

    /// A program of Windows, in this folder. Of our own environment it sees what wine needs.
    pub(crate) fn command(&self, program: impl AsRef<Path>, folder: &Path) -> Command {
        let mut command = Command::new("wine");
        command
            .arg(program.as_ref())
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", env::var_os("HOME").unwrap_or_default())
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
        let mut end = Command::new("wineserver");
        // It may have ended by itself.
        end.arg("-k").env("WINEPREFIX", &self.folder).status().ok();
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
