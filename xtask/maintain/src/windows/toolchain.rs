//! Debian's Rust, which brings the sources of the standard library, so that it compiles for Windows without rustup.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use xtask::{course::Course, process::call, trouble::Trouble};

const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";

/// Where its standard library's sources are.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// What links for Windows.
pub(crate) const LINKER: &str = "x86_64-w64-mingw32-gcc";

/// Makes the file that Microsoft's archiver would make; the others are not looked for.
const EMPTY_ARCHIVE: &str =
    r#"for argument do case $argument in -out:*) : > "${argument#-out:}" ;; esac; done"#;

/// What it compiles for.
pub(crate) const TARGET: &str = "x86_64-pc-windows-gnu";

/// The packages that have all of it.
pub(crate) const PACKAGES: &str =
    "cargo-web rustc-web rust-web-src gcc-mingw-w64-x86-64 wine wine64";

/// Debian's cargo, with a target folder for all that is built for Windows.
#[derive(Clone)]
pub(crate) struct Toolchain {
    target: PathBuf,
}

impl Toolchain {
    /// Fails where it is missing, or older than what the workshop needs.
    pub(crate) fn find(course: &Course, target: &Path) -> Result<Self, Trouble> {
        let (found, needed) = (rustc_version()?, course.rust_version()?);
        eprintln!("Debian's {found}; the workshop needs {needed} or newer");
        if numbers(&found) < numbers(&needed) {
            return Err(Trouble::Environment(format!(
                "Debian's {found} is older than the {needed} of Cargo.toml's `rust-version`"
            )));
        }
        if !Path::new(SOURCES).is_file() {
            return Err(missing(&Trouble::Environment(format!("{SOURCES} is not there"))));
        }
        Ok(Self { target: target.to_owned() })
    }

    /// `cargo` as it is, for what builds nothing.
    pub(crate) fn plain(&self, program: &str) -> Command {
        self.with(Path::new(if program == "rustc" { RUSTC } else { CARGO }))
    }

    /// The same for a program that calls cargo.
    fn with(&self, program: &Path) -> Command {
        let mut call = Command::new(program);
        // What the caller's own toolchain has set is not meant for this one.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("RUST") || text.starts_with("CARGO") && text != "CARGO_HOME" {
                call.env_remove(name);
            }
        }
        call.env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER)
            // Nothing is debugged there, and nearly everything is built once.
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            // For a Mac it would take rust-objcopy, which Debian's rustc has not.
            .env("CARGO_PROFILE_DEV_STRIP", "none")
            .env("CARGO_INCREMENTAL", "0");
        call
    }

    /// `cargo VERB` for these targets.
    pub(crate) fn build(&self, verb: &str, targets: &[&str]) -> Command {
        let mut call = self.plain("cargo");
        call.args([verb, "-Zbuild-std"]);
        for target in targets {
            call.args(["--target", target]);
        }
        call
    }

    /// `cargo check` for targets that have no assembler here. It reads no object files, so nothing has to be in the archive
    /// that the build script of one of the book's crates assembles: a few lines for each processor.
    pub(crate) fn check(&self, targets: &[&str]) -> Command {
        let mut call = self.build("check", targets);
        for target in targets {
            let target = target.replace('-', "_");
            call.env(format!("CC_{target}"), "true")
                .env(format!("AR_{target}"), "sh")
                .env(format!("ARFLAGS_{target}"), format!("-c '{EMPTY_ARCHIVE}' ar"));
        }
        // A folder, so that Apple's is not looked for.
        call.env("CC_SHELL_ESCAPED_FLAGS", "1").env("SDKROOT", &self.target);
        call
    }

    /// `cargo VERB` by way of cargo-zigbuild, which links with zig; both are packages of this Python.
    pub(crate) fn zig(&self, verb: &str, target: &str, python: &Path) -> Command {
        let mut call = self.with(&python.with_file_name("cargo-zigbuild"));
        call.args([verb, "-Zbuild-std", "--target", target])
            .env("CARGO", CARGO)
            .env("CARGO_ZIGBUILD_PYTHON_PATH", python)
            .env("CARGO_ZIGBUILD_CACHE_DIR", self.target.join("zigbuild"))
            .env("ZIG_GLOBAL_CACHE_DIR", self.target.join("zig"));
        call
    }
}

/// The line of `rustc --version`.
pub(crate) fn rustc_version() -> Result<String, Trouble> {
    first_line(RUSTC, "--version")
}

/// What a program says first when asked for its version.
pub(crate) fn first_line(program: &str, argument: &str) -> Result<String, Trouble> {
    let mut ask = Command::new(program);
    let said = call::output(ask.arg(argument)).map_err(|trouble| missing(&trouble))?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    said.lines().next().map(str::to_owned).ok_or_else(|| {
        Trouble::Environment(format!(
            "`{program} {argument}` prints nothing, so it is not installed"
        ))
    })
}

/// A program of these packages is not there.
pub(crate) fn missing(trouble: &Trouble) -> Trouble {
    Trouble::Environment(format!(
        "{trouble}\nNext:  sudo apt-get install --no-install-recommends {PACKAGES}"
    ))
}

/// `rustc 1.96.0 (…)` and `1.95` as numbers that compare.
fn numbers(version: &str) -> Vec<u32> {
    let number = version.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number.unwrap_or_default().split('.').map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("rustc 1.100.0 (ac68faa20)") > numbers("1.95"));
        assert!(numbers("rustc 1.85.0 (4d91de4e4)") < numbers("1.95"));
        assert!(numbers("rustc 1.95.0") >= numbers("1.95"));
    }
}
