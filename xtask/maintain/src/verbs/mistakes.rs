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
               one for each check that is drawn, about half of all; the records of the others
               are taken as they are. Of those that no check of time catches, a third is timed;
               of the attacks a third is tried, and of the exercises
  --new        judge only mistakes without a record, and put theirs on record
  --only CHECK run this check alone, after it was changed: what other checks show is taken from
               the records
  --write      put on record what they show now (solutions/*/mistakes/records.json,
               holes/attacks.json, for which all mistakes of earlier steps are tried); read
               the difference in git before you commit it";

/// Judges the bank and gives 1 if something is wrong with it.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let Asked { mut steps, which, write, evidence } = read(course, arguments)?;
    let all = steps.is_empty();
    if all {
        steps.extend(&course.steps);
    }
    let mut problems = try_evidence(course, &steps)?;
    let mut matrices = Vec::new();
    for step in steps.into_iter().filter(|_| !evidence) {
        if !which.concerns(step)? {
            continue;
        }
        if break_in::is_attacked(step) {
            problems.extend(which.of_break_in(course, step, write)?);
        }
        let known = which.taken_as_they_are(step)?;
        let part = |mistake: &Mistake| which.part(step, mistake);
        let shown = bank::judge(course, step, &known, part, &mut problems)?;
        let mut records = bank::records(&shown);
        records.extend(known);
        let write = write || matches!(which, Which::New);
        problems.extend(of_step(step, &shown, &records, write)?);
        for shown in &shown {
            problems.extend(bank::misnamed(course, shown)?);
        }
        let matrix = matrix::from_records(course, step, &records)?;
        if !matrix.rows.is_empty() {
            println!("{}", matrix.text());
            matrices.push(matrix);
        }
    }
    // A check on its own is run on the steps that have it: what others catch is not seen.
    if all && !evidence && !matches!(which, Which::By(_)) {
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
    which: Which,
    write: bool,
    evidence: bool,
}

/// Which mistakes are judged, and by what.
enum Which {
    /// Every one, by all checks.
    All,
    /// Those without a record, by all checks.
    New,
    /// Those that a commit draws, by the step's number and the mistake's name; a third of them also by the checks that
    /// depend on time.
    Drawn { commit: String, names: BTreeSet<(u8, String)> },
    /// Every one that compiles, by these checks.
    By(Vec<String>),
}

impl Which {
    fn concerns(&self, step: &Step) -> Result<bool, Trouble> {
        let Self::By(checks) = self else { return Ok(true) };
        Ok(step.checks()?.iter().any(|check| checks.contains(&check.name)))
    }

    /// The records of the mistakes that are not judged.
    fn taken_as_they_are(&self, step: &Step) -> Result<Records, Trouble> {
        let mut known = bank::still_known(step)?;
        known.retain(|name, record| match self {
            Self::All => false,
            Self::New => true,
            Self::Drawn { names, .. } => !names.contains(&(step.number, name.clone())),
            Self::By(_) => matches!(record, Record::Rustc(_)),
        });
        Ok(known)
    }

    fn part(&self, step: &Step, mistake: &Mistake) -> Part<'_> {
        match self {
            Self::By(checks) => Part::Only(checks),
            Self::Drawn { commit, .. }
                if !place(commit, ("timed", step.number, &mistake.name)).is_multiple_of(3) =>
            {
                Part::Without(judge::TIMING)
            }
            _ => Part::All,
        }
    }

    /// What is wrong with the mistakes that the break-in draws from.
    fn of_break_in(
        &self,
        course: &Course,
        step: &Step,
        write: bool,
    ) -> Result<Vec<String>, Trouble> {
        match self {
            Self::All => of_break_in(course, step, write, None),
            Self::Drawn { commit, .. } => of_break_in(course, step, write, Some(commit)),
            Self::New | Self::By(_) => Ok(Vec::new()),
        }
    }
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
    let which = match (new, drawn, only.is_empty()) {
        (false, false, true) => Which::All,
        (true, false, true) => Which::New,
        (false, true, true) => {
            let commit = drawn::commit(course)?;
            let of = if steps.is_empty() { course.steps.iter().collect() } else { steps.clone() };
            let names = drawn::mistakes(&commit, &of)?;
            println!("{} mistakes are drawn by the commit.", names.len());
            Which::Drawn { commit, names }
        }
        (false, false, false) => Which::By(only),
        _ => return Err(Trouble::Arguments("give one of --drawn, --new and --only".to_owned())),
    };
    Ok(Asked { steps, which, write, evidence })
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
