//! `cargo xtask bundle`: one archive for a room without a network.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use lexopt::Arg::Long;

use xtask::{
    course::Course,
    files,
    process::{call, compile::cargo, program},
    trouble::Trouble,
};

/// What `cargo xtask bundle --help` prints.
pub(super) const HELP: &str = "\
cargo xtask bundle [--try]

Makes target/workshop/bundle/workshop-offline.tar.gz: the repository as committed, every
crate, and the built book. Anyone who unpacks it and has Rust needs no network at all.
Needs git and tar.

  --try   then unpack it where there is no network, no cargo home and nothing compiled;
          verify every solution and serve the book there. Linux only; takes minutes.";

/// Makes the archive, and tries it if asked.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut tried = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("try") => tried = true,
            other => return Err(other.unexpected().into()),
        }
    }
    if tried && !cfg!(target_os = "linux") {
        return Err(Trouble::Usage(
            "--try needs Linux, which can take the network away from one program. Without --try \
             the archive is made here too."
                .to_owned(),
        ));
    }
    let folder = course.temporary().join("bundle");
    empty(&folder)?;
    let archive = pack(course, &folder)?;
    let size = fs::metadata(&archive).map_err(|error| Trouble::io("read", &archive, &error))?;
    println!("\n{} ({} MB)", archive.display(), size.len() >> 20);
    println!(
        "To use it:  tar -xzf workshop-offline.tar.gz, cd workshop-offline, cargo xtask learn --prepare"
    );
    if tried { try_it(course, &folder, &archive) } else { Ok(0) }
}

fn empty(folder: &Path) -> Result<(), Trouble> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Trouble::io("remove", folder, &error))?;
    }
    files::create_folder(folder)
}

/// Makes `workshop-offline.tar.gz` in `folder`.
fn pack(course: &Course, folder: &Path) -> Result<PathBuf, Trouble> {
    let tree = folder.join("workshop-offline");
    println!("1 of 4  The repository as committed");
    say_what_stays_out(course)?;
    let committed = folder.join("committed.tar");
    let mut git = Command::new("git");
    git.args(["archive", "--prefix=workshop-offline/", "HEAD", "--output"]).arg(&committed);
    // The board's crates are not vendored.
    git.args(["--", ".", ":(exclude)xtask/class"]);
    call::must_succeed(git.current_dir(&course.root))?;
    // Names without a folder: to some tars, what stands before a colon (`C:`) is another machine.
    call::must_succeed(Command::new("tar").args(["-xf", "committed.tar"]).current_dir(folder))?;

    println!("2 of 4  Every crate, for every system");
    vendor(&tree)?;

    println!("3 of 4  The book");
    let program = program::build(course, "workshop-book", &[])?;
    call::must_succeed(Command::new(program).arg("build").current_dir(&tree))?;

    println!("4 of 4  One archive");
    let mut tar = Command::new("tar");
    call::must_succeed(
        tar.args(["-czf", "workshop-offline.tar.gz", "workshop-offline"]).current_dir(folder),
    )?;
    fs::remove_dir_all(&tree).map_err(|error| Trouble::io("remove", &tree, &error))?;
    fs::remove_file(&committed).map_err(|error| Trouble::io("remove", &committed, &error))?;
    Ok(folder.join("workshop-offline.tar.gz"))
}

/// An instructor who has tried the steps has changed them: learners get what is committed.
fn say_what_stays_out(course: &Course) -> Result<(), Trouble> {
    let mut git = Command::new("git");
    git.args(["status", "--porcelain"]).current_dir(&course.root);
    let output = call::output(&mut git)?;
    if !output.status.success() {
        return Err(Trouble::Environment(format!(
            "{} is not a git repository, and the archive is made of what is committed. Clone the \
             workshop, and make it there.",
            course.root.display()
        )));
    }
    let changed = String::from_utf8_lossy(&output.stdout);
    if !changed.is_empty() {
        println!("        Not committed, so not in the archive:\n{}", changed.trim_end());
    }
    Ok(())
}

/// Copies every crate to `vendor/`, and tells cargo, below what is checked in, to take them from there.
fn vendor(tree: &Path) -> Result<(), Trouble> {
    let mut cargo = Command::new(cargo());
    cargo.args(["vendor", "--locked", "vendor"]).current_dir(tree);
    let output = call::output(&mut cargo)?;
    if !output.status.success() {
        return Err(Trouble::Environment(format!(
            "`{cargo:?}` failed:\n{}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        )));
    }
    let path = tree.join(".cargo").join("config.toml");
    let mut config = fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .map_err(|e| Trouble::io("open", &path, &e))?;
    config
        .write_all(b"\n")
        .and_then(|()| config.write_all(&output.stdout))
        .map_err(|error| Trouble::io("write", &path, &error))
}

/// Unpacks the archive in namespaces of its own, where there is no network, and uses it.
fn try_it(course: &Course, folder: &Path, archive: &Path) -> Result<u8, Trouble> {
    let scratch = folder.join("tried");
    files::create_folder(&scratch)?;
    let mut unshare = Command::new("unshare");
    unshare
        .args(["--map-root-user", "--net", "--mount", "bash"])
        .arg(course.root.join("xtask/maintain/try_bundle.sh"))
        .args([archive, &scratch])
        .env_remove("CARGO_TARGET_DIR");
    call::must_succeed(&mut unshare)?;
    fs::remove_dir_all(&scratch).map_err(|error| Trouble::io("remove", &scratch, &error))?;
    Ok(0)
}
