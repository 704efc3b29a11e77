//! An archive holds what is committed, so it needs a repository.

use crate::support::checkout::{Checkout, finish};

#[test]
fn bundle_asks_for_a_repository() {
    let checkout = Checkout::new();
    let above = checkout.root.parent().expect("it is not the root");
    let output = finish(checkout.command(&["bundle"]).env("GIT_CEILING_DIRECTORIES", above));
    output.exits(4).says("is not a git repository");
}
