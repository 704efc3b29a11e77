//! What a board learns about the course as it starts, in variables.

use std::collections::{BTreeMap, BTreeSet};

use crate::{course::Course, files, trouble::Trouble, tutor};

/// The minutes that are planned for each step, the names of the checks, and those of the mistakes that can be named.
pub fn told(course: &Course) -> Result<[(&'static str, String); 3], Trouble> {
    let planned =
        course.steps.iter().map(|step| (step.number, [step.minutes.core, step.minutes.all]));
    let planned: BTreeMap<u8, [u16; 2]> = planned.collect();
    let (mut checks, mut mistakes) = (BTreeSet::new(), BTreeSet::new());
    for step in &course.steps {
        checks.extend(step.checks()?.into_iter().map(|check| check.name));
        let (known, _) = tutor::mistakes(step)?;
        let named = known.into_iter().filter(|mistake| !mistake.clues.is_empty());
        mistakes.extend(named.map(|mistake| mistake.name));
    }
    Ok([
        ("WORKSHOP_PLANNED", files::json(&planned)?),
        ("WORKSHOP_CHECKS", files::json(&checks)?),
        ("WORKSHOP_MISTAKES", files::json(&mistakes)?),
    ])
}
