//! Fresh break-ins from the real bank: drawn only, since `break-in --new` itself judges what it has drawn.

use std::collections::BTreeSet;

use xtask::{
    course::Course,
    learner::break_in::{self, Exercise, HOLES},
};

use crate::support::checkout::repository;

/// An exercise for each of these numbers.
fn draw<const N: usize>(seeds: [u64; N]) -> [Exercise; N] {
    let course = Course::open(&repository()).expect("the checkout can be read");
    let step = break_in::step(&course).expect("one step has holes");
    let candidates = break_in::candidates(&course, step).expect("the bank can be read");
    seeds.map(|seed| {
        let drawn = break_in::draw(&course, step, &candidates, seed).expect("it can be read");
        drawn.unwrap_or_else(|| panic!("for {seed} no {HOLES} holes fit together"))
    })
}

#[test]
fn the_same_number_gives_the_same_six_holes_each_of_another_step() {
    let [one, same, other] = draw([7, 7, 8]);
    for exercise in [&one, &other] {
        let steps: BTreeSet<&String> =
            exercise.holes.iter().map(|hole| &hole.mistake.step).collect();
        assert_eq!(steps.len(), HOLES, "{steps:?}");
    }
    assert_eq!(one.sources, same.sources);
    assert_ne!(one.sources, other.sources);
}
