//! `cargo xtask mistakes`: every plausible wrong solution is caught by the check that should.

use std::collections::BTreeSet;

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};
use xtask::{
    course::{Course, Step},
    files,
    judge::{self, Part},
    learner::break_in,
    trouble::Trouble,
    tutor::{
        self, Mistake,
        matrix::{self, Matrix},
        records::{self, Record, Records},
    },
};

use crate::{
    attacks,
    bank::{self, Judged},
    drawn::{self, place},
    proof::Tried,
    side_by_side::side_by_side,
};

/// What `cargo xtask mistakes --help` prints.
pub(super) const HELP: &str = "\
cargo xtask mistakes [STEP…] [--evidence] [--drawn] [--new] [--only CHECK]… [--write]

Makes every mistake in solutions/*/mistakes, builds it, and judges it by the
step's checks: the named check must fail, and what they show must be what is on
record. The evidence of a mistake must match it, and a case labelled with its name
or a variant of it (mistakes/variants/NAME.1.patch), and no solution, no starter
and no case that is right; and for the mistake itself, `verify` must name it, and no
other. Without STEP: all of them, and then each check must catch a mistake. The
matrix goes to target/workshop/mistakes.json.

Of the step that is repaired: that the mistakes on record as attacks are attacks, alone, and in
the first exercises that `cargo xtask break-in --new` draws.

  --evidence   only try the evidence, which builds nothing
  --drawn      judge only one in twenty, drawn by the commit, and as many more as it takes to have
               one for each check; the records of the others are taken as they are. Of those
               that no check of time catches, a third is timed; of the attacks a third is tried,
               and of the exercises
  --new        judge only mistakes without a record, and put theirs on record
  --only CHECK run this check alone, after it was changed: what other checks show is taken from
               the records
  --write      put on record what they show now (solutions/*/mistakes/records.json,
               holes/attacks.json, for which all mistakes of earlier steps are tried); read
               the difference in git before you commit it";

/// Judges the bank and gives 1 if something is wrong with it.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let Asked { mut steps, only, flags: [write, evidence, new, drawn] } = read(course, arguments)?;
    let all = steps.is_empty();
    if all {
        steps.extend(&course.steps);
    }
    let mut problems = try_evidence(course, &steps)?;
    let commit = drawn.then(|| drawn::commit(course)).transpose()?;
    let drawn = if drawn { Some(drawn::mistakes(course, &steps)?) } else { None };
    if let Some(drawn) = &drawn {
        println!("{} of them are drawn by the commit.", drawn.len());
    }
    let part = |step: &Step, mistake: &Mistake| match &commit {
        _ if !only.is_empty() => Part::Only(&only),
        Some(commit) if !place(commit, ("timed", step.number, &mistake.name)).is_multiple_of(3) => {
            Part::Without(judge::TIMING)
        }
        _ => Part::All,
    };
    let mut matrices = Vec::new();
    for step in steps.into_iter().filter(|_| !evidence) {
        let checks = step.checks()?;
        if !only.is_empty() && !checks.iter().any(|check| only.contains(&check.name)) {
            continue;
        }
        if break_in::is_attacked(step) && !new && only.is_empty() {
            problems.extend(of_break_in(course, step, write, commit.as_deref())?);
        }
        let mut known =
            if new || drawn.is_some() { bank::still_known(step)? } else { Records::new() };
        if let Some(drawn) = &drawn {
            known.retain(|name, _| !drawn.contains(&(step.number, name.clone())));
        }
        if !only.is_empty() {
            // What does not compile is not seen by any check.
            known = bank::still_known(step)?;
            known.retain(|_, record| matches!(record, Record::Rustc(_)));
        }
        let part = |mistake: &Mistake| part(step, mistake);
        let shown = bank::judge(course, step, &known, part, &mut problems)?;
        let mut records = bank::records(&shown);
        records.extend(known);
        problems.extend(of_step(step, &shown, &records, write || new)?);
        for shown in &shown {
            problems.extend(bank::misnamed(course, shown)?);
        }
        let matrix = matrix::from_records(course, step, &records)?;
        if !matrix.rows.is_empty() {
            println!("{}", matrix.text());
            matrices.push(matrix);
        }
    }
    if all && !evidence {
        let idle = |check| {
            format!("`{check}` catches no mistake: add one that it catches, or take it away.")
        };
        problems.extend(matrix::idle(&matrices).into_iter().map(idle));
    }
    if !evidence {
        save(course, &matrices)?;
        report(&matrices, &problems);
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(u8::from(!problems.is_empty()))
}

