//! What rustc has read for something that it built, as it says itself in a file beside it.

use std::{
    env::consts::EXE_EXTENSION,
    fs,
    path::{Path, PathBuf},
};

/// The files and the environment variables that were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DepInfo {
    pub(super) files: Vec<PathBuf>,
    pub(super) variables: Vec<String>,
}

impl DepInfo {
    /// That of a program or a library that cargo has built in the workspace at `root`, if it can be found.
    pub(super) fn of(root: &Path, artifact: &Path) -> Option<Self> {
        let text = fs::read_to_string(list(artifact)?).ok()?;
        let files: Vec<PathBuf> = paths_in(&text).map(|path| root.join(path)).collect();
        let variables = text.lines().filter_map(|line| line.strip_prefix("# env-dep:"));
        let name = |line: &str| line.split_once('=').map_or(line, |(name, _)| name).to_owned();
        let variables = variables.map(name).collect();
        (!files.is_empty()).then_some(Self { files, variables })
    }
}

/// `deps/verify-5e87.d` is about `deps/verify-5e87` and `deps/libverify-5e87.rlib`. What cargo has put into the folder above
/// has lost its number: then it is the newest list with the like of it beside it.
fn list(artifact: &Path) -> Option<PathBuf> {
    let folder = artifact.parent()?;
    let stem = artifact.file_stem()?.to_string_lossy();
    let is_library = artifact.extension().is_some_and(|kind| kind == "rlib");
    let stem = if is_library { stem.strip_prefix("lib")? } else { &stem };
    if folder.ends_with("deps") {
        return Some(folder.join(format!("{stem}.d")));
    }
    let start = format!("{}-", stem.replace('-', "_"));
    let lists = fs::read_dir(folder.join("deps")).ok()?.filter_map(|entry| {
        let entry = entry.ok()?;
        // There are thousands of others.
        let name = entry.file_name().into_string().ok()?;
        let name = name.strip_suffix(".d").filter(|name| name.starts_with(&start))?;
        let (path, number) = (entry.path(), name.strip_prefix(&start)?);
        let beside = if is_library {
            path.with_file_name(format!("lib{name}.rlib"))
        } else {
            path.with_extension(EXE_EXTENSION)
        };
        (!number.contains('-') && beside.is_file()).then_some(path)
    });
    lists.max_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok())
}

/// The paths after the colon of the first line, with a backslash before every space in them.
fn paths_in(text: &str) -> impl Iterator<Item = String> {
    let line = text.lines().next().unwrap_or_default();
    let list = line.split_once(": ").map_or("", |(_, list)| list).replace("\\ ", "\0");
    let paths: Vec<String> = list.split_whitespace().map(|path| path.replace('\0', " ")).collect();
    paths.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn paths_may_have_spaces_and_drives() {
        let paths = |text| paths_in(text).collect::<Vec<_>>();
        let unix = "/a\\ clone/target/step-01: /a\\ clone/name.txt /b/src/main.rs\n";
        assert_eq!(paths(unix), ["/a clone/name.txt", "/b/src/main.rs"]);
        let windows = "C:\\a\\ clone\\step-01.exe: C:\\a\\ clone\\name.txt C:\\src\\main.rs\n";
        assert_eq!(paths(windows), ["C:\\a clone\\name.txt", "C:\\src\\main.rs"]);
        assert!(paths("").is_empty());
    }

    #[test]
    fn a_program_and_a_library_have_lists_of_their_own() {
        let target = std::env::temp_dir().join(format!("workshop-dep-info-{}", std::process::id()));
        let deps = target.join("deps");
        let put = |name: &str, text: &str| {
            files::write(&deps.join(name), text.as_bytes())
                .unwrap_or_else(|trouble| panic!("{trouble}"));
        };
        put("libharness-1f.rlib", "");
        put("harness-1f.d", "x: src/lib.rs\n\n# env-dep:NAME=value\n# env-dep:OTHER\n");
        put("step_01-2e.d", "x: src/main.rs\n");
        put("step_01-3d.d", "x: only/checked.rs\n");
        put(&format!("step_01-2e{}", std::env::consts::EXE_SUFFIX), "");
        let root = Path::new("/w");
        let library = DepInfo::of(root, &deps.join("libharness-1f.rlib")).expect("it has a list");
        assert_eq!(library.files, [root.join("src/lib.rs")]);
        assert_eq!(library.variables, ["NAME", "OTHER"]);
        let above = DepInfo::of(root, &target.join("libharness.rlib")).expect("it has a list");
        assert_eq!(above, library);
        let program =
            DepInfo::of(root, &target.join(format!("step-01{}", std::env::consts::EXE_SUFFIX)));
        assert_eq!(program.expect("it has a list").files, [root.join("src/main.rs")]);
        assert_eq!(DepInfo::of(root, &deps.join("verify-4c")), None);
        fs::remove_dir_all(target).expect("nothing holds it");
    }
}
