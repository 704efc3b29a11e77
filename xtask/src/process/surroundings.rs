//! What decides beside the sources what cargo makes of them: the toolchain, the environment, cargo's configuration, the
//! workspace's manifests.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{
    files,
    process::stamp::{Stamp, hash_files},
};

/// Cargo sets them for each crate that it compiles, whatever they were before; rustup counts its own calls.
const SET_BY_CARGO: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "RUST_RECURSION_COUNT"];

/// All of it at one moment.
pub(super) struct Surroundings(String);

impl Surroundings {
    /// What decides now over a cargo call with these arguments; nothing if that cannot be told for certain.
    pub(super) fn now(root: &Path, arguments: &[&str]) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        (root, arguments).hash(&mut hasher);
        hash_files(root, &[root.join("Cargo.toml"), root.join("Cargo.lock")], &mut hasher);
        for (name, value) in env::vars_os() {
            let text = name.to_string_lossy();
            let is_theirs = text.starts_with("CARGO") || text.starts_with("RUST");
            if is_theirs && !SET_BY_CARGO.iter().any(|start| text.starts_with(start)) {
                (name, value).hash(&mut hasher);
            }
        }
        for tool in tools()? {
            (Stamp::of(&tool), tool).hash(&mut hasher);
        }
        let configuration = configuration(root)?;
        hash_files(root, &configuration, &mut hasher);
        Some(Self(format!("{:016x}", hasher.finish())))
    }

    /// As one hash with the values of these variables, which the code or a build script asks for.
    pub(super) fn with(&self, variables: &[String]) -> String {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        for name in variables.iter().filter(|name| !name.starts_with("CARGO")) {
            (name, env::var_os(name)).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }
}

/// Cargo, the compilers that it may call, and what decides which: a toolchain that is updated has new ones.
fn tools() -> Option<Vec<PathBuf>> {
    // Without the variable it is a cargo on the path, and who knows which.
    let cargo = PathBuf::from(env::var_os("CARGO").filter(|cargo| Path::new(cargo).is_absolute())?);
    let rustc = format!("rustc{}", env::consts::EXE_SUFFIX);
    let mut tools = vec![cargo.with_file_name(&rustc), cargo];
    tools.extend(on_path(&rustc));
    for name in ["RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        tools.extend(env::var_os(name).and_then(|value| on_path(&value.to_string_lossy())));
    }
    let rustup = home_of("RUSTUP_HOME", ".rustup")?;
    tools.push(rustup.join("settings.toml"));
    if let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") {
        tools.push(rustup.join("toolchains").join(toolchain).join("bin").join(&rustc));
    }
    tools.extend(files::in_folder(&rustup.join("update-hashes")).unwrap_or_default());
    Some(tools)
}

/// Cargo's own configuration and rustup's choices, from the workspace upwards. Nothing if one includes others.
fn configuration(root: &Path) -> Option<Vec<PathBuf>> {
    let above = |name: &'static str| root.ancestors().map(move |folder| folder.join(name));
    let configs = [".cargo/config.toml", ".cargo/config"].into_iter().flat_map(above);
    let home = home_of("CARGO_HOME", ".cargo")?;
    let mut found: Vec<PathBuf> = configs.collect();
    found.extend(["config.toml", "config"].map(|name| home.join(name)));
    found.retain(|path| path.is_file());
    if found
        .iter()
        .any(|path| !fs::read_to_string(path).is_ok_and(|text| !text.contains("include")))
    {
        return None;
    }
    let choices = ["rust-toolchain.toml", "rust-toolchain"].into_iter().flat_map(above);
    found.extend(choices.filter(|path| path.is_file()));
    Some(found)
}

/// A folder that a variable names, or the one of this name in the home folder.
fn home_of(variable: &str, name: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).filter(|value| !value.is_empty());
    named.map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(name)))
}

/// The first program of this name on the path; a path is one itself.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders: Vec<PathBuf> =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}
