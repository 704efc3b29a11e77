//! Ports of this machine, what curl asks, and the instructor's board.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
};

use protocol::invisible::harmless;

use crate::{
    class::board::{Answer, Board},
    trouble::Trouble,
    verbs::doctor::finding::Finding,
};

pub(super) fn port(port: u16, what: &str) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Finding::Good(format!("port {port} is free, for {what}")),
        Err(error) => Finding::Warn(
            format!("port {port}, for {what}, cannot be used: {error}"),
            "Is the workshop running in another terminal? If not: `run --port 3001` for a server, `learn --port 4001` for the book.",
        ),
    }
}

/// curl uses a proxy even for this machine, unless `no_proxy` names it; the checks and the page use none.
pub(super) fn proxy() -> Finding {
    let set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let exceptions = ["no_proxy", "NO_PROXY"].map(|name| env::var(name).unwrap_or_default());
    match ["http_proxy", "all_proxy", "ALL_PROXY"].into_iter().find(set) {
        Some(name) if !exceptions.iter().any(|hosts| leaves_out_this_machine(hosts)) => {
            Finding::Warn(
                format!(
                    "{name} is set, so curl asks your server itself only with `--noproxy \"*\"`, as in our lines"
                ),
                if cfg!(windows) {
                    "For lines of your own: `set NO_PROXY=127.0.0.1` (PowerShell: `$env:NO_PROXY = \"127.0.0.1\"`)."
                } else {
                    "For lines of your own: `export no_proxy=127.0.0.1`."
                },
            )
        }
        _ => Finding::Good("curl asks your server itself, without a proxy".to_owned()),
    }
}

/// As curl reads `no_proxy`.
fn leaves_out_this_machine(hosts: &str) -> bool {
    hosts == "*" || hosts.split([',', ' ']).any(|host| host.trim() == "127.0.0.1")
}

pub(super) fn reach(board: &Board) -> Result<Finding, Trouble> {
    let why = match board.ask("GET", "/openapi.json", None, None)? {
        Answer::Good(document) if document["info"]["title"] == "The board" => {
            return Ok(Finding::Good(format!("the board at {} can be reached", board.address())));
        }
        Answer::Good(_) => "what answers there is no board".to_owned(),
        Answer::Refused(_, why) | Answer::Unreachable(why) => why,
    };
    Ok(Finding::Warn(
        format!("the board at {} cannot be reached: {}", board.address(), harmless(&why)),
        "Join the room's network. If you are in it, it keeps its guests apart or a firewall closes the port: tell your instructor.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_not_asked_for_what_no_proxy_names() {
        for hosts in ["*", "127.0.0.1", "localhost,127.0.0.1", "a.example, 127.0.0.1"] {
            assert!(leaves_out_this_machine(hosts), "{hosts}");
        }
        for hosts in ["", "localhost", "127.0.0.10", "*.example"] {
            assert!(!leaves_out_this_machine(hosts), "{hosts}");
        }
    }
}
