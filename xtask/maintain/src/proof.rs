//! Whether the evidence of the bank is what it says: it matches its mistake, and a program by somebody who did not know
//! the patch, and nothing that is right.

use std::path::PathBuf;

use xtask::{
    course::{Course, Step, Whose, marks::View, starter},
    files,
    learner::break_in,
    trouble::Trouble,
    tutor::{
        self, CaughtBy, Mistake,
        evidence::{Evidence, Program},
    },
};

use crate::{bank, cases};

/// Programs that evidence is tried on.
pub(crate) struct Tried {
    /// Our solutions and starters, where no evidence may be seen, each with what it is.
    ours: Vec<(String, Program)>,
    /// Right programs by strangers. They compile, so only a mistake that a check catches could be named for them.
    right: Vec<(String, Program)>,
    /// The mistakes that would be right to name, as `03-bearer-token/one-space-only`, and the program that has them.
    labelled: Vec<(Vec<String>, Program)>,
}

impl Tried {
    /// The solutions, the starters and the cases of all steps; not the starter that is to be repaired.
    pub(crate) fn read(course: &Course) -> Result<Self, Trouble> {
        let mut tried = Self { ours: Vec::new(), right: Vec::new(), labelled: Vec::new() };
        for step in &course.steps {
            // The starter of the break-in is made of mistakes.
            let starter = (!break_in::is_attacked(step)).then_some((View::Starter, "starter"));
            for (view, what) in [(View::Solution, "solution")].into_iter().chain(starter) {
                let program = Program::read(&starter::sources(step, view)?);
                tried.ours.push((format!("the {what} of step {}", step.number), program));
            }
            let folder = step.folder(Whose::Reference).join("cases");
            for case in cases::table::read(&folder)? {
                let program = Program::read(&cases::patched(
                    step,
                    &folder.join(format!("{}.patch", case.id)),
                )?);
                let whole = |name: &str| match name.split_once('/') {
                    Some(_) => name.to_owned(),
                    None => format!("{}/{name}", step.slug),
                };
                let names: Vec<String> = case.right().map(whole).collect();
                match case.column("outcome") {
                    Some("solved") => {
                        tried.right.push((format!("{}, which is right", case.id), program))
                    }
                    _ => tried.labelled.push((names, program)),
                }
            }
        }
        Ok(tried)
    }

    /// What is wrong with the evidence of this mistake, made on its step's solution.
    pub(crate) fn problem(
        &self,
        step: &Step,
        mistake: &Mistake,
        evidence: &Evidence,
    ) -> Result<Option<String>, Trouble> {
        let is_seen = |program: &Program| evidence.find(program).is_some();
        if !is_seen(&Program::read(&bank::make(step, mistake)?)) {
            return Ok(Some("does not match the mistake made from its own patch".to_owned()));
        }
        let is_compiled = matches!(mistake.caught_by, CaughtBy::Check(_));
        let right = self.right.iter().filter(|_| is_compiled);
        for (what, program) in self.ours.iter().chain(right) {
            if let Some(place) = evidence.find(program) {
                return Ok(Some(format!("matches {what}, at line {}", place.line)));
            }
        }
        let name = format!("{}/{}", step.slug, mistake.name);
        let of_strangers = self.labelled.iter().filter(|(names, _)| names.contains(&name));
        if of_strangers.into_iter().any(|(_, program)| is_seen(program)) {
            return Ok(None);
        }
        for path in variants(step, &mistake.name)? {
            if is_seen(&Program::read(&cases::patched(step, &path)?)) {
                return Ok(None);
            }
        }
        Ok(Some(format!("matches neither a case labelled `{name}` nor a variant of it")))
    }
}

/// `mistakes/variants/NAME.1.patch` and so on: the same mistake in another style, on one of the cases'
/// bases.
fn variants(step: &Step, name: &str) -> Result<Vec<PathBuf>, Trouble> {
    let folder = tutor::folder(step).join("variants");
    let is_one = |path: &PathBuf| {
        path.file_name()
            .and_then(|file| file.to_str())
            .and_then(|file| file.strip_suffix(".patch"))
            .and_then(|file| file.rsplit_once('.'))
            .is_some_and(|(of, _)| of == name)
    };
    Ok(files::below(&folder)?.into_iter().filter(is_one).collect())
}
