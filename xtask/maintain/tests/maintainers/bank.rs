//! A bank of mistakes that a test makes.

use std::fs;

use xtask::{course::Whose, files, tutor};

use crate::support::{
    checkout::{Checkout, remove},
    output::Output,
};

/// A bank of step 1, which is alone in the course: the crates of the others would be compiled for nothing. Empty at first.
pub(crate) struct Bank {
    pub(crate) checkout: Checkout,
}

impl Bank {
    pub(crate) fn new() -> Self {
        let checkout = Checkout::new();
        only_step_1(&checkout);
        remove(&tutor::folder(&checkout.step()));
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

/// Leaves only step 1 in the course, which has the fewest crates.
pub(crate) fn only_step_1(checkout: &Checkout) {
    let later = |name: &str| name.starts_with("steps/") || name.starts_with("solutions/");
    let manifest = checkout.root.join("Cargo.toml");
    let mut kept = String::new();
    for line in files::read(&manifest).expect("there is a workspace").lines() {
        let member = line.trim().trim_end_matches(',').trim_matches('"');
        if later(member) && !member.ends_with("/01-open-route") {
            remove(&checkout.root.join(member));
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    fs::write(&manifest, kept).expect("the checkout can be written");
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
