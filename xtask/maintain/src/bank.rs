//! The whole bank, judged: what each mistake shows, and everything that is wrong with the bank.

use std::{collections::BTreeSet, path::Path, slice};

use xtask::{
    course::{Course, Step, marks::View, patch, source::Source, starter},
    judge::{self, Part},
    trouble::Trouble,
    tutor::{
        self, CaughtBy, Mistake, diagnose,
        picture::{EVERY, Picture},
        records::{self, Record, Records},
    },
};

use crate::changed::{self, Built};

/// A mistake and what it shows.
pub(crate) struct Judged<'c> {
    /// The step that it is made in.
    pub(crate) step: &'c Step,
    /// The mistake.
    pub(crate) mistake: Mistake,
    /// The solution with the mistake in it.
    pub(crate) sources: Vec<Source>,
    /// Which checks fail and how, or what rustc says.
    pub(crate) record: Record,
}

/// The records of mistakes that the bank still has.
pub(crate) fn still_known(step: &Step) -> Result<Records, Trouble> {
    let (found, _) = tutor::mistakes(step)?;
    let mut known = records::load(step)?;
    known.retain(|name, _| found.iter().any(|mistake| mistake.name == *name));
    Ok(known)
}

/// Makes every mistake of the step that can be read and is not judged yet, builds it and runs a part of the step's checks
/// against it. What a check that is not run would show is taken from the record.
pub(crate) fn judge<'c, 'p>(
    course: &'c Course,
    step: &'c Step,
    judged: &Records,
    part: impl Fn(&Mistake) -> Part<'p> + Sync,
    problems: &mut Vec<String>,
) -> Result<Vec<Judged<'c>>, Trouble> {
    let (found, _) = tutor::mistakes(step)?;
    let (mut mistakes, mut wrong) = (Vec::new(), Vec::new());
    for mistake in found.into_iter().filter(|mistake| !judged.contains_key(&mistake.name)) {
        match make(step, &mistake) {
            Ok(changed) => {
                wrong.push(changed);
                mistakes.push(mistake);
            }
            Err(trouble) => problems.push(trouble.to_string()),
        }
    }
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let checks = changed::checks(course, step)?;
    let known = records::load(step)?;
    let all = |server: &Path| {
        judge::try_server(course, step, server, &checks, judge::STEP_LIMIT)
            .map(|verdict| Picture::take(&verdict, |_| true))
    };
    let look = |server: &Path, mistake: &Mistake| {
        let part = part(mistake);
        let before = match known.get(&mistake.name) {
            Some(Record::Checks(before)) if !matches!(part, Part::All) => before,
            _ => return all(server).map(Record::Checks),
        };
        let verdict = judge::try_some(course, step, server, &checks, part)?;
        let is_left_out = |name: &String| *name != EVERY && verdict.check(name).is_none();
        if matches!(part, Part::Without(_)) && before.symptoms.keys().any(is_left_out) {
            return all(server).map(Record::Checks);
        }
        Ok(Record::Checks(before.seen_again(&verdict)))
    };
    let looked = changed::each(course, step, &wrong, |number, built| match built {
        Built::Program(server) => Ok(Some((look(&server, &mistakes[number])?, Some(server)))),
        Built::Refused(errors) => {
            Ok(errors.into_iter().next().map(|error| (Record::Rustc(error), None)))
        }
    })?;
    let mut shown = Vec::new();
    for ((mistake, sources), looked) in mistakes.into_iter().zip(wrong).zip(looked) {
        let Some((mut record, server)) = looked else {
            let path = Mistake::path(step, &mistake.name);
            problems.push(format!("{}: rustc refuses it and names no place.", path.display()));
            continue;
        };
        let is_known = |record: &Record| known.get(&mistake.name) == Some(record);
        // What a busy machine has changed shows nothing twice alike: here it is asked again, alone.
        for server in server.iter().cycle().take(LOOKS_ALONE) {
            if !is_known(&record) {
                let again = look(server, &mistake)?;
                record = if is_known(&again) { again } else { record.also_in(&again) };
            }
        }
        shown.push(Judged { step, mistake, sources, record });
    }
    changed::remove(course)?;
    Ok(shown)
}

/// The solution with the mistake in it.
pub(crate) fn make(step: &Step, mistake: &Mistake) -> Result<Vec<Source>, Trouble> {
    let mut sources = starter::sources(step, View::Solution)?;
    patch::apply(&mistake.patch, &mut sources).map_err(|why| {
        Trouble::Environment(format!(
            "{} cannot be applied: {why}. It has to fit the solution without its marker lines, \
             which `cargo xtask solution {}` prints: fix it, or make it again with `diff -u`.",
            Mistake::path(step, &mistake.name).display(),
            step.number
        ))
    })?;
    Ok(sources)
}

