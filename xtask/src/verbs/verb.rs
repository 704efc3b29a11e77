//! What a verb is, and how its arguments are read.

use crate::{
    course::{Course, Step},
    learner::progress::Progress,
    trouble::Trouble,
};

/// Something that can be asked for.
pub struct Verb {
    /// What is typed: `verify`.
    pub name: &'static str,
    /// One line for the list of all verbs.
    pub about: &'static str,
    /// What `--help` prints.
    pub help: &'static str,
    /// Does it and gives the exit code.
    pub run: fn(&Course, lexopt::Parser) -> Result<u8, Trouble>,
}

/// A verb that takes nothing.
pub fn no_arguments(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    match arguments.next()? {
        None => Ok(()),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// A verb that takes steps, and these flags: which steps are named, and which flags are set.
pub fn steps_and_flags<'c, const N: usize>(
    course: &'c Course,
    mut arguments: lexopt::Parser,
    flags: [&str; N],
) -> Result<(Vec<&'c Step>, [bool; N]), Trouble> {
    let (mut names, mut set) = (Vec::new(), [false; N]);
    while let Some(argument) = arguments.next()? {
        let flag = match &argument {
            lexopt::Arg::Long(name) => flags.iter().position(|flag| flag == name),
            _ => None,
        };
        match (argument, flag) {
            (_, Some(index)) => set[index] = true,
            (lexopt::Arg::Value(name), _) => names.push(name),
            (other, _) => return Err(other.unexpected().into()),
        }
    }
    // An unknown flag is told before an unknown step.
    let steps = names.iter().map(|name| course.step(&name.to_string_lossy()));
    Ok((steps.collect::<Result<_, _>>()?, set))
}

/// Says which folders in `steps/` are left alone: the learner may be working in one by mistake.
pub fn mention_strangers(course: &Course) {
    for name in &course.strangers {
        eprintln!("steps/{name} is no step (there is no solutions/{name}), so it is left alone.");
    }
}

/// The only step that is named.
pub fn one_step<'c>(steps: &[&'c Step]) -> Result<&'c Step, Trouble> {
    match steps {
        [step] => Ok(step),
        _ => Err(Trouble::Arguments("name one step".to_owned())),
    }
}

/// The only step that is named or, if none is, the first one that has not been solved.
pub fn step_or_current<'c>(course: &'c Course, steps: &[&'c Step]) -> Result<&'c Step, Trouble> {
    if steps.is_empty() { Ok(Progress::load(course)?.current(course)) } else { one_step(steps) }
}
