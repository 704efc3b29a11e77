//! The figures, as a page of the book.

use std::{
    fmt::{self, Display, Formatter},
    fs,
    process::Command,
    thread,
    time::Duration,
};

use crate::{BETWEEN, Failure, LEARNERS, MOST_MEMORY, PAGES, SAVES, SLOWEST_PAGE, SLOWEST_POST};

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

    fn row(&self, f: &mut Formatter<'_>, what: &str, goal: Duration) -> fmt::Result {
        let [median, p99, longest] = [50, 99, 100].map(|percent| self.percentile(percent));
        let met = met(p99 <= goal);
        writeln!(
            f,
            "| {what} | {} | {} | {} | {} | {}: {met} |",
            self.0.len(),
            in_words(median),
            in_words(p99),
            in_words(longest),
            in_words(goal)
        )
    }
}

/// What was measured, and on what.
pub(crate) struct Page {
    pub(crate) machine: Machine,
    /// The p99 of a post in each run, the shortest first.
    pub(crate) all: Vec<Duration>,
    /// The run in the middle of them.
    pub(crate) middle: Run,
}

/// What was measured in half a minute.
pub(crate) struct Run {
    pub(crate) posts: Times,
    pub(crate) shown: Times,
    /// Of the board; unknown where the system does not say so.
    pub(crate) memory: Option<u64>,
}

impl Page {
    /// What must not be on any machine.
    pub(crate) fn problems(&self) -> Option<String> {
        let Run { posts, shown, memory } = &self.middle;
        let (post, page) = (posts.percentile(99), shown.percentile(99));
        let mut problems = Vec::new();
        if post > SLOWEST_POST {
            problems
                .push(format!("The p99 of a post is {post:.1?}, and {SLOWEST_POST:?} at most."));
        }
        if page > SLOWEST_PAGE {
            problems
                .push(format!("The p99 of a page is {page:.1?}, and {SLOWEST_PAGE:?} at most."));
        }
        if shown.0.len() != PAGES * usize::from(SAVES) {
            problems.push("A page has never shown one of the saves.".to_owned());
        }
        if memory.is_some_and(|memory| memory > MOST_MEMORY) {
            problems.push(format!("The board took more than {} MiB.", MOST_MEMORY >> 20));
        }
        (!problems.is_empty()).then(|| problems.join("\n"))
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
        let Run { posts, shown, memory } = &self.middle;
        let all: Vec<String> = self.all.iter().map(|p99| in_words(*p99)).collect();
        let long = BETWEEN * u32::from(SAVES);
        writeln!(
            f,
            "# The board under load

<!-- plain: Core -->

`cargo xtask class load` measured it and wrote this page on {date}, on one machine: {words}.
Its load average was {load:.1} when it began. {meaning}

{LEARNERS} learners save every {} s, for {} s, and {PAGES} pages of the instructor are open. The board is one process with a file; the
learners and the pages run on the same machine, and take as much of it as they need. The table has the middle one of {} runs; the
p99 of a post in each of them: {}.

| what | times | median | p99 | longest | goal of the p99 |
|---|--:|--:|--:|--:|--:|",
            BETWEEN.as_secs(),
            long.as_secs(),
            all.len(),
            all.join(", ")
        )?;
        posts.row(f, "a post, from when it is due until it is acknowledged", GOAL)?;
        shown.row(f, "from then until a page has received it", SLOWEST_PAGE)?;
        if let Some(memory) = *memory {
            let (most, met) = (MOST_MEMORY >> 20, met(memory <= MOST_MEMORY));
            writeln!(
                f,
                "\nThe board took {} MiB at most (goal: {most} MiB, {met}).",
                memory >> 20
            )?;
        }
        writeln!(
            f,
            "
What is acknowledged is on the disk. Reports that come while the disk writes wait for the next time, and are written together.

`cargo xtask class load` fails if the p99 of a post is over {}. With `postgres://…` after it, it measures the board on PostgreSQL,
and writes no page.",
            in_words(SLOWEST_POST)
        )
    }
}

fn in_words(time: Duration) -> String {
    format!("{:.1} ms", 1000.0 * time.as_secs_f64())
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "**missed**" }
}
