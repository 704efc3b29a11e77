//! Which mistakes of earlier steps are attacks on the step that is repaired: `cargo xtask break-in --new` draws from
//! them.

use std::path::Path;

use protocol::finding::Kind;

use xtask::{
    course::{Course, Step, marks::View, source::Source, starter},
    judge,
    learner::break_in::{self, Attacks, Hole},
    trouble::Trouble,
    tutor::{CaughtBy, Mistake, matrix},
    verdict::{CheckResult, Outcome, Verdict},
};

use crate::{
    changed::{self, Built},
    drawn::place,
};

/// Looks for attacks among all mistakes of earlier steps.
pub(crate) fn find(course: &Course, step: &Step) -> Result<Attacks, Trouble> {
    judge(course, step, break_in::carried_mistakes(course, step)?)
}

/// Judges again those that are on record, since `break-in` draws no other; of a commit's, the part that it draws.
pub(crate) fn again(
    course: &Course,
    step: &Step,
    commit: Option<&str>,
) -> Result<Attacks, Trouble> {
    let is_drawn = |hole: &Hole| {
        commit.is_none_or(|commit| {
            place(commit, ("attack", break_in::name(&hole.mistake))).is_multiple_of(ONE_OF)
        })
    };
    let (drawn, others): (Vec<Hole>, Vec<Hole>) =
        break_in::candidates(course, step)?.into_iter().partition(is_drawn);
    let mut now =
        judge(course, step, drawn.into_iter().map(|hole| (hole.mistake, hole.alone)).collect())?;
    now.extend(others.into_iter().map(|hole| (break_in::name(&hole.mistake), hole.attacks)));
    Ok(now)
}

/// Of so many attacks a commit draws one.
const ONE_OF: u64 = 3;

/// Puts each mistake into the step's solution, alone, and gives the checks that fail where its own shows an attack.
fn judge(
    course: &Course,
    step: &Step,
    carried: Vec<(Mistake, Vec<Source>)>,
) -> Result<Attacks, Trouble> {
    let (mistakes, programs): (Vec<Mistake>, Vec<_>) = carried.into_iter().unzip();
    let (known, happy) = (break_in::attacks(step)?, matrix::happy_path(&course.root)?);
    let seen = judge_each(course, step, &programs, |index, first, again| {
        let mistake = &mistakes[index];
        let mut seen = attacks(mistake, &first, &happy);
        let on_record = known.get(&break_in::name(mistake)).map_or(&[][..], Vec::as_slice);
        for _ in 0..LOOKS_ALONE {
            if seen == on_record {
                break;
            }
            let again = attacks(mistake, &again()?, &happy);
            if seen.is_empty() {
                seen = again;
            } else {
                seen.retain(|check| again.contains(check));
            }
        }
        Ok(seen)
    })?;
    let seen =
        mistakes.iter().map(break_in::name).zip(seen.into_iter().map(Option::unwrap_or_default));
    Ok(seen.filter(|(_, attacks)| !attacks.is_empty()).collect())
}

/// How often a server is asked again that does not show what is on record, and it may show nothing at all: what a busy
/// machine has changed shows nothing twice alike.
const LOOKS_ALONE: usize = 2;

/// Builds and judges the programs side by side, then concludes from each verdict, with a server that may be judged
/// again, alone; `None` where rustc refuses it.
fn judge_each<A>(
    course: &Course,
    step: &Step,
    programs: &[Vec<Source>],
    conclude: impl Fn(usize, Verdict, &dyn Fn() -> Result<Verdict, Trouble>) -> Result<A, Trouble>,
) -> Result<Vec<Option<A>>, Trouble> {
    let checks = changed::checks(course, step)?;
    let look = |server: &Path| judge::try_server(course, step, server, &checks, judge::STEP_LIMIT);
    let looked = changed::each(course, step, programs, |_, built| match built {
        Built::Refused(_) => Ok(None),
        Built::Program(server) => Ok(Some((look(&server)?, server))),
    })?;
    let mut concluded = Vec::new();
    for (index, looked) in looked.into_iter().enumerate() {
        let end = looked.map(|(first, server)| conclude(index, first, &|| look(&server)));
        concluded.push(end.transpose()?);
    }
    changed::remove(course)?;
    Ok(concluded)
}

