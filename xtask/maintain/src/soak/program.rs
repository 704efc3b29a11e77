//! What is saved: right programs and wrong ones, and servers that do what no server should.

use xtask::verdict::Outcome;

/// How long a process sleeps that a server has left: it is known by it.
pub(crate) const SLEEP: &str = "86123";

/// A kind of program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Program {
    /// Our solution.
    Right,
    /// The starter.
    Begun,
    /// rustc refuses it.
    Refused,
    /// A server that starts a process and leaves it.
    Forks,
    /// The same, in a session of its own.
    Leaves,
    /// The same, and it hears no SIGTERM.
    Ignores,
    /// It prints without end.
    Floods,
    /// It runs, and never listens.
    Silent,
}

/// Good saves come often, as they do with a learner.
pub(crate) const ALL: [Program; 14] = [
    Program::Right,
    Program::Right,
    Program::Right,
    Program::Begun,
    Program::Begun,
    Program::Begun,
    Program::Refused,
    Program::Refused,
    Program::Refused,
    Program::Forks,
    Program::Leaves,
    Program::Ignores,
    Program::Floods,
    Program::Silent,
];

impl Program {
    /// Its text, different at each save; `right` and `begun` are the solution and the starter.
    pub(crate) fn text(self, number: usize, right: &str, begun: &str) -> String {
        let sleep = format!("sleep {SLEEP}");
        let program = match self {
            Self::Right => right.to_owned(),
            Self::Begun => begun.to_owned(),
            Self::Refused => "fn main() { let number: u8 = \"text\"; }\n".to_owned(),
            Self::Forks => server(&start(&sleep)),
            Self::Leaves => server(&start(&format!("setsid {sleep}"))),
            Self::Ignores => server(&start(&format!("trap '' TERM; {sleep}; {sleep}"))),
            Self::Floods => {
                server("std::thread::spawn(|| loop { println!(\"flood\"); eprint!(\"flood\"); });")
            }
            Self::Silent => "fn main() { loop { std::thread::park(); } }\n".to_owned(),
        };
        format!("{program}// save {number}\n")
    }

    /// Whether this is what it may come to.
    pub(crate) fn may_be(self, outcome: Outcome) -> bool {
        match self {
            Self::Right => outcome == Outcome::Solved,
            Self::Refused => outcome == Outcome::DoesNotCompile,
            _ => outcome == Outcome::Failed,
        }
    }

    /// Whether it is compiled and serves as it should, so that its verdicts take alike long.
    pub(crate) fn is_good(self) -> bool {
        matches!(self, Self::Right | Self::Begun)
    }
}

fn start(script: &str) -> String {
    format!("let _left = std::process::Command::new(\"sh\").args([\"-c\", \"{script}\"]).spawn();")
}

/// A server that does this first, and then has nothing for anybody.
fn server(first: &str) -> String {
    format!(
        "use std::io::{{Read, Write}};
fn main() {{
    let port = std::env::var(\"PORT\").expect(\"the runner sets it\");
    let listener = std::net::TcpListener::bind(format!(\"127.0.0.1:{{port}}\")).expect(\"a port\");
    println!(\"Listening on http://{{}}\", listener.local_addr().expect(\"it is bound\"));
    {first}
    for mut socket in listener.incoming().flatten() {{
        let mut request = [0; 4096];
        if socket.read(&mut request).is_ok() {{
            let _ = socket.write_all(b\"HTTP/1.1 404 Not Found\\r\\ncontent-length: 0\\r\\n\\r\\n\");
        }}
    }}
}}
"
    )
}
