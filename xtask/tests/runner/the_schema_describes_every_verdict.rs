//! `--json`: each outcome, against `verdict.schema.json`.

use std::fs;

use serde_json::Value;

use crate::support::{
    checkout::{Checkout, remove, repository},
    output::Output,
};

/// The JSON that was printed, if it is what the schema says.
#[track_caller]
fn valid(output: &Output) -> Value {
    let schema = repository().join("xtask/verdict.schema.json");
    let schema = fs::read_to_string(schema).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let verdict = output.json();
    let errors: Vec<String> = validator
        .iter_errors(&verdict)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}\n{verdict:#}", errors.join("\n"));
    verdict
}

#[track_caller]
fn one(checkout: &Checkout, code: i32, outcome: &str) -> Value {
    let output = checkout.xtask(&["verify", "1", "--json"]);
    output.exits(code);
    let verdict = valid(&output);
    assert_eq!(verdict["outcome"], outcome);
    assert_eq!(verdict["step"], "01-open-route");
    verdict
}

#[test]
fn every_outcome_is_as_the_schema_says() {
    let checkout = Checkout::new();
    one(&checkout, 1, "not_started");

    checkout.save_solution();
    one(&checkout, 0, "solved");
    one(&checkout, 0, "solved");

    remove(&checkout.step().snapshots().join("lists_the_items.snap"));
    let broken = one(&checkout, 4, "broken");
    let problem = broken["problem"].as_str().expect("the schema says so");
    assert!(problem.contains("lists_the_items.snap"), "{problem}");
}

#[test]
fn a_failure_says_what_was_expected_and_what_came() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    let verdict = one(&checkout, 1, "failed");
    let check = &verdict["checks"][0];
    assert_eq!(check["name"], "lists_the_items");
    assert!(check["expected"].as_str().is_some_and(|text| text.contains("Teapot")), "{check:#}");
    assert!(check["actual"].as_str().is_some_and(|text| text.contains("Kettle")), "{check:#}");
    assert!(check["reproduce"].is_string(), "{check:#}");
    let others = verdict["checks"].as_array().expect("the schema says so").iter().skip(1);
    assert!(others.clone().count() == 2 && others.into_iter().all(|check| check["passed"] == true));
}

#[test]
fn rustcs_words_come_without_colours() {
    let checkout = Checkout::new();
    checkout.save_solution_but("id: 1,", "id: \"one\",");
    let verdict = one(&checkout, 3, "does_not_compile");
    let compiler = verdict["compiler"].as_str().expect("the schema says so");
    assert!(compiler.starts_with("error[E0308]: mismatched types"), "{compiler}");
}

#[test]
fn several_steps_are_an_array_and_the_largest_exit_code_counts() {
    let checkout = Checkout::new();
    let outcomes = |output: &Output| -> Vec<String> {
        let verdicts = valid(output);
        let list = verdicts.as_array().expect("two steps were asked for").iter();
        list.filter_map(|verdict| verdict["outcome"].as_str().map(str::to_owned)).collect()
    };
    checkout.save_solution();
    let output = checkout.xtask(&["verify", "1", "2", "--json"]);
    assert_eq!(outcomes(output.exits(1)), ["solved", "not_started"]);

    checkout.save("this does not compile");
    let output = checkout.xtask(&["verify", "2", "1", "--json"]);
    assert_eq!(outcomes(output.exits(3)), ["not_started", "does_not_compile"]);

    remove(&checkout.course().step("2").expect("there is a step 2").snapshots());
    let output = checkout.xtask(&["verify", "2", "1", "--json"]);
    assert_eq!(outcomes(output.exits(4)), ["broken", "does_not_compile"]);
}

#[test]
fn the_schema_refuses_what_is_no_verdict() {
    let checkout = Checkout::new();
    let good = one(&checkout, 1, "not_started");
    let schema = fs::read_to_string(repository().join("xtask/verdict.schema.json"));
    let schema: Value =
        serde_json::from_str(&schema.expect("the schema is there")).expect("the schema is JSON");
    let changes: [(&str, Value); 5] = [
        ("/version", 2.into()),
        ("/outcome", "solved".into()),
        ("/checks/0/passed", true.into()),
        ("/checks/0/expected", Value::Null),
        ("/compiler", "error".into()),
    ];
    assert!(jsonschema::is_valid(&schema, &good));
    for (pointer, value) in changes {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("the schema says so") = value;
        assert!(!jsonschema::is_valid(&schema, &bad), "{pointer} may be wrong");
    }
    let mut more = good.clone();
    more["more"] = 1.into();
    assert!(!jsonschema::is_valid(&schema, &more), "a new field is not noticed");
}