/// The checks that fail, if the mistake's own shows an attack and those of a happy path pass.
fn attacks(mistake: &Mistake, verdict: &Verdict, happy: &[String]) -> Vec<String> {
    let CaughtBy::Check(own) = &mistake.caught_by else { return Vec::new() };
    let failing: Vec<String> = verdict.failing().map(|check| check.name.clone()).collect();
    let shows = verdict.check(own).is_some_and(succeeds) && failing.len() <= BROAD;
    if shows && !failing.iter().any(|check| happy.contains(check)) { failing } else { Vec::new() }
}

/// How many checks may see a mistake: one that many see takes a guard away, and hides what is wrong behind it.
const BROAD: usize = 6;

/// Whether what a check saw is an attack that succeeds: what must be refused is answered as if it were right, or a
/// defence is missing, in words.
fn succeeds(check: &CheckResult) -> bool {
    let Some(finding) = check.finding.as_ref().filter(|_| !check.passed) else { return false };
    match finding.kind {
        Kind::Printed | Kind::Slow => true,
        Kind::Other => DEFENCES.iter().any(|defence| check.name.starts_with(defence)),
        _ => check.lets_in(),
    }
}

/// How the requirements begin that are not kept by an answer.
const DEFENCES: [&str; 5] = ["draws_", "keeps_", "refuses_", "salts_", "takes_as_long_"];

/// How many exercises are tried, and how many of them for one commit.
const EXERCISES: u64 = 6;
const OF_A_COMMIT: u64 = 2;

/// The numbers of the exercises that are tried.
fn exercises(commit: Option<&str>) -> impl Iterator<Item = u64> {
    let (first, count) = commit
        .map_or((0, EXERCISES), |commit| (place(commit, "exercises") % EXERCISES, OF_A_COMMIT));
    (first..first + count).map(|number| 1 + number % EXERCISES)
}

/// What is wrong with the exercises of the first numbers, or with those that a commit draws. With all holes open each
/// attack succeeds; with some of them closed, those on the others do, and no more.
pub(crate) fn problems(
    course: &Course,
    step: &Step,
    commit: Option<&str>,
) -> Result<Vec<String>, Trouble> {
    let candidates = break_in::candidates(course, step)?;
    let solution = starter::sources(step, View::Solution)?;
    let mut problems = Vec::new();
    let mut tried: Vec<(u64, Vec<Hole>, Vec<Hole>)> = Vec::new();
    let mut programs: Vec<Vec<Source>> = Vec::new();
    for seed in exercises(commit) {
        let Some(exercise) = break_in::draw(&solution, &candidates, seed) else {
            problems.push(format!("break-in {seed}: too few attacks fit together"));
            continue;
        };
        // Two are closed, others for each number.
        let mut holes = exercise.holes.clone();
        holes.rotate_left(usize::try_from(seed).unwrap_or_default() % break_in::HOLES);
        let closed = holes.split_off(break_in::HOLES - 2);
        let some = holes
            .iter()
            .try_fold(solution.clone(), |sources, hole| break_in::open(&solution, hole, &sources));
        let Some(some) = some else {
            problems.push(format!("break-in {seed}: its holes have lines in common"));
            continue;
        };
        programs.extend([exercise.sources, some]);
        tried.extend([(seed, exercise.holes, Vec::new()), (seed, holes, closed)]);
    }
    let ends = judge_each(course, step, &programs, |index, first, again| {
        let (_, open, closed) = &tried[index];
        let told = unlike(open, closed, &first);
        if told.is_empty() { Ok(told) } else { Ok(unlike(open, closed, &again()?)) }
    })?;
    for ((seed, open, _), told) in tried.iter().zip(ends) {
        let told = told.unwrap_or_else(|| vec!["it does not compile".to_owned()]);
        let holes: Vec<_> = open.iter().map(|hole| break_in::name(&hole.mistake)).collect();
        let holes = holes.join(", ");
        problems.extend(told.iter().map(|told| format!("break-in {seed}, with {holes}: {told}")));
    }
    Ok(problems)
}

