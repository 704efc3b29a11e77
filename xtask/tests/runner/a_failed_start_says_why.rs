//! Where a server does not start as the contract says, the learner reads what it did instead.

use crate::support::checkout::Checkout;

#[test]
fn a_server_that_prints_the_port_that_it_was_given_is_told_so() {
    let checkout = Checkout::new();
    checkout.save_solution_but("listener.local_addr()?", "\"127.0.0.1:0\"");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("your server did not start as it should.");
    output.says("`Listening on http://127.0.0.1:0`").says("`listener.local_addr()?` knows it");
    output.never_says("no answer");
}

#[test]
fn a_server_that_listens_elsewhere_is_told_so() {
    let checkout = Checkout::new();
    let code = checkout.solution().replace("Ipv4Addr::LOCALHOST", "Ipv4Addr::UNSPECIFIED");
    checkout.save(&code);
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("`Listening on http://0.0.0.0:");
    output.says("which is not `http://127.0.0.1:PORT`").never_says("no answer");
    #[cfg(target_os = "linux")]
    {
        let printed = "format_args!(\"127.0.0.1:{}\", listener.local_addr()?.port())";
        checkout.save(&code.replace("listener.local_addr()?", printed));
        let output = checkout.xtask(&["verify", "1"]);
        output.exits(1).says("`Listening on http://127.0.0.1:");
        output.says("127.86.7.1 accepts connections").never_says("no answer");
    }
}

#[test]
fn a_server_that_never_listens_is_ended() {
    let checkout = Checkout::new();
    checkout.save("fn main() { println!(\"Listenin on 3000\"); loop {} }");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("your server runs, but did not report that it is listening within 10 s");
    output
        .says("It printed:\n            Listenin on 3000")
        .says("prints `Listening on http://127.0.0.1:PORT`");
}

#[test]
fn a_server_that_exits_is_reported_with_its_status() {
    let checkout = Checkout::new();
    checkout.save("fn main() { eprintln!(\"no config\"); std::process::exit(7) }");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("your server ended before it listened (exit ").says(": 7)");
    output.says("It printed:\n            no config");

    checkout.save_solution_but("Json(vec![", "if true { std::process::exit(7) }\n    Json(vec![");
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("no answer: your server ended in the middle of it (exit ").says(": 7)");
}
