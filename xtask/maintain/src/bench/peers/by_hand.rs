//! What is called by hand after each save, workshop-runner and bare cargo: on our step 4, moved to where workshop-runner
//! looks for exercises.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use xtask::{
    files,
    process::{call, compile},
    trouble::Trouble,
};

use crate::bench::{
    copy::{Bench, STEP, copy_workshop},
    peers::change::{Change, Program},
};

/// Folders' names as it wants them.
const CHAPTER: &str = "01_steps";
const EXERCISE: &str = "04_authorize_button";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// `cargo build`
    Build,
    /// `cargo test`, which runs our checks as well
    Test,
    /// `wr check`: it has no watch of its own
    Runner,
}

pub(super) struct ByHand {
    folder: PathBuf,
    target: PathBuf,
    wr: PathBuf,
    program: Program,
}

impl ByHand {
    pub(super) fn set_up(bench: &Bench, wr: &Path, like: &Program) -> Result<Self, Trouble> {
        let root = bench.folder.join("runner");
        copy_workshop(&bench.copy.root, &root, &[".cargo", "solutions", "steps", "xtask"])?;
        let steps = root.join("steps");
        let slug = &bench.copy.step(STEP)?.slug;
        // The checks include others from the folders beside them, and look for their snapshots in `steps`.
        let chapter = root.join(CHAPTER);
        copy_folder(&steps, &chapter)?;
        let folder = chapter.join(EXERCISE);
        copy_folder(&steps.join(slug), &folder)?;
        copy_folder(&steps.join(slug), &steps.join(EXERCISE))?;
        let manifest = root.join("Cargo.toml");
        let member = format!("\"{CHAPTER}/{EXERCISE}\"");
        let members = files::read(&manifest)?.replace(&format!("\"steps/{slug}\""), &member);
        files::write(&manifest, members.as_bytes())?;
        files::write(&root.join(".wr.toml"), b"exercises_dir = \".\"\n")?;
        call::must_succeed(Command::new("git").args(["init", "--quiet"]).current_dir(&root))?;
        let program = Program {
            path: folder.join("src").join("main.rs"),
            text: like.text.clone(),
            fault: like.fault,
        };
        // The crates of others that it needs are compiled there already.
        Ok(Self { folder, target: bench.folder.join("bare"), wr: wr.to_owned(), program })
    }

    /// From the save to the end of the call.
    pub(super) fn time_save(
        &self,
        tool: Tool,
        change: Change,
        number: usize,
    ) -> Result<Duration, Trouble> {
        let mut command = match tool {
            Tool::Build | Tool::Test => Command::new(compile::cargo()),
            Tool::Runner => Command::new(&self.wr),
        };
        command
            .arg(match tool {
                Tool::Build => "build",
                Tool::Test => "test",
                Tool::Runner => "check",
            })
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let began = Instant::now();
        self.program.save(change, number)?;
        let output = call::output(&mut command)?;
        let time = began.elapsed();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if output.status.success() == tool.succeeds(change) && said.contains(tool.words(change)) {
            return Ok(time);
        }
        Err(Trouble::Environment(format!(
            "after a save that is {}, {command:?} ended with {}:\n{said}",
            change.name(),
            output.status
        )))
    }
}

impl Tool {
    fn succeeds(self, change: Change) -> bool {
        change == Change::Passes || (self == Self::Build && change == Change::Fails)
    }

    /// What it says then, among other things.
    fn words(self, change: Change) -> &'static str {
        match (self, change) {
            (_, Change::DoesNotCompile) => "could not compile",
            (Self::Build, _) => "Finished",
            (Self::Test, Change::Passes) => "test result: ok",
            (Self::Runner, Change::Passes) => "🚀",
            (_, Change::Fails) => "FAILED",
        }
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Trouble> {
    for file in files::below(from)? {
        let copy = to.join(file.strip_prefix(from).expect("it was listed below `from`"));
        files::create_folder(copy.parent().unwrap_or(to))?;
        fs::copy(&file, &copy).map_err(|error| Trouble::io("copy", &file, &error))?;
    }
    Ok(())
}