/// What the checks say otherwise than they should.
fn unlike(open: &[Hole], closed: &[Hole], verdict: &Verdict) -> Vec<String> {
    if verdict.outcome != Outcome::Failed {
        return vec![format!("the outcome is {:?}", verdict.outcome)];
    }
    let checks = |holes: &[Hole], passed: bool, what: &str| -> Vec<String> {
        let of_holes = holes.iter().flat_map(|hole| &hole.attacks);
        let wrong =
            of_holes.filter(|name| verdict.check(name).is_none_or(|check| check.passed == passed));
        wrong.map(|name| format!("`{name}` {what}")).collect()
    };
    let mut told = checks(open, true, "passes, though its hole is open");
    told.extend(checks(closed, false, "fails, though its hole is closed"));
    told
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::{finding::Finding, said::Said};
    use xtask::{
        course::{Course, hints::Tier},
        tutor,
        verdict::Was,
    };

    use super::*;

    fn check(name: &str, kind: Kind, codes: [&str; 2]) -> CheckResult {
        let said = |code: &str| {
            let text = format!("GET / HTTP/1.1\n\nHTTP/1.1 {code}\n");
            if code.is_empty() { Said::from("words") } else { Said::Exchange(text) }
        };
        CheckResult {
            name: name.to_owned(),
            tier: Tier::Core,
            task: None,
            new: false,
            passed: false,
            was: Was::Failed,
            regression: false,
            drawn: Vec::new(),
            finding: Some(Finding::new(kind)),
            seen: None,
            expected: Some(said(codes[0])),
            actual: Some(said(codes[1])),
            reproduce: None,
            mistake: None,
        }
    }

    #[test]
    fn an_attack_succeeds_if_what_must_be_refused_is_not() {
        let let_in = check("refuses_x", Kind::LetIn, ["401 Unauthorized", "200 OK"]);
        assert!(succeeds(&let_in));
        assert!(!succeeds(&CheckResult { passed: true, ..let_in }));
        assert!(succeeds(&check("grants_x", Kind::Status, ["400 Bad Request", "200 OK"])));
        assert!(!succeeds(&check("grants_x", Kind::Status, ["200 OK", "400 Bad Request"])));
        assert!(!succeeds(&check("refuses_x", Kind::Body, ["400 Bad Request", "400 Bad Request"])));
        assert!(succeeds(&check("keeps_x_to_itself", Kind::Other, ["", ""])));
        assert!(!succeeds(&check("accepts_x", Kind::Other, ["", ""])));
    }

    #[test]
    fn every_exercise_is_tried_at_some_commit() {
        let all: BTreeSet<u64> = exercises(None).collect();
        let of = |number: u32| exercises(Some(&format!("commit {number}"))).collect::<Vec<_>>();
        assert_eq!((0..60).flat_map(of).collect::<BTreeSet<_>>(), all);
        assert_eq!(of(1).len(), 2);
    }

    #[test]
    fn an_open_hole_must_show_and_a_closed_one_must_not() {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let step = course.step("3").unwrap_or_else(|trouble| panic!("{trouble}"));
        let (mut bank, _) = tutor::mistakes(step).unwrap_or_else(|trouble| panic!("{trouble}"));
        let mistake = bank.pop().expect("the step has a bank");
        let attacks = vec!["refuses_x".to_owned()];
        let hole = Hole { mistake, attacks, alone: Vec::new() };
        let mut verdict = Verdict::new(step, String::new(), Outcome::Failed);
        verdict.checks = vec![check("refuses_x", Kind::LetIn, ["401 Unauthorized", "200 OK"])];
        let hole = [hole];
        assert_eq!(unlike(&hole, &[], &verdict), Vec::<String>::new());
        assert_eq!(unlike(&[], &hole, &verdict).len(), 1);
        verdict.checks[0].passed = true;
        assert_eq!(unlike(&hole, &[], &verdict).len(), 1);
        assert_eq!(unlike(&[], &hole, &verdict), Vec::<String>::new());
    }
}
