//! A bank of mistakes that a test makes.

use std::fs;

use xtask::{course::Whose, tutor};

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
        let patch = patch(&self.checkout.solution(), old, new);
        self.write(
            &format!("{name}.patch"),
            &format!("{caught}\nSays: This is {name}.\nWhy: RFC 0.\nRead: your-task\n\n{patch}"),
        );
    }

    /// The same mistake in another style: it replaces `old` in the base of the cases.
    #[track_caller]
    pub(crate) fn vary(&self, name: &str, old: &str, new: &str) {
        let solution = self.checkout.step().folder(Whose::Reference);
        let base = fs::read_to_string(solution.join("cases").join("base.rs")).expect("it is text");
        let folder = tutor::folder(&self.checkout.step()).join("variants");
        fs::create_dir_all(folder).expect("it can be written");
        self.write(&format!("variants/{name}.1.patch"), &patch(&base, old, new));
    }

    pub(crate) fn judge(&self, arguments: &[&str]) -> Output {
        self.checkout.xtask(&[&["mistakes", "1"], arguments].concat())
    }
}

/// The head of a mistake that a check of step 1 catches.
pub(crate) const CAUGHT: &str = "Check: lists_the_items";

#[track_caller]
fn patch(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "`{old}` is not in the solution");
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename("a/src/main.rs").set_modified_filename("b/src/main.rs");
    options.create_patch(text, &text.replace(old, new)).to_string()
}
