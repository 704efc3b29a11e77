//! `cargo xtask doctor`: is this machine ready?

use std::{
    env, fs, io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use lexopt::{Arg::Long, ValueExt};
use protocol::invisible::harmless;

use crate::{
    class::board::{Answer, Board},
    course::Course,
    files::{self, Remote},
    process::{compile, memory, toolchain},
    trouble::Trouble,
    verbs::verb::Verb,
};

/// `cargo xtask doctor`.
pub(super) const VERB: Verb = Verb {
    name: "doctor",
    about: "is this machine ready? each problem with what to do about it",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask doctor [--class URL [--class-ca FILE]]

Looks at what the workshop needs: the toolchain, disk space, free ports, downloaded
crates, the file system, memory. Each problem comes with what to do. Exit 4 if one must be fixed.

  --class URL   also: can your instructor's board be reached from here?
  --class-ca FILE
                the certificate that your instructor gave you for an address with https";

/// Bytes that all steps, solutions and the book take below target/, with room to spare.
const DISK_NEEDED: u64 = 4 * 1024 * 1024 * 1024;

/// Bytes of memory below which two rustc and a linker at once may be too much.
const MEMORY_NEEDED: u64 = 4 * 1024 * 1024 * 1024;

enum Finding {
    Good(String),
    /// The workshop works, but something will be slow or missing.
    Warn(String, &'static str),
    /// The workshop does not work until this is fixed.
    Fix(String, &'static str),
}

/// Prints one line a finding.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut class, mut authority) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("class") => class = Some(Board::at(&arguments.value()?.string()?)?),
            Long("class-ca") => authority = Some(PathBuf::from(arguments.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut findings = vec![
        toolchain(&course.rust_version()?),
        writable(&course.root),
        disk(&course.root),
        crates(&course.root),
        port(3000, "a step's server"),
        port(4000, "the book"),
        tool("curl", "--version"),
        proxy(),
        tool("rustfmt", "--version"),
        mount(&course.root),
        memory(memory::total()),
    ];
    if let Some(board) = class {
        findings.push(reach(&board.vouched_for(authority.as_deref())?)?);
    }
    let mut code = 0;
    for finding in findings.into_iter().chain(scans()) {
        match finding {
            Finding::Good(what) => println!("ok    {what}"),
            Finding::Warn(what, fix) => println!("warn  {what}\n      {fix}"),
            Finding::Fix(what, fix) => {
                println!("FIX   {what}\n      {fix}");
                code = 4;
            }
        }
    }
    let end = if code == 0 {
        "Ready. Next:  cargo xtask learn"
    } else {
        "Fix what is marked, then run `cargo xtask doctor` again."
    };
    println!("\n{end}");
    Ok(code)
}

fn reach(board: &Board) -> Result<Finding, Trouble> {
    let why = match board.ask("GET", "/openapi.json", None, None)? {
        Answer::Good(document) if document["info"]["title"] == "The board" => {
            return Ok(Finding::Good(format!("the board at {} can be reached", board.address())));
        }
        Answer::Good(_) => "what answers there is no board".to_owned(),
        Answer::Refused(_, why) | Answer::Unreachable(why) => why,
    };
    Ok(Finding::Warn(
        format!("the board at {} cannot be reached: {}", board.address(), harmless(&why)),
        "Join the room's network. If you are in it, it keeps its guests apart or a firewall closes the port: tell your instructor.",
    ))
}

fn toolchain(needed: &str) -> Finding {
    let fix = "Run `rustup update stable`, then open a new terminal.";
    match toolchain::rustc() {
        Some(line) if toolchain::is_enough(&line, needed) => Finding::Good(line),
        Some(line) => {
            Finding::Fix(format!("{line}, but the workshop needs {needed} or newer"), fix)
        }
        None => Finding::Fix(
            "rustc was not found".to_owned(),
            "Install Rust from https://rustup.rs, then open a new terminal.",
        ),
    }
}

fn writable(root: &Path) -> Finding {
    let probe = root.join(".workshop").join("probe");
    let written = files::write(&probe, b"probe").and_then(|()| {
        fs::remove_file(&probe).map_err(|error| Trouble::io("remove", &probe, &error))
    });
    match written {
        Ok(()) => Finding::Good(format!("{} can be written", root.display())),
        Err(trouble) => Finding::Fix(
            trouble.to_string(),
            "Clone the workshop into a folder of your own, below your home.",
        ),
    }
}

fn disk(root: &Path) -> Finding {
    match free_space(root) {
        Ok(free) if free >= DISK_NEEDED => {
            Finding::Good(format!("{} GB of disk are free", free >> 30))
        }
        Ok(free) => Finding::Fix(
            format!(
                "only {} MB of disk are free; the workshop needs {} GB",
                free >> 20,
                DISK_NEEDED >> 30
            ),
            "Make room, for example with `cargo clean` in other projects.",
        ),
        Err(error) => Finding::Warn(
            format!("free disk space is unknown: {error}"),
            "Make sure that a few GB are free.",
        ),
    }
}

/// Bytes that may still be written below the folder.
#[cfg(unix)]
#[allow(clippy::useless_conversion, reason = "both are 32 bits wide on macOS")]
fn free_space(folder: &Path) -> io::Result<u64> {
    let found = nix::sys::statvfs::statvfs(folder)?;
    Ok(u64::from(found.blocks_available()) * u64::from(found.fragment_size()))
}

/// Bytes that may still be written below the folder.
#[cfg(windows)]
fn free_space(folder: &Path) -> io::Result<u64> {
    fs4::available_space(folder)
}

fn crates(root: &Path) -> Finding {
    let fetched = Command::new(compile::cargo())
        .args(["fetch", "--locked", "--offline", "--quiet"])
        .current_dir(root)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if fetched {
        Finding::Good("all crates are downloaded: nothing needs the network any more".to_owned())
    } else {
        Finding::Warn(
            "some crates are not downloaded yet".to_owned(),
            "While you have a network: `cargo fetch --locked`.",
        )
    }
}

fn port(port: u16, what: &str) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Finding::Good(format!("port {port} is free, for {what}")),
        Err(error) => Finding::Warn(
            format!("port {port}, for {what}, cannot be used: {error}"),
            "Is the workshop running in another terminal? If not: PORT=3001 for a server, `learn --port 4001` for the book.",
        ),
    }
}

fn tool(name: &str, argument: &str) -> Finding {
    match toolchain::first_line(name, argument) {
        Some(line) => Finding::Good(line.chars().take(60).collect()),
        None => Finding::Warn(
            format!("{name} was not found"),
            match name {
                "curl" => "The book's examples use it: install it with your system's packages.",
                _ => "Your editor uses it: `rustup component add rustfmt`.",
            },
        ),
    }
}

/// curl asks a proxy even for this machine, unless it is told not to; the checks and the page ask none.
fn proxy() -> Finding {
    let set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let exceptions = ["no_proxy", "NO_PROXY"].map(|name| env::var(name).unwrap_or_default());
    match ["http_proxy", "all_proxy", "ALL_PROXY"].into_iter().find(set) {
        Some(name) if !exceptions.iter().any(|hosts| leaves_out_this_machine(hosts)) => {
            Finding::Warn(
                format!(
                    "{name} is set, so curl asks your server itself only with `--noproxy \"*\"`, as in our lines"
                ),
                if cfg!(windows) {
                    "For lines of your own: `set NO_PROXY=127.0.0.1` (PowerShell: `$env:NO_PROXY = \"127.0.0.1\"`)."
                } else {
                    "For lines of your own: `export no_proxy=127.0.0.1`."
                },
            )
        }
        _ => Finding::Good("curl asks your server itself, without a proxy".to_owned()),
    }
}

/// As curl reads `no_proxy`.
fn leaves_out_this_machine(hosts: &str) -> bool {
    hosts == "*" || hosts.split([',', ' ']).any(|host| host.trim() == "127.0.0.1")
}

fn mount(root: &Path) -> Finding {
    let Some(remote) = files::remote_file_system(root) else {
        return Finding::Good("the file system tells about saved files".to_owned());
    };
    Finding::Warn(
        format!("the workshop lies on {}", remote.name()),
        match remote {
            Remote::Windows => {
                "Builds are slow, and `learn` and `watch` have to look for saves every second: clone below your Linux home (`~`)."
            }
            Remote::Network | Remote::Shared => {
                "Builds are slow, and `learn` and `watch` have to look for saves every second: clone to a disk of this system."
            }
        },
    )
}

fn memory(total: Option<u64>) -> Finding {
    match total {
        Some(total) if total < MEMORY_NEEDED => Finding::Warn(
            format!("only {}.{} GB of memory", total >> 30, ((total * 10) >> 30) % 10),
            "Where cargo is ended for lack of memory, set the variable CARGO_BUILD_JOBS to 1: it then compiles one crate at a time.",
        ),
        Some(total) => Finding::Good(format!("{} GB of memory", total >> 30)),
        None => Finding::Good("how much memory there is, this system does not tell".to_owned()),
    }
}

/// macOS scans each new program before its first start, unless the terminal is one of these tools.
fn scans() -> Option<Finding> {
    cfg!(target_os = "macos").then(|| {
        Finding::Warn(
            "macOS scans every program that you have just compiled, before it starts".to_owned(),
            "To spare the seconds: System Settings, Privacy & Security, Developer Tools: switch your terminal on there.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_memory_is_told_with_what_to_do() {
        let told = memory(Some(2_040_109_466));
        assert!(
            matches!(told, Finding::Warn(what, fix) if what == "only 1.9 GB of memory" && fix.contains("CARGO_BUILD_JOBS"))
        );
        assert!(matches!(memory(Some(8 << 30)), Finding::Good(what) if what == "8 GB of memory"));
    }

    #[test]
    fn a_proxy_is_not_asked_for_what_no_proxy_names() {
        for hosts in ["*", "127.0.0.1", "localhost,127.0.0.1", "a.example, 127.0.0.1"] {
            assert!(leaves_out_this_machine(hosts), "{hosts}");
        }
        for hosts in ["", "localhost", "127.0.0.10", "*.example"] {
            assert!(!leaves_out_this_machine(hosts), "{hosts}");
        }
    }
}
