//! `verdict.schema.json` describes every verdict, and nothing else: it is what `--json` prints and what is saved.

use std::{collections::BTreeSet, fs};

use jsonschema::Validator;
use protocol::finding::Kind;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use xtask::{
    course::{Whose, hints::Tier},
    verdict::{self, Outcome, Was},
};

use crate::support::{
    checkout::{Checkout, finish, remove, repository},
    output::Output,
};

fn schema() -> Value {
    let schema = fs::read_to_string(repository().join("xtask/verdict.schema.json"));
    serde_json::from_str(&schema.expect("the schema is there")).expect("the schema is JSON")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("the schema is one")
}

/// The JSON that was printed, if it is as the schema says.
#[track_caller]
fn valid(output: &Output) -> Value {
    let verdict = output.json();
    let errors: Vec<String> = validator()
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

/// The verdict that the runner keeps.
fn saved(checkout: &Checkout) -> String {
    let path = verdict::path(&checkout.course(), &checkout.step(), Whose::Learner);
    fs::read_to_string(path).expect("a verdict is kept")
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
fn a_failure_says_what_was_expected_and_what_was_seen() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    let verdict = one(&checkout, 1, "failed");
    assert_eq!(verdict["focus"], "lists_the_items");
    let check = &verdict["checks"][0];
    assert_eq!(check["name"], "lists_the_items");
    assert_eq!(check["finding"], json!({ "kind": "body", "at": "/0/name" }));
    let side = |side: &str| {
        assert_eq!(check[side]["kind"], "exchange", "{check:#}");
        check[side]["text"].as_str().expect("the schema says so").to_owned()
    };
    assert!(side("expected").contains("Teapot") && side("actual").contains("Kettle"), "{check:#}");
    assert!(check["reproduce"].is_string(), "{check:#}");
    let others = verdict["checks"].as_array().expect("the schema says so").iter().skip(1);
    assert!(others.clone().count() == 2 && others.into_iter().all(|check| check["passed"] == true));

    checkout.save("fn main() {}");
    let check = &one(&checkout, 1, "failed")["checks"][0];
    assert_eq!(check["finding"], json!({ "kind": "not_started", "at": null }));
    assert_eq!(check["actual"]["kind"], "words", "{check:#}");
}

#[test]
fn what_is_saved_is_what_is_printed() {
    let checkout = Checkout::new();
    let printed = one(&checkout, 1, "not_started");
    assert_eq!(serde_json::from_str::<Value>(&saved(&checkout)).ok(), Some(printed));
}

#[test]
fn the_terminal_has_rustcs_colours_and_the_saved_verdict_has_none() {
    let checkout = Checkout::new();
    checkout.save_solution_but("id: 1,", "id: \"one\",");
    let mut verify = checkout.command(&["verify", "1"]);
    let output = finish(verify.env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR"));
    output.exits(3).says("\x1b[");
    let (_, rustc) = output.text.split_once("The first error:").expect("that is the report");
    let error = rustc.trim_start().lines().next().expect("rustc says something");
    assert!(error.contains('\x1b') && error.contains("mismatched types"), "{error:?}");
    let saved = saved(&checkout);
    assert!(!saved.contains('\x1b') && !saved.contains("\\u001b"), "{saved}");

    checkout.xtask(&["verify", "1"]).exits(3).never_says('\x1b');
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

/// The names that the schema allows at this place, each of which the type has to know.
fn names<T: DeserializeOwned>(place: &str) -> BTreeSet<String> {
    let schema = schema();
    let names = schema.pointer(place).and_then(Value::as_array).expect("the schema has it");
    for name in names {
        assert!(serde_json::from_value::<T>(name.clone()).is_ok(), "{place} has {name}");
    }
    names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn the_schema_and_the_code_have_the_same_names() {
    let kinds = names::<Kind>("/$defs/finding/properties/kind/enum");
    let known: BTreeSet<String> = Kind::ALL
        .iter()
        .filter_map(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned))
        .collect();
    assert_eq!(kinds, known);
    assert_eq!(names::<Outcome>("/$defs/verdict/properties/outcome/enum").len(), 5);
    assert_eq!(names::<Was>("/$defs/check/properties/was/enum").len(), 3);
    assert_eq!(names::<Tier>("/$defs/check/properties/tier/enum").len(), 2);
    let version = schema().pointer("/$defs/verdict/properties/version/const").cloned();
    assert_eq!(version, Some(verdict::VERSION.into()));
}

/// A failing check, one that passes, and a mistake in each place that may have one.
fn example() -> Value {
    let mistake = json!({
        "name": "kettle", "says": "This is kettle.", "why": "RFC 0.", "read": "01-open-route.html#your-task",
        "file": "steps/01-open-route/src/main.rs", "line": 7, "code": "let kettle;", "error": null,
    });
    let exchange = |body: &str| {
        let text = format!("GET /items HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{body}");
        json!({ "kind": "exchange", "text": text })
    };
    json!({
        "version": 2, "step": "01-open-route", "outcome": "failed", "problem": null,
        "compiler": null, "compiler_mistake": null, "inputs": "0123456789abcdef", "seed": 7,
        "tasks": [{ "number": 1, "title": "List the items", "begun": true, "todo": "steps/01-open-route/src/main.rs:7" }],
        "focus": "lists_the_items",
        "checks": [
            {
                "name": "lists_the_items", "tier": "core", "task": 1, "new": true, "passed": false, "was": "unbegun",
                "regression": false, "seen": "the body differs at 0 > name.",
                "finding": { "kind": "body", "at": "/0/name" }, "expected": exchange("[1]"),
                "actual": exchange("[2]"), "reproduce": "curl -i \"http://127.0.0.1:3000/items\"",
                "drawn": [{ "name": "<drawn word>", "value": "x" }], "mistake": mistake,
            },
            {
                "name": "answers_404_where_nothing_is", "tier": "edge", "task": null, "new": false, "passed": true,
                "was": "passed", "regression": false, "seen": null, "finding": null, "expected": null, "actual": null, "reproduce": null,
                "drawn": [], "mistake": null,
            },
        ],
        "compile_ms": 1, "checks_ms": 2,
    })
}

#[test]
fn the_schema_refuses_what_is_no_verdict() {
    let validator = validator();
    let good = example();
    assert!(validator.is_valid(&good), "{good:#}");
    let failing = &good["checks"][0];
    let changes = [
        ("/version", 1.into()),
        ("/outcome", "solved".into()),
        ("/outcome", "broken".into()),
        ("/outcome", "does_not_compile".into()),
        ("/outcome", "done".into()),
        ("/problem", "no snapshot".into()),
        ("/compiler", "error".into()),
        ("/compiler_mistake", failing["mistake"].clone()),
        ("/seed", json!(-1)),
        ("/tasks/0/number", 0.into()),
        ("/tasks/0/begun", Value::Null),
        ("/tasks/0/todo", "src/main.rs".into()),
        ("/focus", Value::Null),
        ("/checks", json!([])),
        ("/checks/0/passed", true.into()),
        ("/checks/0/was", "unknown".into()),
        ("/checks/0/finding", Value::Null),
        ("/checks/0/finding/kind", "wrong".into()),
        ("/checks/0/finding/kind", "status".into()),
        ("/checks/0/finding/at", "name".into()),
        ("/checks/0/expected", Value::Null),
        ("/checks/0/expected", "[1]".into()),
        ("/checks/0/expected/text", "[1]".into()),
        ("/checks/0/actual", Value::Null),
        ("/checks/0/actual/kind", "text".into()),
        ("/checks/0/reproduce", "rm".into()),
        ("/checks/0/mistake/line", 0.into()),
        ("/checks/0/mistake/line", Value::Null),
        ("/checks/0/mistake/file", Value::Null),
        ("/checks/0/mistake/code", "".into()),
        ("/checks/0/mistake/read", "01-open-route.md".into()),
        ("/checks/1/passed", false.into()),
        ("/checks/1/finding", failing["finding"].clone()),
        ("/checks/1/expected", failing["expected"].clone()),
        ("/checks/1/actual", failing["actual"].clone()),
        ("/checks/1/reproduce", failing["reproduce"].clone()),
        ("/checks/1/drawn", failing["drawn"].clone()),
        ("/checks/0/drawn/0/name", "word".into()),
        ("/checks/1/mistake", failing["mistake"].clone()),
    ];
    for (pointer, value) in changes {
        let mut bad = good.clone();
        let place = bad.pointer_mut(pointer).expect("the example has it");
        assert_ne!(*place, value, "{pointer} is not changed");
        *place = value;
        assert!(!validator.is_valid(&bad), "{pointer} may be {:?}", bad.pointer(pointer));
    }
    for pointer in objects(&good, "") {
        let with = |change: &dyn Fn(&mut Map<String, Value>)| {
            let mut bad = good.clone();
            let object = bad.pointer_mut(&pointer).and_then(Value::as_object_mut);
            change(object.expect("it is an object"));
            bad
        };
        let more = with(&|object| drop(object.insert("more".to_owned(), 1.into())));
        assert!(!validator.is_valid(&more), "a new field in `{pointer}` is not noticed");
        let fields = good.pointer(&pointer).and_then(Value::as_object).expect("it is an object");
        for field in fields.keys() {
            let less = with(&|object| drop(object.remove(field)));
            assert!(!validator.is_valid(&less), "`{pointer}/{field}` may be missing");
        }
    }
}

/// The pointers of all objects in the value.
fn objects(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let below =
                fields.iter().flat_map(|(key, value)| objects(value, &format!("{at}/{key}")));
            std::iter::once(at.to_owned()).chain(below).collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(index, value)| objects(value, &format!("{at}/{index}"))).collect()
        }
        _ => Vec::new(),
    }
}
