//! `steady` counts how often a check that depends on time fails though the solution is right.

use std::fs;

use crate::support::checkout::Checkout;

#[test]
fn each_failure_of_a_solution_is_counted() {
    let checkout = Checkout::new();
    let checks = checkout.root.join("steps/01-open-route/tests/verify.rs");
    let text = fs::read_to_string(&checks).expect("it is text");
    let (head, rest) = text.split_once("#[test]").expect("it has tests");
    let timed = format!("{head}mod timing {{\n    use super::*;\n    #[test]{rest}}}\n");
    fs::write(&checks, timed).expect("the checkout can be written");
    let mistakes = checkout.root.join("solutions/01-open-route/mistakes");
    fs::remove_dir_all(mistakes).expect("the checkout can be written");
    checkout.xtask(&["steady", "1", "--runs", "1"]).exits(0).says("1 runs, 0 checks that failed");
    let path = checkout.root.join("solutions/01-open-route/src/main.rs");
    let solution = fs::read_to_string(&path).expect("it is text");
    fs::write(&path, solution.replace("Teapot", "Kettle")).expect("the checkout can be written");
    let output = checkout.xtask(&["steady", "1", "--runs", "2"]);
    output
        .exits(1)
        .says("2 runs, 1 checks that failed")
        .says("lists_the_items: 2 times")
        .says("Kettle");
}
