//! A timetable, made of the steps' minutes: it never promises more than fits.

use xtask::course::{Course, Step};

/// People listen and type for so many minutes before they need a break.
const STRETCH: u16 = 90;

/// How long a break takes, in minutes.
const BREAK: u16 = 15;

/// How far everybody is taken through each step.
#[derive(Clone, Copy)]
pub(crate) enum Depth {
    /// Until one may go on.
    Core,
    /// Until every check passes.
    All,
}

impl Depth {
    fn minutes(self, step: &Step) -> u16 {
        match self {
            Self::Core => step.minutes.core,
            Self::All => step.minutes.all,
        }
    }
}

/// The steps from `first` to `last` in so many minutes, with breaks; an error if they do not fit.
pub(crate) fn timetable(
    course: &Course,
    minutes: &str,
    depth: Depth,
    first: &str,
    last: &str,
) -> Result<String, String> {
    let minutes: u16 =
        minutes.parse().map_err(|_| format!("`{minutes}` is no number of minutes"))?;
    let index = |slug: &str| {
        let index = course.steps.iter().position(|step| step.slug == slug);
        index.ok_or_else(|| format!("there is no step `{slug}`"))
    };
    let (from, to) = (index(first)?, index(last)?);
    let steps = course.steps.get(from..=to).filter(|steps| !steps.is_empty());
    let steps = steps.ok_or_else(|| format!("step `{first}` comes after `{last}`"))?;
    let timed = steps.iter().map(|step| {
        let name = format!("[{}. {}]({}.md)", step.number, step.title, step.slug);
        (name, depth.minutes(step))
    });
    table(minutes, timed)
}

fn table(minutes: u16, steps: impl Iterator<Item = (String, u16)>) -> Result<String, String> {
    let mut rows = "| from | to | what |\n|--:|--:|---|\n".to_owned();
    let (mut now, mut stretch) = (0, 0);
    let mut row = |now: &mut u16, takes: u16, what: &str| {
        let (from, to) = (clock(*now), clock(*now + takes));
        rows.push_str(&format!("| {from} | {to} | {what} |\n"));
        *now += takes;
    };
    for (name, takes) in steps {
        if stretch > 0 && stretch + takes > STRETCH {
            row(&mut now, BREAK, "*break*");
            stretch = 0;
        }
        row(&mut now, takes, &name);
        stretch += takes;
    }
    match minutes.checked_sub(now) {
        None => {
            let over = now - minutes;
            Err(format!(
                "these steps and their breaks take {now} minutes, {over} more than the {minutes} that there \
                 are: end with an earlier step, or correct the steps' minutes"
            ))
        }
        Some(0) => Ok(rows),
        Some(left) => {
            row(&mut now, left, "*left for arriving, for talk, and for what took longer*");
            Ok(rows)
        }
    }
}

/// `95` is `1:35`.
fn clock(minutes: u16) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_minutes(minutes: u16, steps: &[u16]) -> Result<String, String> {
        let steps = (1..).zip(steps).map(|(number, takes)| (format!("step {number}"), *takes));
        table(minutes, steps)
    }

    #[test]
    fn breaks_come_before_a_stretch_is_too_long() {
        let rows = of_minutes(150, &[50, 40, 10]).expect("it fits");
        let expected = "| from | to | what |\n|--:|--:|---|\n\
                        | 0:00 | 0:50 | step 1 |\n| 0:50 | 1:30 | step 2 |\n\
                        | 1:30 | 1:45 | *break* |\n| 1:45 | 1:55 | step 3 |\n\
                        | 1:55 | 2:30 | *left for arriving, for talk, and for what took longer* |\n";
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_long_step_needs_no_break_before_it_and_a_full_table_has_nothing_left() {
        let rows = of_minutes(100, &[100]).expect("it fits");
        assert!(rows.ends_with("| 0:00 | 1:40 | step 1 |\n"), "{rows}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let wrong = of_minutes(100, &[50, 40, 10]).expect_err("the break is too much");
        assert!(wrong.contains("take 115 minutes, 15 more than the 100"), "{wrong}");
    }
}
