//! What the book says about FastAPI: each departure was recorded from a run, and each record is explained.

use workshop_book::fastapi::{self, Departure, RecordedStep};
use xtask::course::{Course, Step};

use crate::support::checkout::repository;

fn course() -> Course {
    Course::open(&repository()).unwrap_or_else(|trouble| panic!("{trouble}"))
}

fn departures(course: &Course) -> Vec<Departure> {
    fastapi::read(course).unwrap_or_else(|trouble| panic!("{trouble}"))
}

fn answers(course: &Course, step: &Step) -> RecordedStep {
    fastapi::answers(course, step).unwrap_or_else(|trouble| panic!("{trouble}"))
}

#[test]
fn every_departure_names_checks_that_exist() {
    let course = course();
    let problems = fastapi::misnamed(&course, &departures(&course));
    let problems = problems.unwrap_or_else(|trouble| panic!("{trouble}"));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_departure_that_names_no_check_is_reported() {
    let course = course();
    let mut all = departures(&course);
    all[0].checks = [("1-2".to_owned(), vec!["was_renamed".to_owned()])].into();
    all[1].checks = [("all".to_owned(), vec!["lists_the_items".to_owned()])].into();
    let problems = fastapi::misnamed(&course, &all).unwrap_or_else(|trouble| panic!("{trouble}"));
    let reported = problems.join("\n");
    for words in [
        "step 1 has no check `was_renamed`",
        "step 2 has no",
        "`all` should be",
        "names no check of any",
    ] {
        assert!(reported.contains(words), "`{words}` is not in:\n{reported}");
    }
}

#[test]
fn departures_and_recorded_answers_explain_each_other() {
    let course = course();
    let departures = departures(&course);
    let steps = course.steps.iter();
    let problems: Vec<String> = steps
        .flat_map(|step| fastapi::unexplained(&departures, step, &answers(&course, step)))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn a_departure_that_does_not_show_and_an_answer_that_nobody_explains_are_reported() {
    let course = course();
    let mut all = departures(&course);
    let (step, name) =
        all[0].first(&course).map(|(step, name)| (step, name.to_owned())).expect("one");
    let mut answers = answers(&course, step);
    let answer = answers.remove(&name).expect("it is recorded");
    let reported = fastapi::unexplained(&all, step, &answers).join("\n");
    assert!(reported.contains(&format!("{name}: FastAPI passes this check")), "{reported}");
    answers.insert(name.clone(), answer);
    all.remove(0);
    let reported = fastapi::unexplained(&all, step, &answers).join("\n");
    assert!(reported.contains(&format!("{name}: FastAPI fails this check")), "{reported}");
}
