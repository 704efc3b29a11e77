//! What the benches print: a line for each thing measured.

use std::time::Duration;

/// The middle one.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A line for two times, the second of which is the measure.
pub(crate) fn print_ratio(what: &str, took: Duration, bare: Duration, goal: f64, how: &str) {
    let ratio = took.div_duration_f64(bare);
    let times = format!("{:.2} s / {:.2} s, {how}", took.as_secs_f64(), bare.as_secs_f64());
    print_row(what, &format!("{ratio:.2}"), &format!("<= {goal}"), &times);
}

/// A line: what was measured, the result, the goal, and how.
pub(crate) fn print_row(what: &str, measured: &str, goal: &str, how: &str) {
    println!("{}", format!("{what:46}{measured:>10}{goal:>10}  {how}").trim_end());
}
