//! Servers that a learner may write by mistake, with the standard library only: they compile fast.

use std::{
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::support::running_call::LIMIT;

/// A server that listens, and runs `answer` for each request, with `socket` as the connection.
pub(crate) fn listening(answer: &str) -> String {
    format!(
        r#"
use std::{{env, io::{{Read, Write}}, net::TcpListener}};

fn main() {{
    let port = env::var("PORT").expect("the runner sets it");
    let listener = TcpListener::bind(format!("127.0.0.1:{{port}}")).expect("a free port");
    println!("Listening on http://{{}}", listener.local_addr().expect("it is bound"));
    for mut socket in listener.incoming().flatten() {{
        let mut request = [0; 4096];
        socket.read(&mut request).expect("a request");
        {answer}
    }}
}}
"#
    )
}

/// A server that answers 404, but for `/items` first connects to `port` and waits there as long as the other
/// side does.
pub(crate) fn holding_on_to(port: u16) -> String {
    listening(&format!(
        r#"if String::from_utf8_lossy(&request).contains(" /items ") {{
            let held = std::net::TcpStream::connect("127.0.0.1:{port}");
            held.expect("the test listens").read(&mut request).expect("the test holds on");
        }}
        socket.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").expect("an answer");"#
    ))
}

/// Waits until somebody listens there.
#[track_caller]
pub(crate) fn connect(address: &str) -> TcpStream {
    let until = Instant::now() + LIMIT;
    loop {
        match TcpStream::connect(address) {
            Ok(server) => return server,
            Err(error) if Instant::now() > until => panic!("{address}: {error}"),
            // No event comes with a port that opens: ask again.
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}
