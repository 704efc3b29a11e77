//! Refused logins that differ in their user alone, and how long each takes.

use std::time::{Duration, Instant};

use harness::{Failure, Server, Setup, check_alone, draw};

use super::{begin, cores, fails_each_time, login, median, patient};

/// A machine that is too busy for any verdict by then gives none. Where a login seems to differ, it gets twice that.
const LONGEST: Duration = Duration::from_secs(10);

#[test]
fn takes_as_long_for_an_unknown_user() {
    check_alone(&patient(Setup::with_own_users()), |server| {
        fails_each_time(2, || one_by_one(server))?;
        fails_each_time(3, || at_once(server))
    });
}

/// The logins take turns, in an order that is drawn, and each is compared with the known user's of the same turn: a
/// busy machine slows all of them alike. Within its noise there is no verdict: then the next turn decides. A login that
/// surely takes as long as the known user's is left out of the turns that follow.
fn one_by_one(server: &Server) -> Result<Option<Failure>, Failure> {
    let mallory = draw::letters("name", 7);
    let mut others = [
        Other::new("an unknown user", &mallory, "wrong"),
        Other::new("a disabled user", "bob", "wrong"),
        Other::new("a disabled user's right password", "bob", "builder"),
    ];
    // What is remembered of a login does not show in the first one.
    login(server, "bob", "builder").send()?;
    let mut known = Vec::new();
    let beginning = Instant::now();
    let is_over = |others: &[Other<'_>]| {
        let seems_to_differ = others.iter().any(|other| other.open && other.seems_to_differ());
        beginning.elapsed() > if seems_to_differ { 2 * LONGEST } else { LONGEST }
    };
    while !is_over(&others) {
        known.push(turn(server, &mut others)?);
        let deviation = deviation(&others);
        if known.len() >= 4 {
            for other in &mut others {
                other.open &= !other.shows_the_same(deviation);
            }
        }
        if others.iter().all(|other| !other.open) {
            return Ok(None);
        }
        let differ: Vec<&Other<'_>> = others
            .iter()
            .filter(|other| other.open && other.shows_a_difference(deviation))
            .collect();
        if known.len() >= 10 && !differ.is_empty() {
            let expected = "a refused login that takes equally long for every user";
            return Ok(Some(Failure::slow(expected, times(known, &differ))));
        }
    }
    Ok(None)
}

/// A pause as long as a hash shows in a crowd: it takes no core, and so no time from the others.
fn at_once(server: &Server) -> Result<Option<Failure>, Failure> {
    // At most a gigabyte, if all of them are worked on at once.
    let logins = (4 * cores()).min(50);
    let known = crowd(server, "alice", logins)?;
    let unknown = crowd(server, &draw::letters("name", 7), logins)?;
    if 2.0 * unknown > known {
        return Ok(None);
    }
    let expected = format!("{logins} refused logins at once that take equally long for every user");
    let (known, unknown) = (1000.0 * known, 1000.0 * unknown);
    let actual =
        format!("{known:.1} ms for a known user\n{unknown:.1} ms for an unknown user: sooner");
    Ok(Some(Failure::slow(expected, actual)))
}

/// How many seconds so many logins at once take, to the last of them.
fn crowd(server: &Server, username: &str, logins: usize) -> Result<f64, Failure> {
    let start = Instant::now();
    for login in begin(server, logins, username, "wrong")? {
        login.finish()?;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// A login that must take as long as a known user's with a wrong password.
struct Other<'n> {
    who: &'static str,
    username: &'n str,
    password: &'n str,
    /// How many seconds each took.
    times: Vec<f64>,
    /// How much longer each took than the known user's of its turn: the logarithm of their ratio.
    longer: Vec<f64>,
    /// Whether there is no verdict on it yet.
    open: bool,
}

impl<'n> Other<'n> {
    fn new(who: &'static str, username: &'n str, password: &'n str) -> Self {
        Self { who, username, password, times: Vec::new(), longer: Vec::new(), open: true }
    }

    fn mean(&self) -> f64 {
        self.longer.iter().sum::<f64>() / count(self.longer.len()).max(1.0)
    }

    fn squares(&self) -> f64 {
        let mean = self.mean();
        self.longer.iter().map(|one| (one - mean).powi(2)).sum()
    }

    /// Surely less than 1.6 times as long, and not sooner either.
    fn shows_the_same(&self, deviation: f64) -> bool {
        self.mean().abs() + 3.0 * self.standard_error(deviation) < 1.6_f64.ln()
    }

    /// Surely more than 1.2 times as long, or sooner.
    fn shows_a_difference(&self, deviation: f64) -> bool {
        self.mean().abs() - 3.0 * self.standard_error(deviation) > 1.2_f64.ln()
    }

    fn seems_to_differ(&self) -> bool {
        self.mean().abs() > 1.4_f64.ln()
    }

    /// Of the mean.
    fn standard_error(&self, deviation: f64) -> f64 {
        deviation / count(self.longer.len()).sqrt()
    }
}

/// The known user's login and those of which nothing is sure yet; how many seconds the first took.
fn turn(server: &Server, others: &mut [Other<'_>]) -> Result<f64, Failure> {
    let mut open: Vec<&mut Other<'_>> = others.iter_mut().filter(|other| other.open).collect();
    let logins = open.len() + 1;
    let first = draw::below(logins);
    let mut known = 0.0;
    for number in (0..logins).map(|number| (first + number) % logins) {
        match number.checked_sub(1) {
            None => known = time(server, "alice", "wrong")?,
            Some(number) => {
                let took = time(server, open[number].username, open[number].password)?;
                open[number].times.push(took);
            }
        }
    }
    for other in open {
        other.longer.extend(other.times.last().map(|took| (took / known).ln()));
    }
    Ok(known)
}

fn time(server: &Server, username: &str, password: &str) -> Result<f64, Failure> {
    let start = Instant::now();
    login(server, username, password).send()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Of one comparison. It is the machine's, and so the same for all logins: a few turns of one may look more even than
/// they are.
fn deviation(others: &[Other<'_>]) -> f64 {
    let squares: f64 = others.iter().map(Other::squares).sum();
    let free: usize = others.iter().map(|other| other.longer.len() - 1).sum();
    // No machine is as even as a few turns may seem.
    (squares / count(free).max(1.0)).sqrt().max(0.05)
}

/// How long a known user's login takes, and each that differs from it.
fn times(known: Vec<f64>, differ: &[&Other<'_>]) -> String {
    let milliseconds = |times: Vec<f64>| 1000.0 * median(times);
    let mut lines = format!("{:.1} ms for a known user", milliseconds(known));
    for other in differ {
        let how = if other.mean() < 0.0 { "sooner" } else { "later" };
        lines += &format!("\n{:.1} ms for {}: {how}", milliseconds(other.times.clone()), other.who);
    }
    lines
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