/// What is asked for.
struct Asked<'c> {
    steps: Vec<&'c Step>,
    /// The only checks to run; all, if there are none.
    only: Vec<String>,
    /// `--write`, `--evidence`, `--new`, `--drawn`.
    flags: [bool; 4],
}

fn read(course: &Course, mut arguments: lexopt::Parser) -> Result<Asked<'_>, Trouble> {
    let (mut steps, mut only) = (Vec::new(), Vec::new());
    let [mut write, mut evidence, mut new, mut drawn] = [false; 4];
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("write") => write = true,
            Long("evidence") => evidence = true,
            Long("new") => new = true,
            Long("drawn") => drawn = true,
            Long("only") => only.push(arguments.value()?.parse()?),
            Value(step) => steps.push(course.step(&step.to_string_lossy())?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Asked { steps, only, flags: [write, evidence, new, drawn] })
}

/// What is wrong with the evidence of these steps' mistakes; says how many have any.
fn try_evidence(course: &Course, steps: &[&Step]) -> Result<Vec<String>, Trouble> {
    let tried = Tried::read(course)?;
    let (mut problems, mut with, mut all) = (Vec::new(), Vec::new(), 0);
    for step in steps {
        let (mistakes, troubles) = tutor::mistakes(step)?;
        problems.extend(troubles.iter().map(Trouble::to_string));
        all += mistakes.len();
        let with_evidence = mistakes.into_iter().filter(|mistake| !mistake.clues.is_empty());
        with.extend(with_evidence.map(|mistake| (*step, mistake)));
    }
    let found = side_by_side(with.iter(), |(step, mistake)| {
        let problem = match mistake.evidence(step)? {
            Some(evidence) => tried.problem(step, mistake, &evidence)?,
            None => None,
        };
        let path = Mistake::path(step, &mistake.name);
        Ok(problem.map(|problem| format!("{}: its evidence {problem}.", path.display())))
    })?;
    problems.extend(found.into_iter().flatten());
    let with = with.len();
    println!("{with} of {all} mistakes have evidence; the others are never named.");
    Ok(problems)
}

fn of_step(
    step: &Step,
    shown: &[Judged<'_>],
    records: &Records,
    write: bool,
) -> Result<Vec<String>, Trouble> {
    let checks: Vec<String> = step.checks()?.into_iter().map(|check| check.name).collect();
    let mut problems: Vec<String> =
        shown.iter().filter_map(|shown| bank::unexpected(shown, &checks)).collect();
    if !write {
        problems.extend(bank::outdated(step, records)?);
    } else if records::load(step)? != *records {
        records::save(step, records)?;
    }
    Ok(problems)
}

/// The mistakes that the break-in draws from, in place of a bank of its own.
fn of_break_in(
    course: &Course,
    step: &Step,
    write: bool,
    commit: Option<&str>,
) -> Result<Vec<String>, Trouble> {
    let now =
        if write { attacks::find(course, step) } else { attacks::again(course, step, commit) }?;
    let known = break_in::attacks(step)?;
    let place = break_in::record(step);
    println!("{}: {} mistakes of earlier steps are attacks", step.slug, now.len());
    if write && known != now {
        files::write_json(&place, &now)?;
    } else if known != now {
        let names: BTreeSet<&String> = known.keys().chain(now.keys()).collect();
        let names = names.into_iter().filter(|name| known.get(*name) != now.get(*name));
        return Ok(names
            .map(|name| {
                let checks = |record: Option<&Vec<String>>| {
                    record.map_or_else(|| "no attack".to_owned(), |checks| checks.join(", "))
                };
                format!(
                    "{}: `{name}` shows {} now, and {} is on record: `cargo xtask mistakes {} --write`, and read the \
                     difference in git.",
                    place.display(),
                    checks(now.get(name)),
                    checks(known.get(name)),
                    step.number
                )
            })
            .collect());
    }
    attacks::problems(course, step, commit)
}

fn save(course: &Course, matrices: &[Matrix]) -> Result<(), Trouble> {
    files::write_json(&course.temporary().join("mistakes.json"), matrices)
}

fn report(matrices: &[Matrix], problems: &[String]) {
    let rows: Vec<_> = matrices.iter().flat_map(|matrix| &matrix.rows).collect();
    let refused = rows.iter().filter(|row| row.caught_by.is_empty()).count();
    let missed = rows.iter().filter(|row| row.passes_the_happy_path).count();
    println!(
        "{} mistakes: {refused} do not compile, {missed} would pass a happy path.",
        rows.len()
    );
    if problems.is_empty() && !rows.is_empty() {
        println!("Each is caught by the check that should.");
    }
}