/// How often a server is asked again that does not show what is on record.
const LOOKS_ALONE: usize = 2;

/// What a mistake shows against what its head says: one sentence for each difference.
pub(crate) fn unexpected(shown: &Judged<'_>, checks: &[String]) -> Option<String> {
    let path = Mistake::path(shown.step, &shown.mistake.name);
    let path = path.display();
    match (&shown.mistake.caught_by, &shown.record) {
        (CaughtBy::Check(check), _) if !checks.contains(check) => Some(format!(
            "{path}: step {} has no check `{check}`: name one of its hints.md.",
            shown.step.number
        )),
        (CaughtBy::Check(_), Record::Checks(picture)) if picture.symptoms.is_empty() => {
            Some(format!(
                "{path}: no check catches it. Write the check that does, or delete the mistake."
            ))
        }
        (CaughtBy::Check(check), Record::Checks(picture)) if picture.at(check).is_none() => {
            let others: Vec<&String> = picture.symptoms.keys().collect();
            Some(format!("{path}: `{check}` does not catch it; these do: {others:?}."))
        }
        (CaughtBy::Check(_), Record::Rustc(error)) => Some(format!(
            "{path}: it does not compile ({}). Fix it, or write `Error: {}` for `Check:`.",
            error.message,
            error.code.as_deref().unwrap_or("none")
        )),
        (CaughtBy::Rustc(_), Record::Checks(_)) => {
            Some(format!("{path}: it compiles. Name the `Check:` that catches it."))
        }
        (CaughtBy::Rustc(code), Record::Rustc(error)) if *code != error.code => Some(format!(
            "{path}: rustc's first error is {}, not {}: {}",
            error.code.as_deref().unwrap_or("none"),
            code.as_deref().unwrap_or("none"),
            error.message
        )),
        _ => None,
    }
}

/// The mistake that `verify` names for this one, if it is a different one. Mistakes without a record do not count.
pub(crate) fn misnamed(course: &Course, shown: &Judged<'_>) -> Result<Option<String>, Trouble> {
    let Judged { step, mistake, sources, record } = shown;
    if records::load(step)?.get(&mistake.name) != Some(record) {
        return Ok(None);
    }
    let named = match (record, &mistake.caught_by) {
        (Record::Checks(picture), CaughtBy::Check(check)) => {
            diagnose::named_at(step, sources, picture, check)?
        }
        (Record::Rustc(error), _) => {
            diagnose::errors(course, step, sources, slice::from_ref(error))?.map(|known| known.name)
        }
        _ => None,
    };
    let expected = (!mistake.clues.is_empty()).then_some(&mistake.name);
    Ok((named.as_ref() != expected).then(|| {
        format!(
            "{}: a learner who makes it is told {}: make its evidence say more, or that of the other.",
            Mistake::path(step, &mistake.name).display(),
            named.map_or("nothing".to_owned(), |name| format!("`{name}`"))
        )
    }))
}

/// Differences between what the mistakes show now and what is on record.
pub(crate) fn outdated(step: &Step, now: &Records) -> Result<Vec<String>, Trouble> {
    let known = records::load(step)?;
    let cure =
        format!("`cargo xtask mistakes {} --write`, and read the difference in git", step.number);
    let folder = tutor::folder(step);
    let place = folder.join("records.json");
    let place = place.display();
    let gone = known.keys().filter(|name| !now.contains_key(*name));
    let mut problems: Vec<String> = gone
        .map(|name| format!("{place}: `{name}` is no mistake of this step any more: {cure}."))
        .collect();
    for (name, record) in now {
        if known.get(name) != Some(record) {
            let what = match known.get(name) {
                Some(old) => format!("shows something else now{}", where_else(old, record)),
                None => "is not there".to_owned(),
            };
            problems.push(format!("{place}: `{name}` {what}: {cure}."));
        }
    }
    Ok(problems)
}

/// The checks at which two records differ, and what they show now.
fn where_else(old: &Record, new: &Record) -> String {
    let (Record::Checks(old), Record::Checks(new)) = (old, new) else { return String::new() };
    let names: BTreeSet<&String> = old.symptoms.keys().chain(new.symptoms.keys()).collect();
    let differ =
        names.into_iter().filter(|name| old.symptoms.get(*name) != new.symptoms.get(*name));
    let each = |name: &String| match new.symptoms.get(name) {
        Some(came) => format!(" at `{name}` ({})", came.join(" / ")),
        None => format!(" at `{name}`, which does not fail"),
    };
    differ.map(each).collect::<Vec<_>>().join(",")
}

/// What the mistakes show now, as a record.
pub(crate) fn records(shown: &[Judged<'_>]) -> Records {
    shown.iter().map(|shown| (shown.mistake.name.clone(), shown.record.clone())).collect()
}
