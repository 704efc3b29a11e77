//! The first minute: from a clone with nothing compiled to the first verdict and to the page, and the peers' installation.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use xtask::{
    course::Course,
    process::{call, compile},
    trouble::Trouble,
};

use crate::bench::{
    copy::clear,
    peers::{
        figures::Figures,
        install::{RUNNER, RUSTLINGS},
        machine,
    },
    running::Running,
};

/// From nothing compiled.
#[derive(Default)]
pub(super) struct FirstMinute {
    pub(super) verdict: Figures,
    pub(super) page: Figures,
    pub(super) rustlings: Figures,
    pub(super) runner: Figures,
    /// Of the clone, once its page is there, in MiB; none if nothing was cloned.
    pub(super) target: Option<u64>,
}

impl FirstMinute {
    pub(super) fn measure(course: &Course, folder: &Path, count: usize) -> Result<Self, Trouble> {
        let mut first = Self::default();
        let clone = folder.join("clone");
        for number in 1..=count {
            println!("From nothing compiled, {number} of {count}");
            clear(&clone)?;
            let mut git = Command::new("git");
            git.args(["clone", "--quiet"]).arg(&course.root).arg(&clone);
            call::must_succeed(&mut git)?;
            let (verdict, page) = learn(folder, &clone)?;
            first.verdict.add(verdict);
            first.page.add(page);
            first.target = Some(machine::size(&clone.join("target"))?);
            clear(&clone)?;
            first.rustlings.add(RUSTLINGS.time_install(folder)?);
            first.runner.add(RUNNER.time_install(folder)?);
        }
        Ok(first)
    }
}

/// `cargo xtask learn` until it has printed the first verdict, and until the page is served.
fn learn(folder: &Path, clone: &Path) -> Result<(Duration, Duration), Trouble> {
    let mut command = Command::new(compile::cargo());
    command
        .args(["xtask", "learn", "--plain", "--no-open"])
        .current_dir(clone)
        .env("CARGO_TARGET_DIR", clone.join("target"));
    let began = Instant::now();
    let running = Running::start_command(command, folder.join("stderr.txt"))?;
    // This line follows the verdict at once.
    running.wait_for("3 of 3  Compiling the book")?;
    let verdict = began.elapsed();
    let page = running.wait_for("The page:   ")?;
    answers(page.trim_start_matches("The page:").trim())?;
    Ok((verdict, began.elapsed()))
}

fn answers(page: &str) -> Result<(), Trouble> {
    let (host, path) = page
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .ok_or_else(|| Trouble::Environment(format!("`{page}` is no address of a page")))?;
    match status(host, path) {
        Ok(status) if status == "HTTP/1.1 200" => Ok(()),
        Ok(status) => Err(Trouble::Environment(format!("{page} answers {status}"))),
        Err(error) => Err(Trouble::Environment(format!("{page} cannot be asked: {error}"))),
    }
}

fn status(host: &str, path: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(host)?;
    write!(socket, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut status = [0; "HTTP/1.1 200".len()];
    socket.read_exact(&mut status)?;
    Ok(String::from_utf8_lossy(&status).into_owned())
}
