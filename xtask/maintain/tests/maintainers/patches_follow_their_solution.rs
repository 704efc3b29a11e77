//! When a solution changes, what is made of it by patches is made of the new one.

use std::{fs, path::PathBuf};

use xtask::{
    course::{Whose, marks::View, patch, starter},
    files, tutor,
};

use crate::{
    bank::{Bank, CAUGHT},
    git::git,
    support::{checkout::Checkout, output::Output},
};

fn main_rs(checkout: &Checkout) -> PathBuf {
    checkout.step().folder(Whose::Reference).join("src").join("main.rs")
}

/// Changes the solution of step 1: `old` must be in it.
#[track_caller]
fn change(checkout: &Checkout, old: &str, new: &str) {
    let path = main_rs(checkout);
    let text = fs::read_to_string(&path).expect("it is text");
    assert!(text.contains(old), "`{old}` is not in the solution");
    fs::write(&path, text.replace(old, new)).expect("the checkout can be written");
}

fn commit(checkout: &Checkout) {
    git(&checkout.root, &["init", "--quiet"]);
    git(&checkout.root, &["add", "--force", "solutions/01-open-route"]);
    git(&checkout.root, &["commit", "--quiet", "-m", "as it was"]);
}

fn rebase(checkout: &Checkout) -> Output {
    checkout.xtask(&["rebase", "HEAD", "1"])
}

#[test]
fn mistakes_are_carried_over_or_listed() {
    let bank = Bank::new();
    let checkout = &bank.checkout;
    bank.add("kettle", CAUGHT, "Teapot", "Kettle");
    bank.add("hidden", CAUGHT, "\"/items\"", "\"/things\"");
    commit(checkout);
    rebase(checkout).exits(0).says("Solution 1: 2 fit as they are, 0 carried over, 0 in conflict");

    change(checkout, "List the items", "Lists what is for sale");
    change(checkout, "fn app()", "const ITEMS: &str = \"/items\";\n\nfn app()");
    change(checkout, ".route(\"/items\", get(items))", ".route(ITEMS, get(items))");
    let path = tutor::folder(&checkout.step()).join("kettle.patch");
    let before = fs::read_to_string(&path).expect("it is text");
    let head = before.split("--- a/").next().expect("a patch has a head");
    let hidden = fs::read(path.with_file_name("hidden.patch")).expect("it is there");
    rebase(checkout)
        .exits(1)
        .says("hidden.patch is left as it was: lines are in conflict:")
        .says("\n    Router::new().route(ITEMS, get(items))\n")
        .says("Solution 1: 0 fit as they are, 1 carried over, 1 in conflict");
    let after = fs::read_to_string(&path).expect("it is text");
    assert!(
        after.starts_with(head) && after.contains("\n /// Lists what is for sale\n"),
        "{after}"
    );
    assert!(fs::read(path.with_file_name("hidden.patch")).ok() == Some(hidden));

    bank.judge(&[]).never_says("kettle.patch").says("hidden.patch cannot be applied");
}

#[test]
fn holes_are_carried_over_one_after_the_other() {
    let Bank { checkout } = Bank::new();
    let holes = checkout.step().folder(Whose::Reference).join("holes");
    fs::create_dir_all(&holes).expect("the checkout can be written");
    let whole = checkout.solution();
    let first = whole.replace("Teapot", "Kettle");
    let both = first.replace("Lantern", "Lamp");
    let write = |name: &str, from: &str, to: &str| {
        let mut options = diffy::DiffOptions::new();
        options.set_original_filename("a/src/main.rs").set_modified_filename("b/src/main.rs");
        let patch = options.create_patch(from, to).to_string();
        fs::write(holes.join(name), patch).expect("the checkout can be written");
    };
    write("1.patch", &whole, &first);
    write("2.patch", &first, &both);
    commit(&checkout);

    change(&checkout, "List the items", "Lists what is for sale");
    rebase(&checkout).exits(0).says("Solution 1: 0 fit as they are, 2 carried over, 0 in conflict");
    rebase(&checkout).exits(0).says("Solution 1: 2 fit as they are, 0 carried over, 0 in conflict");
    let mut sources = starter::sources(&checkout.step(), View::Solution).expect("it is there");
    for path in files::in_folder(&holes).expect("they are there") {
        let hole = fs::read_to_string(path).expect("it is text");
        patch::apply(&hole, &mut sources).unwrap_or_else(|why| panic!("{why}: {hole}"));
    }
    let text: String = sources.into_iter().map(|source| source.text).collect();
    for words in ["Lists what is for sale", "Kettle", "Lamp"] {
        assert!(text.contains(words), "no `{words}` in:\n{text}");
    }
}

#[test]
fn a_commit_must_be_named_and_there() {
    let checkout = Checkout::new();
    checkout.xtask(&["rebase"]).exits(2).says("name a commit");
    commit(&checkout);
    checkout.xtask(&["rebase", "nowhere", "1"]).exits(2).says("nowhere");
    checkout.xtask(&["rebase", "HEAD", "2"]).exits(2).says("solution 2 is not in HEAD");
}
