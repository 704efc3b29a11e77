//! What the table of a folder has on record about a case, and how what it is told differs from that.
//!
//! `exit`, `failing` and `told` are what an earlier commit said. `known` is how we fall short today of what would be
//! right, and `named` is the mistake that is named today, or `none`: a drop in naming is seen as a fall of the checks is.

use std::fmt;

use xtask::verdict::Outcome;

use crate::cases::case::{Case, Told};

/// The columns that `--write` writes.
pub(super) const WRITTEN: [&str; 2] = ["known", "named"];

/// What the column `named` has where no mistake is named.
const NONE: &str = "none";

/// A way to be wrong about a case, as the column `known` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shortcoming {
    /// A mistake that no check catches.
    Missed,
    /// A correct solution that a check fails.
    Refused,
    /// A mistake is named that is not there.
    Misnamed,
}

impl fmt::Display for Shortcoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missed => "missed",
            Self::Refused => "refused",
            Self::Misnamed => "misnamed",
        })
    }
}

/// A line about the case and what it is told.
pub(crate) fn row(case: &Case, told: &Told) -> String {
    let Case { id, step, kind, .. } = case;
    let mistake = told.mistake.as_deref().unwrap_or_default();
    format!("{id}\t{step}\t{kind}\t{}\t{}\t{mistake}", told.exit, told.failing.join(", "))
}

/// Every way in which what the case is told differs from what is on record, in words.
pub(crate) fn differences(case: &Case, told: &Told) -> Vec<String> {
    let all = [earlier(case, told), shortcoming(case, told), naming(case, told)];
    all.into_iter().flatten().collect()
}

/// Puts on record what the case is told.
pub(crate) fn write(case: &mut Case, told: &Told) {
    let known = Shortcoming::of(case, told).map(|now| now.to_string());
    case.columns.insert("known".to_owned(), known.unwrap_or_default());
    let named = told.mistake.clone();
    case.columns.insert("named".to_owned(), named.unwrap_or_else(|| NONE.to_owned()));
}

/// Whether anything is on record that a look at the case could confirm.
pub(super) fn is_there(case: &Case) -> bool {
    let is_filled = |name| case.column(name).is_some_and(|value| !value.is_empty());
    is_filled("named") || is_filled("exit")
}

fn earlier(case: &Case, told: &Told) -> Option<String> {
    let list = |text: &str| -> Vec<String> {
        text.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let before = Told {
        exit: case.column("exit")?.parse().ok()?,
        failing: list(case.column("failing")?),
        mistake: case.column("told").filter(|name| !name.is_empty()).map(str::to_owned),
    };
    let differs = before != *told;
    differs.then(|| format!("\nbefore: {}\nnow:    {}", row(case, &before), row(case, told)))
}

/// A shortcoming that is not on record, or one on record that is no more.
fn shortcoming(case: &Case, told: &Told) -> Option<String> {
    let known = case.column("known").filter(|known| !known.is_empty());
    let now = Shortcoming::of(case, told).map(|now| now.to_string());
    if known == now.as_deref() {
        return None;
    }
    let what = match now {
        Some(now) => format!("is {now}"),
        None => format!("is not {} any more", known?),
    };
    Some(format!("\nstep {}, {} {what}: {}", case.step, case.id, row(case, told)))
}

/// A name that is not the one on record, in a table that has names.
fn naming(case: &Case, told: &Told) -> Option<String> {
    let on_record = case.column("named")?;
    let now = told.mistake.as_deref().unwrap_or(NONE);
    if on_record == now {
        return None;
    }
    let before = if on_record.is_empty() { "nothing is on record" } else { on_record };
    let (step, id) = (case.step, &case.id);
    Some(format!("\nstep {step}, {id} is named `{now}`; in the column named: {before}"))
}

impl Shortcoming {
    /// How the tool falls short of what would be right.
    fn of(case: &Case, told: &Told) -> Option<Self> {
        match case.column("outcome") {
            Some("solved") if told.exit != Outcome::Solved.exit_code() => Some(Self::Refused),
            Some("fails") if told.exit == Outcome::Solved.exit_code() => Some(Self::Missed),
            _ if told.mistake.is_some() && !case.is_named_right(told) => Some(Self::Misnamed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::case::tests::{case, told};

    #[test]
    fn what_falls_short_of_right_has_a_name() {
        let short = |outcome, right, told| Shortcoming::of(&case(outcome, right), &told);
        assert_eq!(short("fails", "one", told(0, None)), Some(Shortcoming::Missed));
        assert_eq!(short("fails", "one", told(1, None)), None);
        assert_eq!(short("fails", "one", told(1, Some("two"))), Some(Shortcoming::Misnamed));
        assert_eq!(short("fails", "one, two", told(1, Some("two"))), None);
        assert_eq!(short("refused", "none", told(3, Some("two"))), Some(Shortcoming::Misnamed));
        assert_eq!(short("solved", "none", told(1, None)), Some(Shortcoming::Refused));
        assert_eq!(short("solved", "none", told(0, None)), None);
    }

    #[test]
    fn what_is_on_record_is_no_difference_and_all_else_is_one() {
        let mut one = case("fails", "one");
        one.columns.insert("named".to_owned(), String::new());
        let different = |case: &Case, told| differences(case, &told).concat();
        assert!(different(&one, told(1, Some("one"))).contains("nothing is on record"));
        write(&mut one, &told(1, Some("one")));
        assert_eq!(different(&one, told(1, Some("one"))), "");
        assert!(different(&one, told(1, None)).contains("`none`; in the column named: one"));
        assert!(different(&one, told(0, None)).contains("is missed"));
        write(&mut one, &told(0, None));
        assert_eq!(different(&one, told(0, None)), "");
        assert!(different(&one, told(1, None)).contains("is not missed any more"));
    }

    #[test]
    fn a_table_without_names_asks_for_none() {
        assert_eq!(differences(&case("fails", "one"), &told(1, None)), Vec::<String>::new());
    }
}
