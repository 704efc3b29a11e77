//! What `.vscode/launch.json` builds, under a debugger: it stops at a handler, and a local variable has its value there.
#![cfg(target_os = "linux")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use protocol::listening;

use crate::support::checkout::Checkout;

/// A handler of step 1 as a learner may write it, with a local variable.
const OLD: &str = "    Json(vec![Item";
const NEW: &str = "    let count_of_items = 2;\n    let _ = count_of_items;\n    Json(vec![Item";

/// A debugger that runs a program.
struct Debugger {
    lldb: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Debugger {
    /// The next line with this in it.
    #[track_caller]
    fn wait_for(&mut self, wanted: &str) -> String {
        let mut seen = String::new();
        for line in self.lines.by_ref().map_while(Result::ok) {
            if line.contains(wanted) {
                return line;
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        panic!("the debugger never said `{wanted}`:\n{seen}")
    }
}

impl Drop for Debugger {
    fn drop(&mut self) {
        // After a test that passes it has ended by itself.
        self.lldb.kill().ok();
        self.lldb.wait().expect("it can be waited for");
    }
}

#[test]
fn a_debugger_stops_at_a_handler_and_prints_a_local_variable() {
    if Command::new("lldb").arg("--version").output().is_err() {
        assert!(env::var_os("CI").is_none(), "CI has lldb: see .ci/run");
        println!("skipped: there is no lldb");
        return;
    }
    let checkout = Checkout::new();
    checkout.save_solution_but(OLD, NEW);
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package=step-01", "--profile=debugger"])
        .arg("--target-dir=target/debugger")
        .current_dir(&checkout.root)
        .env_remove("CARGO_TARGET_DIR")
        .status();
    assert!(built.is_ok_and(|status| status.success()), "it does not compile");

    let code = checkout.solution().replace(OLD, NEW);
    let at = code.lines().position(|line| line.contains("let _ = count")).expect("it is there");
    let mut lldb = Command::new("lldb")
        .args(["--no-lldbinit", "--batch"])
        // Containers do not allow that.
        .args(["-o", "settings set target.disable-aslr false"])
        .args(["-o", &format!("breakpoint set --file main.rs --line {}", at + 1)])
        .args(["-o", "run", "-o", "frame variable count_of_items", "-o", "kill"])
        .arg(checkout.root.join("target/debugger/debugger/step-01"))
        .env("PORT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("lldb can be started");
    let lines = BufReader::new(lldb.stdout.take().expect("it is piped")).lines();
    let mut debugger = Debugger { lldb, lines };
    let line = debugger.wait_for("Listening on ");
    let address = listening::parse(line.trim_start()).expect("it is the line of a server");
    let port = address.port.expect("it is an address of this machine");
    let mut client = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    client.write_all(b"GET /items HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is read");
    debugger.wait_for("stop reason = breakpoint");
    let printed = debugger.wait_for("count_of_items = ");
    // It kills the program and ends; a debugger that is killed before would leave the program behind.
    let ended = debugger.lldb.wait().expect("it can be waited for");
    assert!(ended.success(), "lldb ended with {ended}");
    assert!(printed.contains("count_of_items = 2"), "{printed}");
}
