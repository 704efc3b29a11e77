//! From a save to its verdict, with every tool in turn, so that a busy minute is shared by all.

use std::{path::Path, time::Duration};

use xtask::trouble::Trouble;

use crate::bench::{
    copy::{Bench, STEP, finish},
    peers::{
        by_hand::{ByHand, Tool},
        change::Change,
        figures::Figures,
        machine, ours,
        rustlings::Exercises,
    },
    running::Running,
};

/// From a save to its verdict, when it is of one kind.
#[derive(Default)]
pub(super) struct Waits {
    pub(super) ours: Figures,
    pub(super) build: Figures,
    pub(super) test: Figures,
    pub(super) rustlings: Figures,
    pub(super) runner: Figures,
}

/// What is measured beside a running watch.
pub(super) struct Saves {
    /// As in [`Change::ALL`].
    pub(super) waits: [Waits; 3],
    pub(super) our_start: Figures,
    pub(super) rustlings_start: Figures,
    /// In MiB.
    pub(super) our_memory: u64,
    pub(super) rustlings_memory: u64,
    pub(super) rustlings_target: u64,
}

impl Saves {
    /// So many saves of each kind, after one that is not counted; then so many starts.
    pub(super) fn measure(
        bench: &Bench,
        exercises: &Exercises,
        wr: &Path,
        count: usize,
    ) -> Result<Self, Trouble> {
        let program = ours::program(bench)?;
        let by_hand = ByHand::set_up(bench, wr, &program)?;
        finish(bench.xtask(&["verify", STEP]), &[0])?;
        let (our_watch, _) = ours::watch(bench)?;
        let (their_watch, _) = exercises.watch()?;
        let mut waits: [Waits; 3] = Default::default();
        for (change, waits) in Change::ALL.into_iter().zip(&mut waits) {
            println!("Saves that are {}", change.name());
            for round in 0..=count {
                let number = 4 * round;
                let times = [
                    ours::time_save(&our_watch, &program, change, number)?,
                    by_hand.time_save(Tool::Build, change, number)?,
                    by_hand.time_save(Tool::Test, change, number + 1)?,
                    exercises.time_save(&their_watch, change, number)?,
                    by_hand.time_save(Tool::Runner, change, number + 2)?,
                ];
                // The first round compiles what has not been compiled before.
                if round > 0 {
                    waits.add(times);
                }
            }
        }
        // People come back to what does not pass yet.
        ours::time_save(&our_watch, &program, Change::Fails, 0)?;
        exercises.time_save(&their_watch, Change::Fails, 0)?;
        let our_memory = memory_of_ours(&our_watch)?;
        let rustlings_memory = Exercises::peak_memory(&their_watch)?;
        drop((our_watch, their_watch));
        let rustlings_target = machine::size(&exercises.target())?;
        let [mut our_start, mut rustlings_start] = <[Figures; 2]>::default();
        println!("Warm starts");
        for _ in 0..count {
            our_start.add(ours::watch(bench)?.1);
            rustlings_start.add(exercises.watch()?.1);
        }
        Ok(Self {
            waits,
            our_start,
            rustlings_start,
            our_memory,
            rustlings_memory,
            rustlings_target,
        })
    }
}

impl Waits {
    fn add(&mut self, [ours, build, test, rustlings, runner]: [Duration; 5]) {
        self.ours.add(ours);
        self.build.add(build);
        self.test.add(test);
        self.rustlings.add(rustlings);
        self.runner.add(runner);
    }
}

fn memory_of_ours(watch: &Running) -> Result<u64, Trouble> {
    machine::peak_memory(watch.id(), "xtask")
}
