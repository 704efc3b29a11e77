//! Other people's tools, from the crates' registry.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use xtask::{
    process::{call, compile},
    trouble::Trouble,
};

use crate::bench::copy::{clear, finish};

/// A tool that is installed by cargo.
pub(super) struct Peer {
    pub(super) package: &'static str,
    pub(super) version: &'static str,
    program: &'static str,
}

pub(super) const RUSTLINGS: Peer =
    Peer { package: "rustlings", version: "6.5.0", program: "rustlings" };

pub(super) const RUNNER: Peer =
    Peer { package: "workshop-runner", version: "0.2.5", program: "wr" };

impl Peer {
    /// Installs it below `folder`, unless it is there, and gives the program.
    pub(super) fn install(&self, folder: &Path) -> Result<PathBuf, Trouble> {
        let root = folder.join(self.package);
        call::must_succeed(self.cargo_install(&root).stdout(Stdio::inherit()))?;
        Ok(root.join("bin").join(self.program))
    }

    /// How long it takes with all of its crates downloaded and nothing compiled.
    pub(super) fn time_install(&self, folder: &Path) -> Result<Duration, Trouble> {
        let (root, target) = (folder.join("installed"), folder.join("install-target"));
        clear(&root)?;
        clear(&target)?;
        let mut install = self.cargo_install(&root);
        install.arg("--offline").arg("--target-dir").arg(&target);
        let began = Instant::now();
        finish(install, &[0])?;
        let took = began.elapsed();
        clear(&root)?;
        clear(&target)?;
        Ok(took)
    }

    fn cargo_install(&self, root: &Path) -> Command {
        let mut command = Command::new(compile::cargo());
        command
            .args(["install", "--locked", self.package, "--version", self.version, "--root"])
            .arg(root)
            .env_remove("CARGO_TARGET_DIR")
            .stdin(Stdio::null());
        command
    }
}
