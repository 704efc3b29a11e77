//! The figures, as a page of the book.

use std::{
    fmt::{self, Display, Formatter},
    fs,
    process::Command,
    thread,
    time::Duration,
};

use crate::{
    BETWEEN, Failure, LEARNERS, MOST_MEMORY, PAGES, RUNS, SAVES, SLOWEST_PAGE, SLOWEST_POST,
};

/// What a post may take on two cores that do nothing else.
const GOAL: Duration = Duration::from_millis(20);

/// The machine and the day, in words.
pub(crate) struct Machine {
    date: String,
    words: String,
    cores: u32,
    load: f64,
}

impl Machine {
    /// Before anything is measured. Linux only.
    pub(crate) fn look() -> Result<Self, Failure> {
        let processor = fs::read_to_string("/proc/cpuinfo")?;
        let model =
            processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let model = model.map_or("unknown", |(_, model)| model);
        let load = fs::read_to_string("/proc/loadavg")?;
        let load = load.split(' ').next().unwrap_or_default().parse()?;
        let cores = u32::try_from(thread::available_parallelism()?.get())?;
        let words = format!("{cores} cores ({model}), {}", said("uname", &["-sr"])?);
        Ok(Self { date: said("date", &["-u", "+%Y-%m-%d"])?, words, cores, load })
    }
}

fn said(program: &str, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// How long something took, the shortest first.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// `None` if it was not measured.
    pub(crate) fn new(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        (!times.is_empty()).then_some(Self(times))
    }

    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.0[(self.0.len() - 1) * percent / 100]
    }

    fn row(&self, f: &mut Formatter<'_>, what: &str, goal: Option<Duration>) -> fmt::Result {
        let [median, p99, longest] =
            [50, 99, 100].map(|percent| in_words(self.percentile(percent)));
        let goal = goal.map_or_else(
            || "none".to_owned(),
            |goal| format!("{}: {}", in_words(goal), met(self.percentile(99) <= goal)),
        );
        writeln!(f, "| {what} | {} | {median} | {p99} | {longest} | {goal} |", self.0.len())
    }
}

/// What was measured in half a minute.
pub(crate) struct Run {
    pub(crate) posts: Times,
    pub(crate) shown: Times,
    /// Of the board; unknown where the system does not say so.
    pub(crate) memory: Option<u64>,
}

impl Run {
    /// What must not be on any machine.
    pub(crate) fn problem(&self) -> Option<String> {
        self.problem_beside(Duration::ZERO)
    }

    /// The same, on a disk that needs this long by itself.
    fn problem_beside(&self, disk: Duration) -> Option<String> {
        let Self { posts, shown, memory } = self;
        let (post, page) = (posts.percentile(99), shown.percentile(99));
        let (slowest, slowest_page) = (SLOWEST_POST.max(disk), SLOWEST_PAGE + disk);
        let alone = match disk {
            Duration::ZERO => String::new(),
            disk => format!(" The disk alone took up to {disk:.1?}."),
        };
        if post > slowest {
            Some(format!("The p99 of a post is {post:.1?}, and may be {slowest:.1?}.{alone}"))
        } else if page > slowest_page {
            Some(format!("The p99 of a page is {page:.1?}, and may be {slowest_page:.1?}.{alone}"))
        } else if shown.0.len() != PAGES * usize::from(SAVES) {
            Some("A page has never shown one of the saves.".to_owned())
        } else if memory.is_some_and(|memory| memory > MOST_MEMORY) {
            Some(format!("The board took more than {} MiB.", MOST_MEMORY >> 20))
        } else {
            None
        }
    }
}

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [post, page] = [&self.posts, &self.shown].map(|times| in_words(times.percentile(99)));
        write!(f, "p99 of a post: {post}; of a page: {page}")
    }
}

/// What was measured, and on what.
pub(crate) struct Page {
    pub(crate) machine: Machine,
    /// The runs on a file in memory, the shortest p99 of a post first.
    pub(crate) in_memory: Vec<Run>,
    /// The disk without the board.
    pub(crate) disk: Times,
    /// The runs on a file on that disk, in the same order.
    pub(crate) on_disk: Vec<Run>,
}

impl Page {
    /// What must not be on any machine, in any run.
    pub(crate) fn problem(&self) -> Option<String> {
        let of_the_board = self.in_memory.iter().find_map(Run::problem);
        let disk = self.disk.percentile(100);
        of_the_board.or_else(|| self.on_disk.iter().find_map(|run| run.problem_beside(disk)))
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Machine { date, words, cores, load } = &self.machine;
        let meaning = if *load < f64::from(*cores) {
            "More than the number of cores would mean that other programs made everything wait."
        } else {
            "**Other programs made everything wait, so this says nothing about the board: measure again.**"
        };
        let (seconds, long) = (BETWEEN.as_secs(), (BETWEEN * u32::from(SAVES)).as_secs());
        writeln!(
            f,
            "# The board under load

<!-- plain: Core -->

`cargo xtask class load` measured it and wrote this page on {date}, on one machine: {words}.
Its load average was {load:.1} when it began. {meaning}

{LEARNERS} learners save every {seconds} s, for {long} s, and {PAGES} pages of the instructor are open. The board is one process with a file; the
learners and the pages run on the same machine, and take as much of it as they need. A file in memory shows the board alone; on
a disk, a post waits until it is written. Each was measured {RUNS} times, and the table has the run in the middle.

| what | times | median | p99 | longest | goal of the p99 |
|---|--:|--:|--:|--:|--:|"
        )?;
        let [in_memory, on_disk] = [&self.in_memory, &self.on_disk].map(|runs| &runs[RUNS / 2]);
        in_memory.posts.row(
            f,
            "a post, from when it is due until it is acknowledged, in memory",
            Some(GOAL),
        )?;
        on_disk.posts.row(f, "the same, on the disk", Some(GOAL))?;
        self.disk.row(f, "4 KiB, until they are on that disk, without the board", None)?;
        in_memory.shown.row(
            f,
            "a page, from then until it has received it, in memory",
            Some(SLOWEST_PAGE),
        )?;
        on_disk.shown.row(f, "the same, on the disk", Some(SLOWEST_PAGE))?;
        let all = |runs: &[Run]| {
            let all: Vec<_> = runs.iter().map(|run| in_words(run.posts.percentile(99))).collect();
            all.join(", ")
        };
        writeln!(
            f,
            "\nThe p99 of a post in each run: in memory {}; on the disk {}.",
            all(&self.in_memory),
            all(&self.on_disk)
        )?;
        let runs = self.in_memory.iter().chain(&self.on_disk);
        if let Some(memory) = runs.filter_map(|run| run.memory).max() {
            let (most, met) = (MOST_MEMORY >> 20, met(memory <= MOST_MEMORY));
            writeln!(f, "The board took {} MiB at most (goal: {most} MiB, {met}).", memory >> 20)?;
        }
        let slowest = in_words(SLOWEST_POST);
        writeln!(
            f,
            "
What is acknowledged is on the disk. Reports that come while the disk writes wait for the next time, and are written together.

`cargo xtask class load` fails if the p99 of a post is over {slowest} in any run, or, on the disk, over the longest that the disk needs
without the board. With `postgres://…` after it, it measures the board on PostgreSQL, and writes no page."
        )
    }
}

fn in_words(time: Duration) -> String {
    format!("{:.1} ms", 1000.0 * time.as_secs_f64())
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "**missed**" }
}
