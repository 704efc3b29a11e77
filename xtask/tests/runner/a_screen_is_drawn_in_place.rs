//! `watch` in a terminal: a screen that follows the verdict, the keys and the window, and leaves the terminal in order.
#![cfg(target_os = "linux")]

use std::{fs, io::Write, os::unix::fs::PermissionsExt, process::Command};

use xtask::{
    process::compile,
    session::book::{BookNote, Books},
};

use crate::{
    PROGRAM,
    support::{
        checkout::Checkout,
        running_call::RunningCall,
        servers::{connect, listening},
    },
    terminal::{Seen, Terminal},
};

const KEYS: &str = "h hint  l list";

/// A step with a failing check.
fn with_a_failure() -> Checkout {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    checkout
}

#[track_caller]
fn is_in_order(terminal: &Terminal, seen: &Seen) {
    assert!(!seen.second && seen.cursor && seen.wraps, "{seen:#?}");
    assert!(terminal.is_by_line(), "it passes on single keys");
}

#[test]
fn it_follows_verdicts_keys_and_the_window_and_leaves_the_last_report() {
    let checkout = with_a_failure();
    let mut watch = Terminal::start(&checkout.command(&["watch", "1"]), 60, 14);
    watch.wait_until("clock", |seen| seen.raw.contains("Compiling, "));
    let small = watch.wait_until("verdict", |seen| seen.rows[1] == "1 of 3 checks fail");
    assert!(small.second && !small.cursor, "{small:#?}");
    assert!(small.rows[0].starts_with("Step 1: "), "{small:#?}");
    assert!(small.has(" more rows: j, k, arrows"), "{small:#?}");
    watch.press("jj");
    watch.wait_for("-- 2 rows above, ");
    watch.press("\x1b[A\x1b[6~");
    watch.wait_until("page", |seen| seen.has(" rows above") && !seen.has("-- 2 rows above"));
    watch.resize(80, 20);
    let large = watch.wait_until("new size", |seen| seen.rows[19].contains("q quit"));
    assert!(large.rows[0].starts_with("Step 1: ") && large.rows[0].len() == 80, "{large:#?}");
    watch.press("h");
    watch.wait_for("Hint 1 of ");
    watch.press("l");
    watch.wait_for(">  1  ");
    watch.press("b");
    watch.wait_until("report", |seen| !seen.has(">  1  ") && seen.has("GET /items"));
    watch.press("l");
    watch.wait_for(">  1  ");
    checkout.save_solution();
    let solved = watch.wait_for("Solved: all 3 checks pass.");
    assert!(solved.rows[0].ends_with("[####################] 3 of 3"), "{solved:#?}");
    assert!(!solved.has(">  1  "), "the list is in the way: {solved:#?}");
    watch.press("q");
    let (code, seen) = watch.ends();
    assert_eq!(code, Some(0));
    is_in_order(&watch, &seen);
    assert!(seen.has("Solved: all 3 checks pass.") && !seen.has(KEYS), "{seen:#?}");
    // The next one begins with what is known, while it is judged again.
    let mut watch = Terminal::start(&checkout.command(&["watch", "1"]), 80, 20);
    let seen = watch.wait_until("verdict", |seen| seen.rows[1] == "Solved");
    let (known, judged) = (seen.raw.find("all 3 checks pass."), seen.raw.find("\x1b[2KSolved\r"));
    assert!(known.is_some() && known < judged, "{}", seen.raw);
    watch.press("q");
    watch.ends();
}

#[test]
fn c_shows_what_cargo_says_of_what_is_compiled_ahead_and_of_what_it_cannot() {
    let checkout = with_a_failure();
    let cargo = checkout.root.join("cargo.sh");
    let script = format!(
        r#"#!/bin/sh
case "$*" in
*"-p solution-01 "*) echo "error: nobody can build this" >&2; exit 101 ;;
*"-p step-02 "*) echo "   Compiling slow v1.2.3" >&2; exec sleep 600 ;;
esac
exec '{}' "$@"
"#,
        compile::cargo().to_string_lossy()
    );
    fs::write(&cargo, script).expect("the checkout can be written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("it is ours");
    // Without a book that is served, it would be compiled first.
    let book = BookNote {
        address: "http://127.0.0.1:4711".to_owned(),
        folder: "1-0".to_owned(),
        program: PROGRAM.into(),
    };
    let books = Books::in_checkout(&checkout.course());
    let held = books.note(&book).unwrap_or_else(|trouble| panic!("{trouble}"));
    let mut command = checkout.command(&["learn", "1", "--no-open"]);
    let mut learn = Terminal::start(command.env("CARGO", &cargo), 120, 40);
    let told = "cargo could not build solution-01 ahead: c shows why";
    learn.wait_until("verdict, trouble and key", |seen| {
        seen.rows[1] == "1 of 3 checks fail" && seen.has(told) && seen.has("c cargo")
    });
    learn.press("c");
    let seen = learn.wait_for("   Compiling slow v1.2.3");
    let row = |words: &str| seen.rows.iter().position(|row| row.contains(words));
    let calls = [row("$ cargo test -p solution-01 "), row("$ cargo test -p step-02 ")];
    assert!(calls[0].is_some() && calls[0] < calls[1], "{seen:#?}");
    assert_eq!(row("error: nobody can build this"), calls[0].map(|call| call + 1), "{seen:#?}");
    learn.press("b");
    learn.wait_until("report", |seen| !seen.has("$ cargo test") && seen.has("GET /items"));
    learn.press("q");
    let (code, seen) = learn.ends();
    assert_eq!(code, Some(0));
    is_in_order(&learn, &seen);
    drop(held);
}

