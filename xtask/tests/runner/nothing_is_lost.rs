//! No verb takes anything away without a copy, and none gives away more than it was asked for.

use std::fs;

use xtask::{
    course::{Whose, marks},
    files,
};

use crate::scratch::{Scratch, bytes};

/// What a careless copy would change: blanks and Windows' line ends, no line end at the end.
const MINE: &str = "// mine: ä  \r\n\tfn main() {}   ";

#[test]
fn reset_keeps_a_copy_and_undo_brings_it_back() {
    let scratch = Scratch::new();
    let shipped = bytes(&scratch.main_rs());
    scratch.save(MINE);
    let more = scratch.main_rs().with_file_name("more.rs");
    fs::write(&more, "// more").expect("the scratch can be written");

    let said = scratch.xtask(&["reset", "1"]);
    said.exits(0).says("Your code is kept in").says("cargo xtask reset 1 --undo");
    assert!(bytes(&scratch.main_rs()) == shipped, "that is not the starter");
    assert!(!more.exists(), "a file that is not the starter's is still there");

    scratch.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&scratch.main_rs()) == MINE.as_bytes(), "not byte for byte");
    assert!(bytes(&more) == b"// more", "the second file is lost");

    scratch.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&scratch.main_rs()) == shipped, "undo cannot be undone");
}

#[test]
fn a_step_that_is_reset_is_to_be_solved_again() {
    let scratch = Scratch::new();
    scratch.save_solution();
    scratch.xtask(&["verify", "1"]).exits(0);
    scratch.xtask(&["status"]).says("1 of ");
    scratch.xtask(&["reset", "1"]).exits(0);
    scratch.xtask(&["status"]).says("0 of ");
}

#[test]
fn without_a_backup_there_is_nothing_to_undo() {
    let scratch = Scratch::new();
    let shipped = bytes(&scratch.main_rs());
    scratch.xtask(&["reset", "1", "--undo"]).exits(2).says("there is no backup of step 1");
    assert!(bytes(&scratch.main_rs()) == shipped, "the code was changed");
}

#[test]
fn solution_apply_keeps_a_copy() {
    let scratch = Scratch::new();
    scratch.save(MINE);
    scratch.xtask(&["solution", "1", "--apply"]).exits(0).says("Your code is kept in");
    assert!(bytes(&scratch.main_rs()) == scratch.solution().as_bytes(), "that is not the solution");
    scratch.xtask(&["reset", "1", "--undo"]).exits(0);
    assert!(bytes(&scratch.main_rs()) == MINE.as_bytes(), "not byte for byte");
}

#[test]
fn solution_prints_or_compares_and_changes_nothing() {
    let scratch = Scratch::new();
    scratch.save_solution_but("Teapot", "Kettle");
    let before = bytes(&scratch.main_rs());
    let said = scratch.xtask(&["solution", "1"]);
    said.exits(0).says(scratch.solution()).never_says("SOLUTION").never_says("ANCHOR");
    let said = scratch.xtask(&["solution", "1", "--diff"]);
    said.exits(0).says("- yours   + ours").says("\n-     Json(vec![Item { id: 1, name: \"Kettle\"");
    said.says("\n+     Json(vec![Item { id: 1, name: \"Teapot\"");
    assert!(bytes(&scratch.main_rs()) == before, "the code was changed");
    scratch.save_solution();
    scratch.xtask(&["solution", "1", "--diff"]).exits(0).says("the same as ours");
}

#[test]
fn each_call_of_hint_gives_one_more_until_the_last() {
    let scratch = Scratch::new();
    let checks = scratch.step().checks().expect("there are hints");
    let hints = &checks[0].hints;
    let count = hints.len();
    for (index, hint) in hints.iter().enumerate() {
        let said = scratch.xtask(&["hint", "1"]);
        said.exits(0)
            .says(checks[0].words())
            .says(format!("Hint {} of {count}", index + 1))
            .says(hint);
        if index + 1 < count {
            said.says("one more hint").never_says("last hint").never_says(&hints[index + 1]);
        } else {
            said.says("That was the last hint").says("cargo xtask solution 1 --diff");
        }
    }
    let again = scratch.xtask(&["hint", "1"]);
    again.exits(0).says(format!("Hint {count} of {count}")).says("That was the last hint");
    scratch.save_solution();
    scratch.xtask(&["hint", "1"]).exits(0).says("nothing to hint at");
}

/// Three lines of a solution that follow each other are an answer, no hint.
#[test]
fn no_hint_is_the_solution() {
    let scratch = Scratch::new();
    for step in scratch.course().steps {
        let hints: Vec<String> = step
            .checks()
            .expect("there are hints")
            .into_iter()
            .flat_map(|check| check.hints)
            .collect();
        for path in files::below(&step.folder(Whose::Reference).join("src")).expect("it is there") {
            let source = files::read(&path).expect("it is text");
            let lines = marks::solution_lines(&source).expect("its marks are right");
            for run in lines.windows(3) {
                let given = |hint: &&String| run.iter().all(|line| hint.contains(line.trim()));
                if run.iter().all(|line| line.trim().len() > 12) {
                    let found = hints.iter().find(given);
                    assert!(found.is_none(), "{}: {found:?} holds {run:?}", step.slug);
                }
            }
        }
    }
}
