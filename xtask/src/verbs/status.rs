//! `cargo xtask status`: where the learner is.

use crate::{
    course::{Course, Step, Whose, hints},
    learner::{progress::Progress, times::Times},
    trouble::Trouble,
    verbs::verb::{Verb, mention_strangers, steps_and_flags},
    verdict::{Verdict, report, task::Task},
};

/// `cargo xtask status`.
pub(super) const VERB: Verb =
    Verb { name: "status", about: "the steps, what is solved, where you are", help: HELP, run };

const HELP: &str = "\
cargo xtask status [--times]

The steps, which of them you have solved, and where you are.

  --times   your own minutes beside those that are planned: until the core passed, and
            until all of it did. They are kept on this machine alone.";

/// Prints one line a step.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (_, [with_times]) = steps_and_flags(course, arguments, ["times"])?;
    mention_strangers(course);
    if with_times {
        return times(course);
    }
    let progress = Progress::load(course)?;
    let current = progress.current(course);
    let width = course.steps.iter().map(|step| step.title.chars().count()).max().unwrap_or(0);
    for step in &course.steps {
        let mark = if progress.is_solved(step) {
            "solved"
        } else if open_edges(course, step).is_some() && step.number != current.number {
            "core done"
        } else if step.number == current.number {
            "you are here"
        } else {
            ""
        };
        let line = format!(
            "{:>3}  {:width$}  {:>3} to {} min  {mark}",
            step.number, step.title, step.minutes.core, step.minutes.all
        );
        println!("{}", line.trim_end());
    }
    let solved = course.steps.iter().filter(|step| progress.is_solved(step)).count();
    println!(
        "\n{solved} of {} solved. Minutes: the core, to all with its sharp edges.",
        course.steps.len()
    );
    if solved < course.steps.len() {
        print_next(course, current);
    }
    for step in course.steps.iter().filter(|step| !progress.is_solved(step)) {
        print_open_edges(course, step);
    }
    Ok(0)
}

/// The last verdict on the step, if it is that its core passes and only sharp edges are left open.
fn open_edges(course: &Course, step: &Step) -> Option<Verdict> {
    let verdict = Verdict::load_checked(course, step, Whose::Learner)?;
    (verdict.core_passes() && verdict.failing().next().is_some()).then_some(verdict)
}

/// What the sharp edges are about that the learner has left open.
fn print_open_edges(course: &Course, step: &Step) {
    let Some(verdict) = open_edges(course, step) else { return };
    println!("\nSharp edges left open in step {} (cargo xtask hint {0}):", step.number);
    for check in verdict.failing() {
        let task = verdict.task_of(check);
        let task = task.map(|task| format!("   (task {}: {})", task.number, task.title));
        println!("  {}{}", hints::words(&check.name), task.unwrap_or_default());
    }
}

/// Prints one line a step, and what a manifest would say of somebody as fast as this learner.
fn times(course: &Course) -> Result<u8, Trouble> {
    let times = Times::load(course)?;
    let width = course.steps.iter().map(|step| step.title.chars().count()).max().unwrap_or(0);
    let number =
        |minutes: Option<u16>| minutes.map_or("-".to_owned(), |minutes| minutes.to_string());
    println!("{:>3}  {:width$}  {:>8}  {:>8}  minutes of work", "", "", "planned", "yours");
    for step in &course.steps {
        let yours = times.of(step);
        let planned = format!("{} to {}", step.minutes.core, step.minutes.all);
        let took = format!("{} to {}", number(yours.core), number(yours.all));
        println!("{:>3}  {:width$}  {planned:>8}  {took:>8}", step.number, step.title);
    }
    println!("\nA pause of more than ten minutes counts as ten. In the manifests these would be:");
    for step in &course.steps {
        let yours = times.of(step);
        if let (Some(core), Some(all)) = (yours.core, yours.all) {
            println!("  steps/{}: minutes = {{ core = {core}, all = {all} }}", step.slug);
        }
    }
    Ok(0)
}

/// Where to go on: at the lowest open task, as far as a verdict tells.
fn print_next(course: &Course, step: &Step) {
    let verdict = Verdict::load_checked(course, step, Whose::Learner);
    let (mut file, mut page) = (step.main_rs().display().to_string(), report::page(step));
    let task = verdict.as_ref().and_then(Verdict::open_task);
    if let Some(task @ Task { number, title, .. }) = task {
        println!("Next:  step {}, task {number}: {title}", step.number);
        file = task.todo.clone().unwrap_or(file);
        page = format!("{page}#{}", task.anchor());
    } else {
        println!("Next:  step {}, {}", step.number, step.title);
    }
    println!("Open:  {file}\nRead:  {page}");
}
