//! `cargo xtask solution`: our code for a step, beside yours or in its place.

use lexopt::Arg::{Long, Value};

use crate::{
    backup,
    course::{Course, Step, Whose},
    files,
    marks::View,
    report,
    starter::{self, Source},
    trouble::Trouble,
    verbs::{one_step, usage},
};

/// What `cargo xtask solution --help` prints.
pub const HELP: &str = "\
cargo xtask solution STEP [--diff | --apply]

Prints our solution of a step.

  --diff    show how yours differs: - yours, + ours
  --apply   put ours in place of yours; yours is copied to .workshop/backups first";

/// Prints, compares or applies the solution.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut names = Vec::new();
    let (mut diff, mut apply) = (false, false);
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Long("diff") => diff = true,
            Long("apply") => apply = true,
            Value(name) => names.push(name),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    let step = one_step(course, &names, HELP)?;
    let sources = starter::sources(step, View::Solution)?;
    if diff && apply {
        return Err(Trouble::Usage(format!("choose one of --diff and --apply\n\n{HELP}")));
    } else if apply {
        let kept = backup::replace(course, step, &sources)?;
        println!("Our solution of step {} is in {}.", step.number, step.main_rs().display());
        println!("Your code is kept in {}.", kept.display());
        println!("Bring it back with `cargo xtask reset {} --undo`.", step.number);
    } else if diff {
        compare(step, &sources)?;
    } else {
        for source in &sources {
            println!("// solutions/{}/{}\n{}", step.slug, source.path.display(), source.text);
        }
    }
    Ok(0)
}

fn compare(step: &Step, sources: &[Source]) -> Result<(), Trouble> {
    let mut same = true;
    for source in sources {
        let path = step.folder(Whose::Learner).join(&source.path);
        let yours = if path.exists() { files::read(&path)? } else { String::new() };
        if yours != source.text {
            same = false;
            anstream::println!(
                "steps/{}/{}   - yours   + ours\n",
                step.slug,
                source.path.display()
            );
            anstream::println!(
                "{}",
                report::differences(&yours, &source.text, 3, [report::CAME, report::EXPECTED])
            );
        }
    }
    if same {
        println!("Your code of step {} is the same as ours, letter by letter.", step.number);
    }
    Ok(())
}
