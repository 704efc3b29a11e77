//! Which known mistake a failure looks like. Where none fits, or several equally well, nothing is guessed.

use crate::{
    course::{Course, Step},
    process::cargo_messages::RustcError,
    trouble::Trouble,
    tutor::{
        Mistake,
        picture::{EVERY, Picture},
        records::{self, Record, Records},
    },
    verdict::{CheckResult, Verdict, diagnosis::Diagnosis},
};

/// Names the mistake that explains every failure, if there is one: what the starter shows as well needs no explanation,
/// since that part of the step is not begun.
pub fn failures(
    course: &Course,
    step: &Step,
    verdict: &mut Verdict,
    starter: Option<&Verdict>,
) -> Result<(), Trouble> {
    let begun = |check: &CheckResult| !check.is_unbegun(starter);
    let picture = Picture::take(verdict, begun);
    let own = records::load(step)?;
    let found = match explains(&own, &picture) {
        Some(name) => Some((step, name.to_owned())),
        None if picture.symptoms.contains_key(EVERY) => elsewhere(
            course,
            step,
            |record| matches!(record, Record::Checks(known) if *known == picture),
        )?,
        None => None,
    };
    if let Some((step, name)) = found {
        let known = told(step, &name)?;
        for check in verdict.checks.iter_mut().filter(|check| !check.passed && begun(check)) {
            check.mistake = Some(known.clone());
        }
    }
    Ok(())
}

/// Which mistake one of these errors looks like; rustc's errors are the same in every step.
pub fn errors(
    course: &Course,
    step: &Step,
    found: &[RustcError],
) -> Result<Option<Diagnosis>, Trouble> {
    for error in found {
        let matches =
            |record: &Record| matches!(record, Record::Rustc(known) if same(known, error));
        let own = records::load(step)?;
        let known = match only(own.iter().filter(|(_, record)| matches(record))) {
            Some((name, _)) => Some((step, name.clone())),
            None => elsewhere(course, step, matches)?,
        };
        if let Some((step, name)) = known {
            return told(step, &name).map(Some);
        }
    }
    Ok(None)
}

/// The only mistake whose record is this picture, all of it; or, next best, the only one for which the same checks fail
/// with the same status lines.
fn explains<'r>(records: &'r Records, picture: &Picture) -> Option<&'r str> {
    let pictures = || {
        records.iter().filter_map(|(name, record)| match record {
            Record::Checks(known) => Some((name.as_str(), known)),
            Record::Rustc(_) => None,
        })
    };
    let same = only(pictures().filter(|(_, known)| *known == picture));
    let found = same.or_else(|| only(pictures().filter(|(_, known)| known.is_like(picture))));
    found.map(|(name, _)| name)
}

/// The same error: what it underlines, and what it writes beside it, count only where its words name nothing.
fn same(known: &RustcError, error: &RustcError) -> bool {
    let names_something = known.message.contains('`') || known.code.is_none();
    known.code == error.code
        && known.message == error.message
        && (names_something || (&known.at, &known.label) == (&error.at, &error.label))
}

/// The mistake of another step whose record fits, the nearest step before first.
fn elsewhere<'c>(
    course: &'c Course,
    step: &Step,
    fits: impl Fn(&Record) -> bool,
) -> Result<Option<(&'c Step, String)>, Trouble> {
    let before = course.steps.iter().rev().filter(|other| other.number < step.number);
    let after = course.steps.iter().filter(|other| other.number > step.number);
    for other in before.chain(after) {
        let records = records::load(other)?;
        if let Some((name, _)) = only(records.iter().filter(|(_, record)| fits(record))) {
            return Ok(Some((other, name.clone())));
        }
    }
    Ok(None)
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn told(step: &Step, name: &str) -> Result<Diagnosis, Trouble> {
    let mistake = Mistake::read(step, name)?;
    Ok(Diagnosis {
        name: mistake.name,
        says: mistake.says,
        why: mistake.why,
        read: format!("{}#{}", step.page(), mistake.read),
        file: None,
        line: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(symptoms: &[(&str, &str)]) -> Picture {
        let symptom =
            |(check, line): &(&str, &str)| ((*check).to_owned(), vec![(*line).to_owned()]);
        Picture { symptoms: symptoms.iter().map(symptom).collect() }
    }

    fn records(list: &[(&str, Picture)]) -> Records {
        list.iter()
            .map(|(name, known)| ((*name).to_owned(), Record::Checks(known.clone())))
            .collect()
    }

    #[test]
    fn a_mistake_is_named_only_if_it_explains_every_failure() {
        let little = picture(&[("scheme", "+ HTTP/1.1 200 OK")]);
        let much = picture(&[("scheme", "+ HTTP/1.1 200 OK"), ("words", "+ HTTP/1.1 200 OK")]);
        let known = records(&[("little", little.clone())]);
        assert_eq!(explains(&known, &little), Some("little"));
        assert_eq!(explains(&known, &much), None, "it does not explain `words`");
        let known = records(&[("little", little.clone()), ("much", much.clone())]);
        assert_eq!(explains(&known, &much), Some("much"));
        assert_eq!(explains(&known, &little), Some("little"));
    }

    #[test]
    fn nothing_is_guessed() {
        let a = picture(&[("x", "+ HTTP/1.1 200 OK")]);
        let known = records(&[("a", a.clone()), ("b", a.clone())]);
        assert_eq!(explains(&known, &a), None, "two explain it equally well");
        let known = records(&[("a", picture(&[("x", "+ HTTP/1.1 200 OK"), ("y", "+ 1")]))]);
        assert_eq!(explains(&known, &a), None, "`y` does not fail here");
    }

    #[test]
    fn other_words_with_the_same_status_are_the_same_mistake() {
        let lines = |lines: [&str; 2]| Picture {
            symptoms: [("x".to_owned(), lines.map(str::to_owned).into())].into(),
        };
        let known = records(&[("one", lines(["+ HTTP/1.1 403 F", "+ a"]))]);
        assert_eq!(explains(&known, &lines(["+ HTTP/1.1 403 F", "+ b"])), Some("one"));
        assert_eq!(explains(&known, &lines(["+ HTTP/1.1 404 N", "+ b"])), None);
    }

    #[test]
    fn an_error_that_names_nothing_must_say_the_same_of_the_same_code() {
        let error = |message: &str, label: &str, at: &str| RustcError {
            code: Some("E0308".to_owned()),
            message: message.to_owned(),
            label: label.to_owned(),
            at: at.to_owned(),
        };
        let mismatch = |label: &str, at: &str| error("mismatched types", label, at);
        assert!(same(&mismatch("expected `A`", "salt"), &mismatch("expected `A`", "salt")));
        assert!(!same(&mismatch("expected `A`", "salt"), &mismatch("expected `A`", "token")));
        assert!(!same(&mismatch("expected `A`", "salt"), &mismatch("expected `B`", "salt")));
        assert!(same(&error("no `Salt` here", "", "a"), &error("no `Salt` here", "x", "b")));
    }
}
