//! The parts of CI: each runs even after one that failed, and the end repeats what the failed ones said last.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use xtask::{process::call, trouble::Trouble};

/// How many lines of a failed part are shown again below the table.
const REPEATED: usize = 25;

/// How long to wait for more output once a part has ended: a process that it left running may hold the pipe.
const REST: Duration = Duration::from_secs(2);

/// How a part ended.
pub(crate) enum Ended {
    Passed,
    /// With the last lines that it printed.
    Failed(Vec<String>),
    /// Only where CI is not set; says why.
    Skipped(&'static str),
}

impl Ended {
    /// Failed if there is a problem. Prints them all.
    pub(crate) fn from_problems(problems: Vec<String>) -> Self {
        for problem in &problems {
            println!("{problem}");
        }
        if problems.is_empty() { Self::Passed } else { Self::Failed(problems) }
    }
}

/// The parts so far, each with its result.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

struct Row {
    name: &'static str,
    ended: Ended,
    took: Duration,
}

impl Table {
    /// Runs a part, even after one that failed.
    pub(crate) fn part(&mut self, name: &'static str, act: &dyn Fn() -> Result<Ended, Trouble>) {
        println!("\n=== {name}");
        let began = Instant::now();
        let ended = act().unwrap_or_else(|trouble| {
            anstream::eprintln!("{trouble}");
            Ended::Failed(vec![trouble.to_string()])
        });
        self.0.push(Row { name, ended, took: began.elapsed() });
    }

    /// Prints all of it, then what failed, and gives 1 if one part did.
    pub(crate) fn end(&self) -> u8 {
        println!("\n{:36}{:>10}  result", "part", "seconds");
        for row in &self.0 {
            let result = match &row.ended {
                Ended::Passed => "passed",
                Ended::Failed(_) => "FAILED",
                Ended::Skipped(why) => why,
            };
            println!("{:36}{:>10.1}  {result}", row.name, row.took.as_secs_f64());
        }
        for row in &self.0 {
            if let Ended::Failed(last) = &row.ended {
                println!("\n=== {} FAILED. It ended with:", row.name);
                for line in last {
                    println!("{line}");
                }
            }
        }
        u8::from(self.has_failed())
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.0.iter().any(|row| matches!(row.ended, Ended::Failed(_)))
    }
}

/// Runs a program to its end. What it prints is passed on, both streams as one, so that the lines keep their order.
pub(crate) fn run(mut command: Command) -> Result<Ended, Trouble> {
    let no_pipe = |error: io::Error| Trouble::Environment(format!("no pipe for output: {error}"));
    let (reader, writer) = io::pipe().map_err(no_pipe)?;
    command.stdin(Stdio::null()).stdout(writer.try_clone().map_err(no_pipe)?).stderr(writer);
    let mut child = command.spawn().map_err(|error| call::could_not_start(&command, &error))?;
    drop(command);

    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            println!("{line}");
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let status = child.wait().map_err(|error| {
        Trouble::Environment(format!("a part of CI could not be waited for: {error}"))
    })?;
    let last = last_of(&lines);
    Ok(if status.success() { Ended::Passed } else { Ended::Failed(last) })
}

/// The last lines, up to the end of the output.
fn last_of(lines: &Receiver<String>) -> Vec<String> {
    let mut last = VecDeque::new();
    while let Ok(line) = lines.recv_timeout(REST) {
        if last.len() == REPEATED {
            last.pop_front();
        }
        last.push_back(line);
    }
    last.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command).unwrap_or_else(|trouble| panic!("{trouble}"))
    }

    #[test]
    fn a_failed_part_says_its_last_lines_again() {
        let Ended::Failed(last) = shell("seq 100; echo why >&2; exit 1") else {
            panic!("it did not fail");
        };
        assert_eq!(last.len(), REPEATED);
        assert_eq!(last[REPEATED - 2..], ["100", "why"]);
    }

    #[test]
    fn what_a_part_leaves_running_is_not_waited_for() {
        let Ended::Failed(last) = shell("sleep 60 & echo $!; exit 1") else {
            panic!("it did not fail");
        };
        let ended = Command::new("kill").args(&last).status().expect("`kill` starts");
        assert!(ended.success(), "it had ended before the part did: {last:?}");
    }
}
