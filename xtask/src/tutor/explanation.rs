//! Which mistakes of a step's bank explain what its checks show: the source shows each, its record agrees, and no failure
//! is left over.

use crate::{
    course::Step,
    trouble::Trouble,
    tutor::{
        Mistake, alike,
        evidence::{Place, Program},
        picture::Picture,
        records::{self, Record},
        symptom,
    },
    verdict::CheckResult,
};

/// What a check shows.
pub(super) struct Shown {
    pub(super) check: String,
    /// How it fails, if it does.
    pub(super) symptom: Option<Vec<String>>,
    /// Whether it fails otherwise than the starter does, in a task that is begun.
    pub(super) begun: bool,
}

impl Shown {
    pub(super) fn read(check: &CheckResult, begun: bool) -> Self {
        Self {
            check: check.name.clone(),
            symptom: (!check.passed).then(|| symptom::read(check)),
            begun: begun && !check.passed,
        }
    }
}

/// A mistake that the source shows, and where.
pub(super) struct Seen {
    pub(super) mistake: Mistake,
    pub(super) place: Place,
    /// How much its evidence says.
    weight: usize,
}

/// The mistakes of the step whose records fit, and which the program shows.
pub(super) fn seen<F>(
    step: &Step,
    program: &Program,
    fits: impl Fn(&Record) -> Option<F>,
) -> Result<Vec<(F, Seen)>, Trouble> {
    let mut found = Vec::new();
    for (name, record) in &records::load(step)? {
        let Some(fit) = fits(record) else { continue };
        let mistake = Mistake::read(step, name)?;
        let Some(evidence) = mistake.evidence(step)? else { continue };
        let weight = evidence.weight();
        if let Some(place) = evidence.find(program) {
            found.push((fit, Seen { mistake, place, weight }));
        }
    }
    Ok(found)
}

/// The mistakes of the step whose records agree with what the checks show, and which the program shows.
pub(super) fn fitting(
    step: &Step,
    program: &Program,
    shown: &[Shown],
) -> Result<Vec<(Picture, Seen)>, Trouble> {
    seen(step, program, |record| match record {
        Record::Checks(known) if fits(known, shown) => Some(known.clone()),
        _ => None,
    })
}

/// Whether all that the record has fails here too, and something that is begun fails in that way. A check that passes
/// contradicts it, and so does another kind of failure.
fn fits(known: &Picture, shown: &[Shown]) -> bool {
    let mut recorded =
        shown.iter().filter_map(|shown| known.at(&shown.check).map(|known| (shown, known)));
    let agrees = |(shown, known): (&Shown, &Vec<String>)| {
        let symptom = shown.symptom.as_ref();
        symptom.is_some_and(|symptom| !shown.begun || alike::are_alike(known, symptom))
    };
    recorded.clone().any(|(shown, _)| shown.begun) && recorded.all(agrees)
}

/// For each failure the mistake that explains it, or none where several do; nothing if a failure is left over. One
/// mistake that explains all of them is better than several.
pub(super) fn explain<'s>(
    fitting: &'s [(Picture, Seen)],
    shown: &'s [Shown],
) -> Vec<(&'s str, Option<&'s Seen>)> {
    let begun = || shown.iter().filter(|shown| shown.begun).map(|shown| shown.check.as_str());
    let of_all = |(known, _): &&(Picture, Seen)| begun().all(|name| known.at(name).is_some());
    let whole: Vec<&Seen> = fitting.iter().filter(of_all).map(|(_, seen)| seen).collect();
    if !whole.is_empty() {
        return begun().map(|name| (name, most_specific(&whole))).collect();
    }
    let explained = explain_in_part(fitting, shown);
    if explained.len() < begun().count() { Vec::new() } else { explained }
}

/// The same, where failures may be left over: beside these mistakes there is one that nobody knows.
pub(super) fn explain_in_part<'s>(
    fitting: &'s [(Picture, Seen)],
    shown: &'s [Shown],
) -> Vec<(&'s str, Option<&'s Seen>)> {
    let by = |name: &str| -> Vec<&'s Seen> {
        let fitting = fitting.iter().filter(|(known, _)| known.at(name).is_some());
        fitting.map(|(_, seen)| seen).collect()
    };
    let begun = shown.iter().filter(|shown| shown.begun).map(|shown| shown.check.as_str());
    let explained = begun.map(|name| (name, by(name))).filter(|(_, by)| !by.is_empty());
    explained.map(|(name, by)| (name, most_specific(&by))).collect()
}

