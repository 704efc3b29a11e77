//! `cargo xtask solution`: our code for a step, beside yours or in its place.

use std::fs;

use crate::{
    course::{Course, Step, Whose, marks::View, source::Source, starter},
    learner::{backup, lock::Lock},
    trouble::Trouble,
    verbs::verb::{Verb, one_step, steps_and_flags},
    verdict::{comparison, report},
};

/// `cargo xtask solution`.
pub(super) const VERB: Verb = Verb {
    name: "solution",
    about: "our code for a step, beside yours (--diff) or in its place (--apply)",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask solution STEP [--diff | --apply]

Prints our solution of a step.

  --diff    show how yours differs: - yours, + ours
  --apply   put ours in place of yours; yours is copied to .workshop/backups first";

/// Prints, compares or applies the solution.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [diff, apply]) = steps_and_flags(course, arguments, ["diff", "apply"])?;
    let step = one_step(&steps)?;
    let sources = starter::sources(step, View::Solution)?;
    if diff && apply {
        return Err(Trouble::Arguments("choose one of --diff and --apply".to_owned()));
    } else if apply {
        let kept = backup::replace(course, step, &sources, &Lock::hold(course)?)?;
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
        let yours = if path.is_file() {
            fs::read(&path).map_err(|error| Trouble::io("read", &path, &error))?
        } else {
            Vec::new()
        };
        // What is no text is shown as far as it is.
        let yours = String::from_utf8_lossy(&yours);
        if yours != source.text {
            same = false;
            anstream::println!(
                "steps/{}/{}   - yours   + ours\n",
                step.slug,
                source.path.display()
            );
            anstream::println!(
                "{}",
                report::differences(
                    &yours,
                    &source.text,
                    3,
                    [comparison::GOT, comparison::EXPECTED]
                )
            );
        }
    }
    if same {
        println!("Your code of step {} is the same as ours, letter by letter.", step.number);
    }
    Ok(())
}