#[test]
fn a_server_that_ends_is_seen_and_ctrl_c_leaves_the_screen() {
    let checkout = Checkout::new();
    checkout.save(&listening(
        r#"if String::from_utf8_lossy(&request).contains(" /end ") { std::process::exit(7) }
        socket.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").expect("an answer");"#,
    ));
    let mut watch = Terminal::start(&checkout.command(&["watch", "1"]), 80, 24);
    let seen = watch.wait_for("your server: http://");
    let row = seen.rows.iter().find(|row| row.contains("your server: ")).expect("it is there");
    let mut server = connect(row.rsplit("http://").next().expect("it has an address"));
    server.write_all(b"GET /end HTTP/1.1\r\n\r\n").expect("it reads");
    watch.wait_for("your server ended by itself (exit status: 7)");
    watch.press("\x03");
    let (code, seen) = watch.ends();
    assert_eq!(code, Some(130));
    is_in_order(&watch, &seen);
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back() {
    let checkout = with_a_failure();
    let script = r#"set -m; "$0" watch 1; echo "the shell's $?"; read go; fg; echo "ended: $?""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, PROGRAM]).current_dir(&checkout.root);
    shell.env_remove("CARGO_TARGET_DIR").env_remove("PORT");
    let mut shell = Terminal::start(&shell, 80, 24);
    shell.wait_for("your server: http://");
    shell.press("\x1a");
    let stopped = shell.wait_for("the shell's 148");
    is_in_order(&shell, &stopped);
    shell.press("\n");
    let back = shell.wait_until("screen", |seen| seen.second && seen.has("your server: http://"));
    assert!(back.rows[0].starts_with("Step 1: "), "{back:#?}");
    shell.press("l");
    shell.wait_for(">  1  ");
    shell.press("q");
    let ended = shell.wait_for("ended: 0");
    is_in_order(&shell, &ended);
    shell.ends();
}

#[test]
fn without_colours_it_is_the_same_screen() {
    let checkout = with_a_failure();
    let mut command = checkout.command(&["watch", "1"]);
    let mut watch = Terminal::start(command.env("NO_COLOR", "1"), 80, 24);
    let seen = watch.wait_for("your server: http://");
    assert!(seen.second && seen.has("FAIL"), "{seen:#?}");
    watch.press("q");
    let (_, seen) = watch.ends();
    let is_colour = |sequence: &str| {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic());
        end.is_some_and(|end| sequence[end..].starts_with('m'))
    };
    assert!(!seen.raw.split("\x1b[").skip(1).any(is_colour), "{}", seen.raw);
}

#[test]
fn a_terminal_that_shows_text_alone_and_one_that_is_to_be_plain_get_lines() {
    let checkout = with_a_failure();
    let plain = checkout.command(&["watch", "1", "--plain"]);
    let mut dumb = checkout.command(&["watch", "1"]);
    dumb.env("TERM", "dumb");
    for command in [plain, dumb] {
        let mut watch = Terminal::start(&command, 80, 24);
        watch.wait_for("workshop: step 1: checking");
        watch.wait_for("Keys: ");
        watch.press("q");
        let (code, seen) = watch.ends();
        assert_eq!(code, Some(0));
        assert!(!seen.raw.contains('\x1b'), "{}", seen.raw);
    }
}

#[test]
fn an_editor_reads_where_a_judgement_begins_and_ends_and_what_fails() {
    let checkout = with_a_failure();
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    watch.wait_for("workshop: step 1: checking");
    let problem = watch.wait_for(":1: error: ");
    let place = "steps/01-open-route/src/main.rs:";
    assert!(problem.starts_with(place), "{problem}");
    let line = problem[place.len()..].split(':').next().unwrap_or_default();
    let line: usize = line.parse().expect("a line");
    let main_rs = std::fs::read_to_string(checkout.main_rs()).expect("it is there");
    assert!(main_rs.lines().nth(line - 1).is_some_and(|line| line.contains("Kettle")), "{problem}");
    watch.wait_for("workshop: step 1: 1 of 3 checks fail");
    watch.wait_for("Keys:");
    checkout.save("fn main() { nothing(); neither(); }");
    watch.wait_for("workshop: step 1: checking");
    // One error is shown in rustc's own words, which editors know; the other has a line.
    watch.wait_for("error[E0425]: cannot find function `nothing` in this scope");
    watch.wait_for(&format!(
        "{place}1:24: error: cannot find function `neither` in this scope [E0425]"
    ));
    watch.wait_for("workshop: step 1: does not compile");
    watch.wait_for("Keys:");
    watch.type_line("c");
    watch.wait_for("$ cargo test -p step-01 --test verify");
    watch.wait_for("error[E0425]: cannot find function `nothing` in this scope");
    checkout.save_solution();
    watch.wait_for("workshop: step 1: solved");
    watch.type_line("q");
    watch.ends().exits(0).never_says('\x1b');
}
