//! Which known mistake a failure looks like. A mistake is named only if the source shows it and its record explains the
//! failures; where several fit equally well, nothing is guessed.

use crate::{
    course::{Course, Step, source::Source},
    process::cargo_messages::RustcError,
    trouble::Trouble,
    tutor::{
        evidence::{Place, Program},
        explanation::{Seen, Shown, explain, explain_in_part, fitting, most_specific, seen},
        picture::Picture,
        records::Record,
        symptom::without_names,
    },
    verdict::{CheckResult, Verdict, diagnosis::Diagnosis},
};

/// Names the mistakes that the source shows: those of one step that together explain every failure, else those of this step
/// and of earlier ones, each at the checks that it fails. What the starter shows as well needs no explanation, and neither
/// does a task of which nothing is written yet.
pub fn failures(
    course: &Course,
    step: &Step,
    sources: &[Source],
    verdict: &mut Verdict,
    starter: Option<&Verdict>,
) -> Result<(), Trouble> {
    let read = |check: &CheckResult| {
        let begun = !check.is_unbegun(starter) && !verdict.is_expected(check);
        Shown::read(check, begun)
    };
    let shown: Vec<Shown> = verdict.checks.iter().map(read).collect();
    if !shown.iter().any(|shown| shown.begun) {
        return Ok(());
    }
    let program = Program::read(sources);
    let mut so_far: Vec<(Picture, Seen)> = Vec::new();
    for of in nearest_first(course, step) {
        let fitting = fitting(of, &program, &shown)?;
        let explained = explain(&fitting, &shown);
        if !explained.is_empty() {
            return name(course, step, sources, verdict, &explained);
        }
        if of.number <= step.number {
            let is_new = |(_, one): &(Picture, Seen)| {
                so_far.iter().all(|(_, known)| known.mistake.name != one.mistake.name)
            };
            let new: Vec<_> = fitting.into_iter().filter(is_new).collect();
            so_far.extend(new);
        }
    }
    name(course, step, sources, verdict, &explain_in_part(&so_far, &shown))
}

/// Puts each mistake beside the check that it explains.
fn name(
    course: &Course,
    step: &Step,
    sources: &[Source],
    verdict: &mut Verdict,
    explained: &[(&str, Option<&Seen>)],
) -> Result<(), Trouble> {
    for check in &mut verdict.checks {
        let known = explained.iter().find(|(name, _)| *name == check.name);
        if let Some((_, Some(known))) = known {
            let of = course.step(&known.mistake.step)?;
            check.mistake = Some(told(of, known, step, sources));
        }
    }
    Ok(())
}

/// The mistake of the step's bank that is named at this check, if the step's checks show this picture.
pub fn named_at(
    step: &Step,
    sources: &[Source],
    picture: &Picture,
    check: &str,
) -> Result<Option<String>, Trouble> {
    let shown = step.checks()?.into_iter().map(|check| {
        let symptom = picture.at(&check.name).cloned();
        Shown { begun: symptom.is_some(), check: check.name, symptom }
    });
    let shown: Vec<Shown> = shown.collect();
    let fitting = fitting(step, &Program::read(sources), &shown)?;
    let named = explain(&fitting, &shown).into_iter().find(|(name, _)| *name == check);
    Ok(named.and_then(|(_, seen)| seen.map(|seen| seen.mistake.name.clone())))
}

/// Which mistake one of these errors looks like; rustc's errors are the same in every step.
pub fn errors(
    course: &Course,
    step: &Step,
    sources: &[Source],
    found: &[RustcError],
) -> Result<Option<Diagnosis>, Trouble> {
    let program = Program::read(sources);
    for error in found {
        for of in nearest_first(course, step) {
            let fitting = seen(of, &program, |record| match record {
                Record::Rustc(known) if are_alike(known, error) => Some(known.clone()),
                _ => None,
            })?;
            let (same, alike): (Vec<_>, Vec<_>) =
                fitting.iter().partition(|(known, _)| known.label == error.label);
            let is_there =
                |(_, seen): &&(RustcError, Seen)| line(sources, &seen.place).contains(&error.at);
            let there = alike.into_iter().filter(is_there).collect();
            let best = if same.is_empty() { there } else { same };
            let fitting: Vec<&Seen> = best.into_iter().map(|(_, seen)| seen).collect();
            if !fitting.is_empty() {
                return Ok(most_specific(&fitting).map(|known| Diagnosis {
                    file: None,
                    line: None,
                    code: None,
                    error: Some(error.first_line()),
                    ..told(of, known, step, sources)
                }));
            }
        }
    }
    Ok(None)
}

/// The step, those before it, the nearest first, and those after it.
fn nearest_first<'c>(course: &'c Course, step: &'c Step) -> impl Iterator<Item = &'c Step> {
    let before = course.steps.iter().rev().filter(|other| other.number < step.number);
    let after = course.steps.iter().filter(|other| other.number > step.number);
    [step].into_iter().chain(before).chain(after)
}

/// The same error, but for the names in it, some of which are the learner's own.
fn are_alike(known: &RustcError, error: &RustcError) -> bool {
    known.code == error.code
        && without_names(&known.message) == without_names(&error.message)
        && without_names(&known.label) == without_names(&error.label)
}

fn line<'s>(sources: &'s [Source], place: &Place) -> &'s str {
    let source = sources.iter().find(|source| source.path == place.file);
    let before = usize::try_from(place.line).unwrap_or(usize::MAX).saturating_sub(1);
    source.and_then(|source| source.text.lines().nth(before)).unwrap_or_default()
}

/// What a learner of `step` hears about a mistake of the bank of `of`.
fn told(
    of: &Step,
    Seen { mistake, place, .. }: &Seen,
    step: &Step,
    sources: &[Source],
) -> Diagnosis {
    let code = line(sources, place).trim();
    let file = place.file.iter().map(|part| part.to_string_lossy().into_owned());
    let file: Vec<String> =
        ["steps".to_owned(), step.slug.clone()].into_iter().chain(file).collect();
    Diagnosis {
        name: mistake.name.clone(),
        says: mistake.says.clone(),
        why: mistake.why.clone(),
        read: format!("{}#{}", of.page(), mistake.read),
        file: Some(file.join("/")),
        line: Some(place.line),
        code: (!code.is_empty()).then(|| code.to_owned()),
        error: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_may_have_other_names() {
        let error = |message: &str, label: &str| RustcError {
            code: Some("E0308".to_owned()),
            message: message.to_owned(),
            label: label.to_owned(),
            at: "x".to_owned(),
        };
        assert!(are_alike(
            &error("no `Salt`", "expected `A`"),
            &error("no `Pepper`", "expected `B`")
        ));
        assert!(!are_alike(&error("no `Salt`", ""), &error("some `Salt`", "")));
        assert!(!are_alike(&error("", "found `A`"), &error("", "expected `A`")));
        let other = RustcError { code: None, ..error("no", "") };
        assert!(!are_alike(&error("no", ""), &other));
    }
}
