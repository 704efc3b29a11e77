//! The page of the book, made of what was measured.

use std::fmt::{self, Display, Formatter};

use crate::bench::{
    copy::STEP,
    peers::{
        change::Change,
        clone::FirstMinute,
        counts::Counts,
        install::{RUNNER, RUSTLINGS},
        machine::Machine,
        rustlings::EXERCISE,
        saves::{Saves, Waits},
    },
};

/// Shown as Markdown.
pub(super) struct Page {
    pub(super) machine: Machine,
    pub(super) counts: Counts,
    pub(super) saves: Saves,
    pub(super) first: FirstMinute,
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        self.saves(f)?;
        self.first_minute(f)?;
        self.rest(f)?;
        Self::how(f)
    }
}

impl Page {
    fn head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Machine { date, words, rustc, load } = &self.machine;
        let Counts { saves, colds } = self.counts;
        writeln!(
            f,
            "# How long you wait

How long this workshop makes you wait, compared with two other tools that check exercises:
[Rustlings](https://rustlings.rust-lang.org) {}, and [workshop-runner](https://github.com/mainmatter/rust-workshop-runner) {}.
`cargo xtask bench --peers` measured it and wrote this page on {date}, in one run on one machine: {words}, {rustc}.
Its load average was {load} when the run began; more than the number of cores means
that other programs made everything wait.

Each time is a median, with the shortest and the longest in parentheses. Saves of each kind, and warm starts: {saves}. Clones, and
installations of each tool: {colds}.",
            RUSTLINGS.version, RUNNER.version,
        )
    }

    fn saves(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "
## From a save to the verdict

| the saved code is | `cargo xtask watch {STEP} --plain` | `cargo build` | `cargo test` | `wr check` | `rustlings`, another exercise |
|---|--:|--:|--:|--:|--:|"
        )?;
        for (change, waits) in Change::ALL.iter().zip(&self.saves.waits) {
            let Waits { ours, build, test, rustlings, runner } = waits;
            writeln!(
                f,
                "| {} | {ours} | {build} | {test} | {runner} | {rustlings} |",
                change.name()
            )?;
        }
        Ok(())
    }

    fn first_minute(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let FirstMinute { verdict, page, rustlings, runner, .. } = &self.first;
        writeln!(
            f,
            "
## From nothing compiled

All crates are downloaded before, and the target folder is empty.

| what | time |
|---|--:|
| `cargo xtask learn` in a clone, to the first verdict | {verdict} |
| the same, until the step's page is served | {page} |
| `cargo install rustlings` | {rustlings} |
| `cargo install workshop-runner` | {runner} |

An installed tool has judged nothing yet. After it, Rustlings compiles an exercise that uses no other crate; with workshop-runner, the exercise's
crates are still to be compiled, as they are here before our first verdict."
        )
    }

    fn rest(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Saves { our_start, rustlings_start, our_memory, rustlings_memory, .. } = &self.saves;
        let their_target = self.saves.rustlings_target;
        let target = self.first.target;
        let target =
            target.map_or("not measured in this run".to_owned(), |size| format!("{size} MiB"));
        writeln!(
            f,
            "
## Warm start, memory and disk

| what | ours | Rustlings | workshop-runner |
|---|--:|--:|--:|
| warm start of the watch, to the first verdict | {our_start} | {rustlings_start} | not measured |
| peak memory of the watch, after all the saves | {our_memory} MiB | {rustlings_memory} MiB | not measured |
| target folder | {target} | {their_target} MiB | not measured |

workshop-runner has no watch of its own, so it has neither a warm start nor a memory to compare; its target folder is the one of its exercise.
Our target folder is that of the clone, once the page is served, and holds the book's server too."
        )
    }

    fn how(f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "
## How it was measured

- Every program is saved with the same change, a constant that has another value each time. The tools take turns after each save, so that a busy minute
  is shared by all. The first save of each kind is not counted.
- Our watch, cargo and `wr check` have the solution of step {STEP}. A failing save also has a lamp where the checks expect a lantern.
- Our time ends with the line of `watch --plain` that ends a round, `workshop: step {STEP}: …`, so it includes noticing the save.
- `cargo build` and `cargo test` are called at the save. `cargo build` runs nothing, so it passes where a check would fail. `cargo test`
  runs our checks by themselves, without the report.
- workshop-runner is called at the save too, as `wr check`: noticing a save is left to another program, and is not in its time. It calls
  `cargo build --all-targets` and `cargo test`. The step is moved to a folder with a name of the kind that it wants; nothing else of it is changed.
- Rustlings watches only in a terminal, so it runs in a pseudo-terminal made by `script`. Its time ends when it prints the name of the current
  exercise, below what it has to say. It waits 200 ms for a second save, then calls `cargo build`,
  `cargo test` and Clippy, as far as each succeeds, and runs what was built.
- A warm start is of a program that is built: neither our time nor theirs has cargo's own start in it. Everything is compiled, and the code
  fails a check, as it did before.
- Peak memory is that of the program that watches (`VmHWM`), without cargo and rustc, and on our side without the server and the small process that
  ends what is left behind.

## What it does not show

- The exercise of Rustlings, `{EXERCISE}`, is about as long as our step, but it is a different program: it uses no crate of others, and
  its tests call functions where ours start a server and send requests. The last column of the first table says how long a learner of
  Rustlings waits, not that one runner is faster than the other.
- How long a wait feels. The screen of `learn` shows what is being done, and `--plain` prints lines.
- Downloads, other systems, and other machines: compare the columns with each other, not with figures from elsewhere.

To measure on a machine of your own: `cargo xtask bench --peers`."
        )
    }
}
