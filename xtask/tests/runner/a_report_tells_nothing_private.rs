//! `report` has what a maintainer needs, and nothing that tells who wrote the code.

use crate::support::{
    checkout::{Checkout, finish},
    output::Output,
};

#[test]
fn a_report_has_the_failing_checks_and_no_path_or_user_name() {
    let checkout = Checkout::new();
    checkout.save_solution_but("\"Teapot\"", "\"Kettle of grace, gh@example.org, ghp_1234567\"");
    let report = |arguments: &[&str]| {
        let home = checkout.root.parent().expect("it is not the root");
        let mut command = checkout.command(arguments);
        command.env("HOME", home).env("USERPROFILE", home).env("USER", "grace");
        command.env("GITHUB_TOKEN", "ghp_1234567").env("LOGNAME", "items");
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "user.email");
        command.env("GIT_CONFIG_VALUE_0", "gh@example.org");
        finish(&mut command)
    };
    let output = report(&["report", "1"]);
    output.exits(0).says("- Workshop 0.").says("- rustc 1.").says("### 01-open-route, seed ");
    output.says("### `lists_the_items`").says("finding: Body at /0/name").says("--- expected");
    output.says("Kettle of <user>, <e-mail>, <$GITHUB_TOKEN>").never_says("grace");
    output.says("Taken out: ").says(" × <user>").says("`items` is a word of this step too");
    output.never_says("### steps/01-open-route/src/main.rs");
    tells_no_path(&output, &checkout);
    let output = report(&["report", "1", "--code"]);
    output.says("### steps/01-open-route/src/main.rs").says("~~~rust").never_says("grace");
}

#[test]
fn a_report_on_code_that_does_not_compile_has_no_path_either() {
    let checkout = Checkout::new();
    checkout.save("fn main() {\n    let _: u8 = \"\";\n}\n");
    let output = checkout.xtask(&["report", "1"]);
    output.exits(0).says("error[E0308]");
    tells_no_path(&output, &checkout);
}

/// What cargo says beside it, on standard error, is no part of it.
#[track_caller]
fn tells_no_path(output: &Output, checkout: &Checkout) {
    let path = checkout.root.display().to_string();
    assert!(!output.printed().contains(&path), "`{path}` is in:\n{}", output.printed());
}
