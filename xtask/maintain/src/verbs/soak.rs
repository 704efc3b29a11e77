//! `cargo xtask soak`: saves of every kind beside a `watch`: is every verdict of the file on the disk, and is nothing left?

use std::{
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use lexopt::{Arg::Long, ValueExt};
use xtask::{
    course::{Course, Step, Whose, marks::View, starter},
    files,
    judge::inputs,
    trouble::Trouble,
    verdict::Verdict,
};

use crate::{
    bench::{
        copy::{Bench, finish},
        running::Running,
    },
    soak::{
        Dice, left,
        program::{self, Program},
        save::{self, Style},
    },
};

/// What `cargo xtask soak --help` prints.
pub(super) const HELP: &str = "\
cargo xtask soak [--saves NUMBER] [--seed NUMBER]

Saves step 1 again and again in the ways of many editors, right, wrong and half-written, with
servers that fork, leave their session, ignore SIGTERM, print without end or never listen, beside
a `watch` on a copy of the workshop below target/workshop/bench. Every verdict has to be of the
file on the disk, nothing may be left in the end, and the memory of `watch` may not grow.
Exit 1 if something did not hold.

  --saves NUMBER  how many; 100 by default
  --seed NUMBER   draw them from this number; 1 by default";

/// The step with the fewest checks.
const STEP: &str = "1";

/// How long a verdict may take: a server that never listens is waited for 10 s.
const LIMIT: Duration = Duration::from_mins(2);

/// How often to look for the verdict, which no event tells of.
const LOOK: Duration = Duration::from_millis(5);

/// The memory of `watch` may grow so much after the first saves, in KiB.
const GROWTH: u64 = 16 * 1024;

/// Of how many saves the memory is what it will be.
const SETTLED: usize = 5;

/// Of good saves after good ones, the slowest of twenty may take so many times what the middle one takes. After another
/// program cargo compiles all of a good one again.
const SPREAD: f64 = 1.5;

/// Saves, and tells what did not hold.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut saves, mut seed) = (100_usize, 1_u64);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("saves") => saves = arguments.value()?.parse()?,
            Long("seed") => seed = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let bench = Bench::set_up(course)?;
    println!("Compiling a copy of the workshop in {}", bench.folder.display());
    let mut warm_up = bench.xtask(&["verify", STEP]);
    warm_up.stderr(Stdio::inherit());
    finish(warm_up, &[0, 1, 3])?;
    let step = bench.copy.step(STEP)?;
    let mut soak = Soak::new(&bench, step)?;
    let before = files::below(&step.folder(Whose::Learner))?;
    let running = Running::start(&bench, &["watch", STEP])?;
    let footer = running.wait_for("; your server: http://")?;
    let port = footer.rsplit(':').next().and_then(|port| port.trim().parse().ok());
    let mut dice = Dice::new(seed);
    for number in 1..=saves {
        let (program, style) = (dice.one_of(&program::ALL), dice.one_of(&save::ALL));
        soak.save(number, program, style)?;
        if number == SETTLED {
            soak.memory = left::memory(running.id());
        }
    }
    let memory = left::memory(running.id());
    drop(running);
    soak.problems.extend(left::behind(&bench.copy, step, port, &before)?);
    Ok(soak.report(memory))
}

/// What is saved, and how it went.
struct Soak<'b> {
    course: &'b Course,
    step: &'b Step,
    main_rs: PathBuf,
    right: String,
    begun: String,
    times: Vec<Duration>,
    last_was_good: bool,
    memory: Option<u64>,
    problems: Vec<String>,
}

impl<'b> Soak<'b> {
    fn new(bench: &'b Bench, step: &'b Step) -> Result<Self, Trouble> {
        let text = |view| {
            let sources = starter::sources(step, view)?;
            Ok::<String, Trouble>(sources.into_iter().map(|source| source.text).collect())
        };
        Ok(Self {
            course: &bench.copy,
            step,
            main_rs: step.folder(Whose::Learner).join("src").join("main.rs"),
            right: text(View::Solution)?,
            begun: text(View::Starter)?,
            times: Vec::new(),
            last_was_good: true,
            memory: None,
            problems: Vec::new(),
        })
    }

    /// Saves, and waits for the verdict on what was saved.
    fn save(&mut self, number: usize, program: Program, style: Style) -> Result<(), Trouble> {
        style.save(&self.main_rs, &program.text(number, &self.right, &self.begun))?;
        let saved = Instant::now();
        let wanted = inputs::hash(self.course, self.step, Whose::Learner)?;
        let name = format!("save {number}, {program:?}, {style:?}");
        while saved.elapsed() < LIMIT {
            let verdict = Verdict::load(self.course, self.step, Whose::Learner);
            let Some(verdict) = verdict.filter(|verdict| verdict.inputs == wanted) else {
                thread::park_timeout(LOOK);
                continue;
            };
            let took = saved.elapsed();
            println!("{:6} ms  {name}: {:?}", took.as_millis(), verdict.outcome);
            if !program.may_be(verdict.outcome) {
                self.problems.push(format!("{name}: {:?}", verdict.outcome));
            }
            if program.is_good() && self.last_was_good {
                self.times.push(took);
            }
            if program != Program::Refused {
                self.last_was_good = program.is_good();
            }
            return Ok(());
        }
        self.problems.push(format!("{name}: no verdict of the file on the disk"));
        Ok(())
    }

    fn report(mut self, memory: Option<u64>) -> u8 {
        self.times.sort();
        if !self.times.is_empty() {
            let median = self.times[self.times.len() / 2];
            let p95 = self.times[(self.times.len() * 95 / 100).min(self.times.len() - 1)];
            let spread = p95.div_duration_f64(median);
            println!(
                "\n{} good saves after good ones: median {} ms, p95 {} ms, {spread:.2} times the median (wanted: {SPREAD})",
                self.times.len(),
                median.as_millis(),
                p95.as_millis()
            );
        }
        if let (Some(before), Some(after)) = (self.memory, memory) {
            println!("Memory of watch: {before} KiB after {SETTLED} saves, {after} KiB at the end");
            if after > before + GROWTH {
                self.problems.push(format!("watch has {} KiB more than before", after - before));
            }
        }
        if self.problems.is_empty() {
            println!("Every verdict was of the file on the disk, and nothing is left.");
        }
        for problem in &self.problems {
            println!("not so: {problem}");
        }
        u8::from(!self.problems.is_empty())
    }
}