/// The one whose evidence says most, if there is one.
pub(super) fn most_specific<'s>(found: &[&'s Seen]) -> Option<&'s Seen> {
    let most = found.iter().map(|seen| seen.weight).max()?;
    let mut specific = found.iter().filter(|seen| seen.weight == most);
    let first = specific.next()?;
    specific.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        tutor::{CaughtBy, evidence::Evidence},
        verdict::{Verdict, testing},
    };

    /// A check and what was received; none if it passes.
    type Came<'t> = (&'t str, &'t str);

    const REFUSED: &str =
        "GET / HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\n\n{\n  \"detail\": \"No\"\n}";
    const LET_IN: &str = "GET / HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{\n  \"token\": \"a\"\n}";
    const OTHER_WORDS: &str =
        "GET / HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\n\n{\n  \"detail\": \"Never\"\n}";

    fn verdict(checks: &[Came<'_>]) -> Verdict {
        testing::failed(
            checks.iter().map(|(name, came)| testing::check(name, REFUSED, came)).collect(),
        )
    }

    fn picture(checks: &[Came<'_>]) -> Picture {
        Picture::take(&verdict(&[checks, &[("passes", "")]].concat()), |_| true)
    }

    fn shown(checks: &[Came<'_>]) -> Vec<Shown> {
        verdict(checks).checks.iter().map(|check| Shown::read(check, true)).collect()
    }

    fn seen(name: &str, pattern: &str) -> Seen {
        let evidence = Evidence::parse([("Evidence", pattern)].into_iter()).expect("a pattern");
        let weight = evidence.map_or(0, |evidence| evidence.weight());
        let clues = vec![("Evidence".to_owned(), pattern.to_owned())];
        let [says, why, read, patch] = ["says", "why", "read", "patch"].map(str::to_owned);
        let (step, caught_by) = ("03-bearer-token".to_owned(), CaughtBy::Check("one".to_owned()));
        let mistake =
            Mistake { name: name.to_owned(), step, caught_by, says, why, read, clues, patch };
        Seen { mistake, place: Place { file: PathBuf::from("src/main.rs"), line: 7 }, weight }
    }

    /// The mistake that is named at each failure: of those with these records and patterns, which the source shows.
    fn named(
        known: &[(&str, &str, &[Came<'_>])],
        failing: &[Came<'_>],
    ) -> Vec<(String, Option<String>)> {
        let shown = shown(failing);
        let fitting: Vec<(Picture, Seen)> = known
            .iter()
            .map(|(name, pattern, record)| (picture(record), seen(name, pattern)))
            .filter(|(known, _)| fits(known, &shown))
            .collect();
        let name = |(check, seen): (&str, Option<&Seen>)| {
            (check.to_owned(), seen.map(|seen| seen.mistake.name.clone()))
        };
        explain(&fitting, &shown).into_iter().map(name).collect()
    }

    fn all(names: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
        names.iter().map(|(check, name)| ((*check).to_owned(), name.map(str::to_owned))).collect()
    }

    #[test]
    fn a_mistake_is_named_if_it_explains_every_failure() {
        let little = ("little", "a b", &[("x", LET_IN)][..]);
        assert_eq!(named(&[little], &[("x", LET_IN), ("y", "")]), all(&[("x", Some("little"))]));
        assert_eq!(
            named(&[little], &[("x", LET_IN), ("y", LET_IN)]),
            [],
            "it does not explain `y`"
        );
        let much = ("much", "a", &[("x", LET_IN), ("y", LET_IN)][..]);
        assert_eq!(
            named(&[little, much], &[("x", LET_IN), ("y", LET_IN)]),
            all(&[("x", Some("much")), ("y", Some("much"))]),
            "one that explains all is better, though the other says more"
        );
        assert_eq!(named(&[much], &[("x", LET_IN), ("y", "")]), [], "`y` should fail and passes");
    }

    #[test]
    fn another_kind_of_failure_is_another_mistake() {
        let known = ("known", "a", &[("x", LET_IN)][..]);
        assert_eq!(named(&[known], &[("x", OTHER_WORDS)]), []);
        let other_token = LET_IN.replace("\"a\"", "\"b\"");
        assert_eq!(named(&[known], &[("x", other_token.as_str())]), all(&[("x", Some("known"))]));
    }

    #[test]
    fn several_mistakes_may_explain_all_of_it_together() {
        let one = ("one", "a", &[("x", LET_IN)][..]);
        let two = ("two", "b c", &[("y", OTHER_WORDS), ("z", LET_IN)][..]);
        let failing = [("x", LET_IN), ("y", OTHER_WORDS), ("z", LET_IN)];
        assert_eq!(
            named(&[one, two], &failing),
            all(&[("x", Some("one")), ("y", Some("two")), ("z", Some("two"))])
        );
        assert_eq!(named(&[two], &failing), [], "`x` is left over");
    }

    #[test]
    fn one_mistake_is_named_beside_another_that_nobody_knows() {
        let (known, shown) = (picture(&[("x", LET_IN)]), shown(&[("x", LET_IN), ("y", LET_IN)]));
        let fitting = [(known, seen("one", "a"))];
        let explained = explain_in_part(&fitting, &shown);
        let names = explained
            .iter()
            .map(|(check, seen)| (*check, seen.map_or("", |seen| seen.mistake.name.as_str())));
        assert_eq!(names.collect::<Vec<_>>(), [("x", "one")]);
        assert!(explain(&fitting, &shown).is_empty());
    }

    #[test]
    fn nothing_is_guessed() {
        let one = ("one", "a", &[("x", LET_IN)][..]);
        let two = ("two", "b", &[("x", LET_IN)][..]);
        assert_eq!(named(&[one, two], &[("x", LET_IN)]), all(&[("x", None)]));
        let more = ("more", "a b", &[("x", LET_IN)][..]);
        assert_eq!(named(&[one, two, more], &[("x", LET_IN)]), all(&[("x", Some("more"))]));
    }

    #[test]
    fn what_is_not_begun_neither_needs_nor_contradicts_a_mistake() {
        let known = picture(&[("x", LET_IN), ("y", LET_IN)]);
        let unbegun = |name: &str, came: &str| {
            let mut shown = shown(&[("x", LET_IN), (name, came)]);
            shown[1].begun = false;
            shown
        };
        assert!(fits(&known, &unbegun("y", OTHER_WORDS)));
        assert!(!fits(&known, &unbegun("y", "")));
        assert!(!fits(&picture(&[("y", LET_IN)]), &unbegun("y", LET_IN)), "nothing that is begun");
    }
}
