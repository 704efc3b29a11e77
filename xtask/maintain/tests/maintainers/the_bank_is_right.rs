//! The bank of mistakes: what is wrong with it is told all at once; what is right names a learner's mistake.

use std::fs;

use crate::support::{
    output::Output,
    checkout::{Checkout, remove},
};

/// A bank of step 1 alone, empty at first.
struct Bank {
    checkout: Checkout,
}

impl Bank {
    fn new() -> Self {
        let checkout = Checkout::new();
        for step in checkout.course().steps {
            remove(&xtask::mistakes::folder(&step));
        }
        fs::create_dir_all(xtask::mistakes::folder(&checkout.step())).expect("it can be written");
        Self { checkout }
    }

    fn write(&self, name: &str, text: &str) {
        let path = xtask::mistakes::folder(&self.checkout.step()).join(name);
        fs::write(path, text).expect("the checkout can be written");
    }

    /// A mistake that replaces `old` in the solution, caught as the head says.
    #[track_caller]
    fn add(&self, name: &str, caught: &str, old: &str, new: &str) {
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

    fn judge(&self, arguments: &[&str]) -> Output {
        self.checkout.xtask(&[&["mistakes", "1"], arguments].concat())
    }
}

const CAUGHT: &str = "Check: lists_the_items";

#[test]
fn all_that_is_wrong_with_the_bank_is_told_at_once() {
    let bank = Bank::new();
    bank.add("kettle", CAUGHT, "Teapot", "Kettle");
    bank.add("same-kettle", CAUGHT, "Teapot", "Kettle");
    bank.add("harmless", CAUGHT, "Teapot\" }", "Teapot\" /* mine */ }");
    bank.add("elsewhere", "Check: answers_404_where_nothing_is", "Lantern", "Lamp");
    bank.add("misnamed", "Check: sings_the_items", "Lantern", "Lamp and oil");
    bank.add("garbage", CAUGHT, "Teapot\" }", "Teapot }");
    bank.add("fine", "Error: E0308", "Lantern", "Other lantern");
    bank.add("stale", CAUGHT, "Teapot", "Pot");
    let patches = xtask::mistakes::folder(&bank.checkout.step());
    let stale = fs::read_to_string(patches.join("stale.patch")).expect("it is text");
    bank.write("stale.patch", &stale.replace("Lantern", "Lanterne"));
    bank.write("wordless.patch", &stale.replace("Says: ", "Sings: "));
    bank.write("silent.patch", &stale.replace("Says: This is stale.\n", ""));

    let output = bank.judge(&[]);
    output.exits(1)
        .says("same-kettle.patch show the same")
        .says("harmless.patch: no check catches it")
        .says("elsewhere.patch: `answers_404_where_nothing_is` does not catch it")
        .says("misnamed.patch: step 1 has no check `sings_the_items`")
        .says("garbage.patch: it does not compile")
        .says("fine.patch: it compiles")
        .says("stale.patch cannot be applied")
        .says("wordless.patch has `Sings:` in its head")
        .says("silent.patch lacks the line `Says: …`")
        .says("`kettle` is not there: `cargo xtask mistakes 1 --write`");
}

#[test]
fn a_bank_that_is_right_stays_right_until_it_drifts() {
    let bank = Bank::new();
    bank.add("kettle", CAUGHT, "Teapot", "Kettle");
    bank.add("garbage", "Error: none", "Teapot\" }", "Teapot }");
    bank.judge(&["--write"]).says("2 mistakes: 1 do not compile").exits(0);
    bank.judge(&[]).exits(0);
    bank.add("kettle", CAUGHT, "Teapot", "Pot");
    bank.judge(&[]).exits(1).says("`kettle` shows something else now");
    remove(&xtask::mistakes::folder(&bank.checkout.step()).join("kettle.patch"));
    bank.judge(&[]).exits(1).says("`kettle` is no mistake of this step any more");
}

#[test]
fn a_learner_who_makes_a_known_mistake_is_told_which() {
    let bank = Bank::new();
    bank.add("kettle", CAUGHT, "Teapot", "Kettle");
    bank.add("salt", "Error: E0425", "id: 1", "id: salt");
    bank.judge(&["--write"]).exits(0);
    let checkout = &bank.checkout;

    checkout.save_solution_but("Teapot", "Kettle");
    let known =
        "This is kettle.\nWhy:   RFC 0.\nRead:  http://127.0.0.1:4000/01-open-route.html#your-task";
    checkout.xtask(&["verify", "1"]).exits(1).says(known);
    checkout.xtask(&["hint", "1"]).exits(0).says("Hint 1 of").says(known);
    checkout.xtask(&["hint", "1"]).exits(0).says("Hint 2 of").never_says(known);
    let json = checkout.xtask(&["verify", "1", "--json"]).json();
    assert_eq!(json["checks"][0]["diagnosis"]["mistake"], "kettle");

    checkout.save_solution_but("Teapot", "Samovar");
    checkout.xtask(&["verify", "1"]).exits(1).never_says("This is");

    checkout.save_solution_but("id: 1", "id: salt");
    checkout.xtask(&["verify", "1"]).exits(3).says("This is salt.");
    checkout.save_solution_but("id: 1", "id: pepper");
    checkout.xtask(&["verify", "1"]).exits(3).never_says("This is salt");
}

#[test]
fn records_that_cannot_be_read_are_our_fault() {
    let bank = Bank::new();
    bank.write("records.json", "{");
    bank.checkout.save_solution_but("Teapot", "Kettle");
    bank.checkout
        .xtask(&["verify", "1"])
        .exits(4)
        .says("records.json cannot be used")
        .says("git checkout");
}
