//! Fresh break-ins from the real bank: drawn only, since `break-in --new` itself judges what it has drawn, and
//! `cargo xtask mistakes` each hole alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use xtask::{
    course::{
        Course, Step, Whose,
        marks::View,
        source::{self, Source},
        starter,
    },
    learner::{
        break_in::{self, Exercise, HOLES, Hole, OF_ONE_STEP},
        exercise::{self, Key},
    },
    verdict::{Outcome, Verdict},
};

use crate::support::checkout::{Checkout, repository};

fn course() -> Course {
    Course::open(&repository()).expect("the checkout can be read")
}

fn attacked(course: &Course) -> &Step {
    break_in::step(course).expect("one step has holes")
}

fn candidates(course: &Course) -> Vec<Hole> {
    break_in::candidates(course, attacked(course)).expect("the bank can be read")
}

fn solution(course: &Course) -> Vec<Source> {
    starter::sources(attacked(course), View::Solution).expect("there is a solution")
}

#[track_caller]
fn draw(solution: &[Source], candidates: &[Hole], seed: u64) -> Exercise {
    let drawn = break_in::draw(solution, candidates, seed);
    drawn.unwrap_or_else(|| panic!("for {seed} no {HOLES} holes fit together"))
}

#[test]
fn the_same_number_gives_the_same_six_holes() {
    let course = course();
    let (solution, candidates) = (solution(&course), candidates(&course));
    let [one, same, other] = [7, 7, 8].map(|seed| draw(&solution, &candidates, seed));
    assert_eq!(one.sources, same.sources);
    assert_ne!(one.sources, other.sources);
}

#[test]
fn each_failure_has_one_hole_behind_it() {
    let course = course();
    let (solution, candidates) = (solution(&course), candidates(&course));
    let mut drawn = BTreeSet::new();
    for seed in 0..200 {
        let Exercise { holes, .. } = draw(&solution, &candidates, seed);
        assert_eq!(holes.len(), HOLES, "exercise {seed}");
        let mut behind: BTreeMap<&String, Vec<String>> = BTreeMap::new();
        let mut of_step: BTreeMap<&String, usize> = BTreeMap::new();
        for hole in &holes {
            assert!(!hole.attacks.is_empty(), "{} is no attack", break_in::name(&hole.mistake));
            *of_step.entry(&hole.mistake.step).or_default() += 1;
            for attack in &hole.attacks {
                behind.entry(attack).or_default().push(break_in::name(&hole.mistake));
            }
        }
        let shared = behind.iter().find(|(_, holes)| holes.len() > 1);
        assert_eq!(shared, None, "exercise {seed}: one of them hides the other");
        assert!(of_step.values().all(|count| *count <= OF_ONE_STEP), "{of_step:?}");
        drawn.extend(holes.iter().map(|hole| break_in::name(&hole.mistake)));
    }
    let all: BTreeSet<String> =
        candidates.iter().map(|hole| break_in::name(&hole.mistake)).collect();
    let never: Vec<_> = all.difference(&drawn).collect();
    assert!(never.is_empty(), "in no exercise: {never:?}");
}

#[test]
fn each_hole_can_be_opened_alone_and_is_seen_by_a_check_of_the_step() {
    let course = course();
    let step = attacked(&course);
    let solution = solution(&course);
    let checks: BTreeSet<String> =
        step.checks().expect("there are hints").into_iter().map(|check| check.name).collect();
    for hole in candidates(&course) {
        let name = break_in::name(&hole.mistake);
        let open = break_in::open(&solution, &hole, &solution);
        assert!(open.as_ref() == Some(&hole.alone) && hole.alone != solution, "{name}");
        let unknown: Vec<_> = hole.attacks.iter().filter(|name| !checks.contains(*name)).collect();
        assert!(unknown.is_empty(), "{name}: no checks are {unknown:?}");
    }
}

#[test]
fn hints_are_those_of_the_hole_that_was_drawn() {
    let checkout = Checkout::new();
    let course = checkout.course();
    let step = attacked(&course);
    let mut exercise = draw(&solution(&course), &candidates(&course), 42);
    let hints = |check: &str| exercise::hints(&course, step, check).expect("it can be read");
    let attack = exercise.holes[0].attacks[0].clone();
    assert_eq!(hints(&attack), None, "nothing was drawn");

    let mut verdict = Verdict::new(step, String::new(), Outcome::Failed);
    verdict.checks = Vec::new();
    Key::new(42, &exercise, &verdict).save(&course).expect("the checkout can be written");
    assert_eq!(hints(&attack), None, "the code is not what was drawn");
    exercise.sources[0].text.insert_str(0, &exercise::mark(42));
    source::replace(step, &exercise.sources).expect("the checkout can be written");
    for hole in &exercise.holes {
        for attack in &hole.attacks {
            let (_, hints) = hints(attack).unwrap_or_else(|| panic!("no hints for {attack}"));
            let [place, why, says] = hints.as_slice() else { panic!("{hints:?}") };
            assert!(place.contains(&format!("{}.html#{}", hole.mistake.step, hole.mistake.read)));
            assert_eq!([why, says], [&hole.mistake.why, &hole.mistake.says]);
        }
    }
    let (_, other) = hints("lists_the_items").expect("it did not fail");
    assert!(other[0].contains("passed when the break-in was drawn"), "{other:?}");

    let main = step.folder(Whose::Learner).join("src").join("main.rs");
    fs::write(main, "// Break-in 43\nfn main() {}\n").expect("the checkout can be written");
    assert_eq!(hints(&attack), None, "that is another one");
}
