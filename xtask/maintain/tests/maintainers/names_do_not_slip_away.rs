//! `cases` holds which mistake is named, not only what is caught.

use std::fs;

use xtask::{course::Whose, tutor};

use crate::support::checkout::Checkout;

#[test]
fn a_mistake_that_is_named_no_more_is_a_difference() {
    let checkout = Checkout::new();
    let cases = checkout.step().folder(Whose::Reference).join("cases");
    let table = cases.join("cases.tsv");
    let read = || fs::read_to_string(&table).expect("it is text");
    let write = |text: &str| fs::write(&table, text).expect("the checkout can be written");
    let all = read();
    let names: Vec<&str> = all.lines().next().unwrap_or_default().split('\t').collect();
    let kept = names.iter().filter(|name| !["known", "named"].contains(*name)).count();
    let two = all.lines().filter(|line| ["id", "N121", "F101"].contains(&first(line)));
    let lines = two.map(|line| line.split('\t').take(kept).collect::<Vec<_>>().join("\t") + "\n");
    let few: String = lines.collect();
    assert_eq!(few.lines().count(), 3, "{few}");
    write(&few);

    checkout.xtask(&["cases", "--step", "1", "--write"]).exits(0);
    let column = |line: &str| line.rsplit('\t').next().unwrap_or_default().to_owned();
    let mut written: Vec<String> = read().lines().map(column).collect();
    written.sort();
    assert_eq!(written, ["named", "none", "other-items"]);

    let path = tutor::folder(&checkout.step()).join("other-items.patch");
    let text = fs::read_to_string(&path).expect("it is text");
    let (head, diff) = text.split_once("\nEvidence: ").expect("it has evidence");
    let (_, diff) = diff.split_once("\n\n").expect("there is a diff");
    fs::write(&path, format!("{head}\n\n{diff}")).expect("the checkout can be written");
    let output = checkout.xtask(&["cases", "--step", "1"]);
    output.exits(1).says("N121 is named `none`; in the column named: other-items");
    output.says("mistakes that a check catches").says("1 of    1").never_says("F101 is");
}

fn first(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}
