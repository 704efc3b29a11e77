//! A learner whose failure looks like a known mistake, and like no other, reads which it is.

use crate::bank::{Bank, CAUGHT};

#[test]
fn a_learner_who_makes_a_known_mistake_reads_which() {
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
    assert_eq!(json["checks"][0]["mistake"]["name"], "kettle");

    checkout.save_solution_but("Teapot", "Samovar");
    checkout.xtask(&["verify", "1"]).exits(1).never_says("This is");

    checkout.save_solution_but("id: 1", "id: salt");
    checkout.xtask(&["verify", "1"]).exits(3).says("This is salt.");
    checkout.save_solution_but("id: 1", "id: pepper");
    checkout.xtask(&["verify", "1"]).exits(3).never_says("This is salt");
}
