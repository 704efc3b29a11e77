//! What the quick checks say is told while a slow one still runs.

use std::{
    cell::{Cell, RefCell},
    net::TcpListener,
};

use xtask::{
    course::Whose,
    judge::{self, Asked, so_far::SoFar},
    session::checking,
    verdict::Outcome,
};

use crate::support::{checkout::Checkout, servers::holding_on_to};

#[test]
fn the_slow_check_goes_on_while_the_others_are_told() {
    let checkout = Checkout::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    checkout.save(&holding_on_to(listener.local_addr().expect("it has a port").port()));
    // The check that asks for the items waits until the listener is gone.
    let held = Cell::new(Some(listener));
    let heard: RefCell<Vec<SoFar>> = RefCell::default();
    let (course, step) = (checkout.course(), checkout.step());
    let so_far = |said: &SoFar| {
        let on_pages = checking::words(&course, &step);
        assert_eq!(on_pages, Some(said.in_words()), "the pages hear it as well");
        if said.running > 0 {
            held.take();
        }
        heard.borrow_mut().push(said.clone());
    };
    let asked = Asked { fresh: true, seed: None };
    let verdict = judge::judge_showing(&course, &step, Whose::Learner, asked, &so_far);
    let verdict = verdict.unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!(verdict.outcome, Outcome::Failed);
    assert_eq!(checking::words(&course, &step), None, "all have ended");
    let heard = heard.into_inner();
    let first = heard.first().expect("nothing was told before the end");
    let told = first.passed.len() + first.failed.len();
    assert!(told > 0 && first.running > 0, "{heard:?}");
    assert_eq!(told + first.running, verdict.checks.len());
    for check in &verdict.checks {
        let list = if check.passed { &first.failed } else { &first.passed };
        assert!(!list.contains(&check.name), "{} was told otherwise: {heard:?}", check.name);
    }
}
