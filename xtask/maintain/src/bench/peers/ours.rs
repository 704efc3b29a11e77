//! Our own `watch --plain`.

use std::time::{Duration, Instant};

use xtask::{files, trouble::Trouble};

use crate::bench::{
    copy::{Bench, STEP, finish},
    peers::change::{Change, Program},
    running::Running,
};

/// The solution of the step, to be saved in the learner's folder.
pub(super) fn program(bench: &Bench) -> Result<Program, Trouble> {
    let step = bench.copy.step(STEP)?;
    finish(bench.xtask(&["solution", STEP, "--apply"]), &[0])?;
    let path = bench.copy.root.join(step.main_rs());
    let text = files::read(&path)?;
    Ok(Program { path, text, fault: ["\"Lantern\"", "\"Lamp\""] })
}

/// Starts to watch, and waits for the first verdict.
pub(super) fn watch(bench: &Bench) -> Result<(Running, Duration), Trouble> {
    let began = Instant::now();
    let watch = Running::start(bench, &["watch", STEP, "--plain"])?;
    verdict(&watch)?;
    let took = began.elapsed();
    watch.wait_for("Keys: ")?;
    Ok((watch, took))
}

pub(super) fn time_save(
    watch: &Running,
    program: &Program,
    change: Change,
    number: usize,
) -> Result<Duration, Trouble> {
    let began = Instant::now();
    program.save(change, number)?;
    let said = verdict(watch)?;
    let took = began.elapsed();
    let words = match change {
        Change::Passes => "solved",
        Change::Fails => "fail",
        Change::DoesNotCompile => "does not compile",
    };
    if !said.ends_with(words) {
        return Err(Trouble::Environment(format!("`watch` should say `{words}`: {said}")));
    }
    watch.wait_for("Keys: ")?;
    Ok(took)
}

/// The line that ends a round.
fn verdict(watch: &Running) -> Result<String, Trouble> {
    let line = format!("workshop: step {STEP}: ");
    watch.wait_for(&format!("{line}checking"))?;
    watch.wait_for(&line)
}
