//! A learner whose code shows a known mistake, and whose failures it explains, reads which it is and on which line.

use crate::bank::{Bank, CAUGHT};

#[test]
fn a_learner_who_makes_a_known_mistake_reads_which() {
    let bank = Bank::new();
    let kettle = format!("{CAUGHT}\nEvidence: in items: name: $$ \"Kettle\"");
    bank.add("kettle", &kettle, "Teapot", "Kettle");
    bank.vary("kettle", "Lantern", "Kettle");
    bank.add("lamp", CAUGHT, "Lantern", "Lamp");
    bank.add("salt", "Error: E0425\nEvidence: id: salt", "id: 1", "id: salt");
    bank.vary("salt", "id: 2", "id: salt");
    bank.judge(&["--write"]).exits(0).says("2 of 3 mistakes have evidence");
    let checkout = &bank.checkout;

    checkout.save_solution_but("Teapot", "Kettle");
    let known = "src/main.rs:18:\n  Json(vec![Item { id: 1, name: \"Kettle\" }, Item { id: 2, name: \"Lantern\" }])\nThis is kettle.\nWhy:   RFC 0.\n\
                 Read:  http://127.0.0.1:4000/01-open-route.html#your-task";
    checkout.xtask(&["verify", "1"]).exits(1).says(known);
    checkout.xtask(&["hint", "1"]).exits(0).says("Hint 1 of").says(known);
    checkout.xtask(&["hint", "1"]).exits(0).says("Hint 2 of").never_says(known);
    let json = checkout.xtask(&["verify", "1", "--json"]).json();
    let mistake = &json["checks"][0]["mistake"];
    assert_eq!(mistake["name"], "kettle");
    assert_eq!(mistake["file"], "steps/01-open-route/src/main.rs");
    assert_eq!(mistake["line"], 18);

    checkout.save_solution_but("Teapot", "Samovar");
    checkout.xtask(&["verify", "1"]).exits(1).never_says("This is");
    checkout.save_solution_but("Lantern", "Lamp");
    checkout.xtask(&["verify", "1"]).exits(1).never_says("This is");

    checkout.save_solution_but("id: 1", "id: salt");
    checkout.xtask(&["verify", "1"]).exits(3).says("not found in this scope\n\nThis is salt.");
    checkout.save_solution_but("id: 1", "id: pepper");
    checkout.xtask(&["verify", "1"]).exits(3).never_says("This is salt");
}
