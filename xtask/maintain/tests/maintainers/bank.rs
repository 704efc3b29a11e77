//! A bank of mistakes that a test makes.

use std::fs;

use xtask::tutor;

use crate::support::{
    checkout::{Checkout, remove},
    output::Output,
};

/// A bank of step 1 alone, empty at first.
pub(crate) struct Bank {
    pub(crate) checkout: Checkout,
}

impl Bank {
    pub(crate) fn new() -> Self {
        let checkout = Checkout::new();
        for step in checkout.course().steps {
            remove(&tutor::folder(&step));
        }
        fs::create_dir_all(tutor::folder(&checkout.step())).expect("it can be written");
        Self { checkout }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = tutor::folder(&self.checkout.step()).join(name);
        fs::write(path, text).expect("the checkout can be written");
    }

    /// A mistake that replaces `old` in the solution, caught as the head says.
    #[track_caller]
    pub(crate) fn add(&self, name: &str, caught: &str, old: &str, new: &str) {
        let solution = self.checkout.solution();
        assert!(solution.contains(old), "`{old}` is not in the solution");
        let mut options = diffy::DiffOptions::new();
        options.set_original_filename("a/src/main.rs").set_modified_filename("b/src/main.rs");
        let wrong = solution.replace(old, new);
        let patch = options.create_patch(&solution, &wrong);
        self.write(
            &format!("{name}.patch"),
            &format!("{caught}\nSays: This is {name}.\nWhy: RFC 0.\nRead: your-task\n\n{patch}"),
        );
    }

    pub(crate) fn judge(&self, arguments: &[&str]) -> Output {
        self.checkout.xtask(&[&["mistakes", "1"], arguments].concat())
    }
}

/// The head of a mistake that a check of step 1 catches.
pub(crate) const CAUGHT: &str = "Check: lists_the_items";
