//! A load test of the board: `cargo xtask class load`. A class of learners, each with a verdict every two seconds, and
//! pages that are open meanwhile; the board is a process of its own, on the same machine.
#![allow(clippy::disallowed_methods, reason = "the page is made again by the next run")]

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{self, Child, Command, ExitCode, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpListener, runtime::Runtime, spawn};
use workshop_class::{routes, serve::serve, state::Board, store::Store};

use crate::page::{Machine, Page, Run, Times};

mod disk;
mod page;
mod traffic;

type Failure = Box<dyn Error + Send + Sync>;

const LEARNERS: usize = 500;
const PAGES: usize = 20;
const BETWEEN: Duration = Duration::from_secs(2);
/// Of each learner: half a minute.
const SAVES: u16 = 15;

/// Of each kind. The one in the middle is in the table, and all of them are beside it.
const RUNS: usize = 3;

/// Where Linux has files that are on no disk.
const MEMORY: &str = "/dev/shm";

/// What has to hold on any machine.
const SLOWEST_POST: Duration = Duration::from_millis(100);
const SLOWEST_PAGE: Duration = Duration::from_secs(1);
const MOST_MEMORY: u64 = 60 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [serve, database] if serve == "--board" => run_board(database),
        [database] => load(database),
        [file, page] => load_on_a_file(Path::new(file), Path::new(page)),
        _ => Err("cargo xtask class load [DATABASE]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The board alone, as `serve` runs it.
fn run_board(database: &str) -> Result<(), Failure> {
    Runtime::new()?.block_on(async {
        let board = Arc::new(Board::new(Store::open(database).await?).await?);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("Listening on {}", listener.local_addr()?);
        let kept = Arc::clone(&board);
        spawn(async move { kept.live.keep_up_to_date(&kept.store).await });
        serve(listener, None, routes::app(board)).await;
        Ok(())
    })
}

/// A process, ended when dropped.
struct Process(Child);

impl Process {
    fn start(database: &str) -> Result<(Self, SocketAddr), Failure> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.args(["--board", database]).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("its output is a pipe")?;
        let process = Self(child);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("Listening on ").ok_or("it does not listen")?;
        Ok((process, address.parse()?))
    }

    /// The most memory that it has had, where the system says so.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; the test has failed then.
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

/// Prints what was measured on this database, and then asserts it.
fn load(database: &str) -> Result<(), Failure> {
    let runs = runs(database)?;
    for run in &runs {
        println!("{run}");
    }
    runs.iter().find_map(Run::problem).map_or(Ok(()), |problem| Err(problem.into()))
}

/// Measures the board on a file in memory, which is the board alone, and on one on the disk; writes the page, whatever
/// was measured, and then asserts it.
fn load_on_a_file(file: &Path, path: &Path) -> Result<(), Failure> {
    let machine = Machine::look()?;
    let memory = format!("{MEMORY}/workshop-class-load-{}.db", process::id());
    let in_memory = runs(&memory);
    for end in ["", "-wal", "-shm", ".lock"] {
        // Some of them are gone with the board.
        fs::remove_file(format!("{memory}{end}")).ok();
    }
    let in_memory = in_memory?;
    let disk = Times::new(disk::flushes(file)?).ok_or("the disk was not measured")?;
    let on_disk = runs(file.to_str().ok_or("the path is no text")?)?;
    let page = Page { machine, in_memory, disk, on_disk };
    println!("{page}");
    fs::write(path, page.to_string())?;
    println!("Written: {}", path.display());
    page.problem().map_or(Ok(()), |problem| Err(problem.into()))
}

/// The shortest p99 of a post first.
fn runs(database: &str) -> Result<Vec<Run>, Failure> {
    let mut runs = (0..RUNS).map(|_| run(database)).collect::<Result<Vec<_>, _>>()?;
    runs.sort_by_key(|run| run.posts.percentile(99));
    Ok(runs)
}

fn run(database: &str) -> Result<Run, Failure> {
    let (tokens, instructor) = Runtime::new()?.block_on(traffic::set_up(database))?;
    let (process, address) = Process::start(database)?;
    let (posts, shown) = Runtime::new()?.block_on(traffic::measure(address, tokens, instructor))?;
    Ok(Run {
        posts: Times::new(posts).ok_or("no post was measured")?,
        shown: Times::new(shown).ok_or("no page was measured")?,
        memory: process.memory(),
    })
}
