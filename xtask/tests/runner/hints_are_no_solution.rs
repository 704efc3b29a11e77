//! A hint is a step towards the solution, given one at a time, and never the solution itself.

use std::fs;

use xtask::{
    course::{Whose, marks},
    files,
};

use crate::support::checkout::Checkout;

#[test]
fn each_call_of_hint_gives_one_more_until_the_last() {
    let checkout = Checkout::new();
    let checks = checkout.step().checks().expect("there are hints");
    let first = checks.iter().filter(|check| check.new).min_by_key(|check| check.task);
    let first = first.expect("there is a new check");
    let hints = &first.hints;
    let count = hints.len();
    for (index, hint) in hints.iter().enumerate() {
        let output = checkout.xtask(&["hint", "1"]);
        output
            .exits(0)
            .says(first.words())
            .says(format!("Hint {} of {count}", index + 1))
            .says(hint);
        if index + 1 < count {
            output.says("one more hint").never_says("last hint").never_says(&hints[index + 1]);
        } else {
            output.says("That was the last hint").says("cargo xtask solution 1 --diff");
        }
    }
    let again = checkout.xtask(&["hint", "1"]);
    again.exits(0).says(format!("Hint {count} of {count}")).says("That was the last hint");
    checkout.save_solution();
    let solved = checkout.xtask(&["hint", "1"]);
    solved.exits(0).says("Step 1 is solved. These were its hints:");
    for check in checks.iter().filter(|check| check.new) {
        solved.says(format!("--- {}", check.words()));
        check.hints.iter().for_each(|hint| _ = solved.says(hint));
    }
}

#[test]
fn hint_and_status_name_the_task() {
    let checkout = Checkout::new();
    checkout.give_tasks(&["List the items"]);
    let main_rs = checkout.step().main_rs().display().to_string();
    let shipped = files::read(&checkout.main_rs()).expect("there is a starter");
    checkout.save(&format!("// TODO 1: here\n{}", shipped.replace("// TODO", "// Later")));
    checkout.xtask(&["hint", "1"]).exits(0).says("Step 1, task 1: lists the items");
    let output = checkout.xtask(&["status"]);
    output.exits(0).says("Next:  step 1, task 1: List the items");
    output.says(format!("Open:  {main_rs}:1"));
    output.says("Read:  http://127.0.0.1:4000/01-open-route.html#task-1-list-the-items");
}

#[test]
fn status_says_what_a_sharp_edge_left_open_is_about() {
    let checkout = Checkout::new();
    let hints = checkout.step().folder(Whose::Learner).join("hints.md");
    let text = files::read(&hints).expect("there are hints");
    let (first, rest) = text.split_once("## Names the method").expect("it is a check");
    let (moved, edges) = rest.split_once("# Sharp edges\n").expect("there are sharp edges");
    let text = format!("{first}# Sharp edges\n\n## Names the method{moved}{edges}");
    fs::write(&hints, text).expect("the checkout can be written");
    checkout.xtask(&["status"]).exits(0).never_says("Sharp edges left open");
    checkout.save_solution_but("get(", "axum::routing::any(");
    checkout.xtask(&["verify", "1"]).exits(1);
    let output = checkout.xtask(&["status"]);
    output.exits(0).says("Sharp edges left open in step 1 (cargo xtask hint 1):");
    output.says("  names the method that works   (task 1: Add a route)");
}

/// Three lines of a solution that follow each other are an answer, no hint.
#[test]
fn no_hint_is_the_solution() {
    let checkout = Checkout::new();
    for step in checkout.course().steps {
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
