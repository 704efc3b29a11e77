//! Neither a setting of the machine, nor where or how the checks are called, changes a verdict.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    process::Command,
};

use xtask::process::compile::cargo;

use crate::support::checkout::{Checkout, finish};

#[test]
fn it_works_in_a_folder_below() {
    let checkout = Checkout::new();
    let below = checkout.root.join("steps/01-open-route/src");
    finish(checkout.command(&["status"]).current_dir(&below)).exits(0).says("you are here");
    finish(checkout.command(&["verify", "1"]).current_dir(&below))
        .exits(1)
        .says("You have not begun");
}

#[test]
fn no_setting_of_insta_waves_a_difference_through() {
    let checkout = Checkout::new();
    let shipped = checkout.snapshots();
    let settings = [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1"), ("INSTA_UPDATE", "new")];
    checkout.save_solution_but("Teapot", "Kettle");
    finish(checkout.command(&["verify", "1"]).envs(settings)).exits(1).says("Kettle");
    let pair = [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")];
    finish(checkout.command(&["verify", "1"]).envs(pair)).exits(1).says("Kettle");
    assert!(checkout.snapshots() == shipped, "a snapshot was written");
    checkout.save_solution();
    finish(checkout.command(&["verify", "1"]).envs(pair)).exits(0);
    assert!(checkout.snapshots() == shipped, "a snapshot was written");
}

#[test]
fn plain_cargo_test_judges_alike_and_writes_no_snapshot() {
    let checkout = Checkout::new();
    let shipped = checkout.snapshots();
    let cargo_test = || {
        let mut command = Command::new(cargo());
        command
            .args(["test", "-p", "step-01", "--test", "verify"])
            .envs([("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")])
            .env_remove("CARGO_TARGET_DIR")
            .current_dir(&checkout.root);
        finish(&mut command)
    };
    checkout.save_solution_but("Teapot", "Kettle");
    cargo_test().exits(101).says("Kettle").says("cargo xtask verify");
    checkout.save_solution();
    cargo_test().exits(0);
    assert!(checkout.snapshots() == shipped, "a snapshot was written");
}

/// What is built is somewhere else, and what we note is where all our programs look for it.
#[cfg(unix)]
#[test]
fn a_target_folder_elsewhere_is_for_cargo_alone() {
    let checkout = Checkout::new();
    checkout.xtask(&["verify", "1"]).exits(1);
    let elsewhere = checkout.root.join("else where");
    fs::create_dir(&elsewhere).expect("the checkout can be written");
    // Only the name is another one: nothing is compiled again.
    let debug = checkout.root.join("target/debug");
    std::os::unix::fs::symlink(debug, elsewhere.join("debug")).expect("a link");
    let verdict = checkout.root.join("target/workshop/01-open-route.json");
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"] {
        crate::support::checkout::remove(&verdict);
        finish(checkout.command(&["verify", "1"]).env(name, "else where")).exits(1);
        assert!(verdict.exists() && !elsewhere.join("workshop").exists(), "{name}");
    }
}

#[test]
fn a_proxy_is_not_asked() {
    let checkout = Checkout::new();
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let address = format!("http://{}", closed.local_addr().expect("it is bound"));
    drop(closed);
    let proxies =
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, &address));
    checkout.save_solution();
    finish(checkout.command(&["verify", "1"]).envs(proxies)).exits(0).says("Solved");
}

#[test]
fn doctor_says_that_curl_would_ask_a_proxy() {
    let checkout = Checkout::new();
    let doctor = |no_proxy: &str| {
        let mut command = checkout.command(&["doctor"]);
        let proxies = [("http_proxy", "http://127.0.0.1:9"), ("no_proxy", no_proxy)];
        finish(command.envs(proxies).env_remove("NO_PROXY"))
    };
    doctor("").says("warn  http_proxy is set").says("127.0.0.1`");
    doctor("localhost,127.0.0.1").says("ok    curl asks your server itself");
}

#[test]
fn windows_line_ends_change_no_verdict() {
    let checkout = Checkout::new();
    for folder in ["steps/01-open-route", "solutions/01-open-route"] {
        let files = xtask::files::below(&checkout.root.join(folder)).expect("it can be listed");
        for path in files {
            let text = fs::read_to_string(&path).expect("it is text");
            fs::write(&path, text.replace('\n', "\r\n")).expect("the checkout can be written");
        }
    }
    checkout.xtask(&["verify", "1"]).exits(1).says("You have not begun");
    checkout.xtask(&["solution", "1", "--apply"]).exits(0);
    checkout.xtask(&["verify", "1"]).exits(0).says("Solved");
}
