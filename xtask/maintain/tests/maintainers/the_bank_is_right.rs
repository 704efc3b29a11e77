//! All that is wrong with the bank of mistakes is reported, at once.

use std::fs;

use xtask::tutor;

use crate::{
    bank::{Bank, CAUGHT},
    support::checkout::remove,
};

#[test]
fn all_that_is_wrong_with_the_bank_is_reported_at_once() {
    let bank = Bank::new();
    let seen = |pattern: &str| format!("{CAUGHT}\nEvidence: {pattern}");
    bank.add("kettle", &seen("\"Kettle\""), "Teapot", "Kettle");
    bank.vary("kettle", "Lantern", "Kettle");
    bank.add("own-words", &seen("\"Pot\""), "Teapot", "Pot");
    bank.add("blind", &seen("\"Cup\""), "Teapot", "Pan");
    bank.add("everywhere", &seen("fn items"), "Teapot", "Jug");
    bank.add("nowhere", &format!("{CAUGHT}\nLacks: Json"), "Teapot", "Mug");
    bank.add("harmless", CAUGHT, "Teapot\" }", "Teapot\" /* mine */ }");
    bank.add("elsewhere", "Check: answers_404_where_nothing_is", "Lantern", "Lamp");
    bank.add("misnamed", "Check: sings_the_items", "Lantern", "Lamp and oil");
    bank.add("garbage", CAUGHT, "Teapot\" }", "Teapot }");
    bank.add("fine", "Error: E0308", "Lantern", "Other lantern");
    bank.add("stale", CAUGHT, "Teapot", "Pot");
    let patches = tutor::folder(&bank.checkout.step());
    let stale = fs::read_to_string(patches.join("stale.patch")).expect("it is text");
    bank.write("stale.patch", &stale.replace("Lantern", "Lanterne"));
    bank.write("wordless.patch", &stale.replace("Says: ", "Sings: "));
    bank.write("silent.patch", &stale.replace("Says: This is stale.\n", ""));

    let output = bank.judge(&[]);
    output
        .exits(1)
        .says("own-words.patch: its evidence matches neither a case labelled `01-open-route/own-words`")
        .says("blind.patch: its evidence does not match the mistake made from its own patch")
        .says("everywhere.patch: its evidence matches the solution of step 1")
        .says("nowhere.patch has in its head `Lacks:` points to no line")
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
fn evidence_alone_is_tried_without_building_anything() {
    let bank = Bank::new();
    bank.add("kettle", &format!("{CAUGHT}\nEvidence: \"Kettle\""), "Teapot", "Kettle");
    bank.add("lamp", CAUGHT, "Lantern", "Lamp");
    bank.judge(&["--evidence"]).exits(1).says("1 of 2 mistakes have evidence").says("kettle.patch");
    bank.vary("kettle", "Lantern", "Kettle");
    bank.judge(&["--evidence"]).exits(0).never_says("does not compile");
}

#[test]
fn a_mistake_is_named_and_no_other() {
    let bank = Bank::new();
    bank.add("kettle", &format!("{CAUGHT}\nEvidence: \"Kettle\""), "Teapot", "Kettle");
    bank.vary("kettle", "Lantern", "Kettle");
    bank.add("silent-kettle", CAUGHT, "1, name: \"Teapot", "1, name: \"Kettle");
    bank.add("pot", &format!("{CAUGHT}\nEvidence: \"Pot\""), "Teapot", "Pot");
    bank.vary("pot", "Lantern", "Pot");
    bank.add("other-pot", &format!("{CAUGHT}\nEvidence: \"Pot\""), "Teapot\" }", "Pot\" }");
    bank.vary("other-pot", "Lantern", "Pot");
    bank.judge(&["--write"])
        .exits(1)
        .says("silent-kettle.patch: a learner who makes it is told `kettle`")
        .says("pot.patch: a learner who makes it is told nothing")
        .never_says("/kettle.patch");
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
    remove(&tutor::folder(&bank.checkout.step()).join("kettle.patch"));
    bank.judge(&[]).exits(1).says("`kettle` is no mistake of this step any more");
}

#[test]
fn only_a_mistake_without_a_record_is_new() {
    let bank = Bank::new();
    bank.add("kettle", CAUGHT, "Teapot", "Kettle");
    bank.judge(&["--write"]).exits(0);
    bank.add("kettle", CAUGHT, "Teapot", "Pot");
    bank.add("lamp", CAUGHT, "Lantern", "Lamp");
    bank.judge(&["--new"]).says("2 mistakes: 0 do not compile").exits(0);
    bank.judge(&[]).exits(1).says("`kettle` shows something else now").never_says("`lamp`");
}
