use std::{fs, process::Child};

use super::*;

const LIMIT: Duration = Duration::from_secs(30);

/// A command run for a connection, whose other side is given; the receiver hears of the end.
fn served(script: &str) -> (TcpStream, mpsc::Receiver<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let client = TcpStream::connect(address).expect("it listens");
    client.set_read_timeout(Some(LIMIT)).expect("it is open");
    let (stream, _) = listener.accept().expect("it has called");
    let mut command = Command::new("sh");
    command.args(["-c", script]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        run(command, stream, Path::new("/"), &Warnings::default()).ok();
        sender.send(()).expect("the test listens");
    });
    (client, ended)
}

fn read_frame(client: &mut TcpStream) -> (u8, u32, String) {
    let mut head = [0; 5];
    client.read_exact(&mut head).expect("a frame");
    let number = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
    let mut text = vec![0; if head[0] == END { 0 } else { number as usize }];
    client.read_exact(&mut text).expect("all of it");
    (head[0], number, String::from_utf8(text).expect("text"))
}

#[test]
fn a_call_has_the_secret_and_an_allow_list_of_variables() {
    let text = "secret\0cargo\0Z:\\a café\0\
                3\0PATH=C:\\windows\0CARGO_TERM_COLOR=never\0RUSTFLAGS=-Dx\0build\0-p\0step-01";
    let call = parse(text, "secret").expect("it is a call");
    assert_eq!((call.program.as_str(), call.folder.as_str()), ("cargo", "/a café"));
    assert_eq!(call.variables, [("CARGO_TERM_COLOR".to_owned(), "never".to_owned())]);
    assert_eq!(call.arguments, ["build", "-p", "step-01"]);
    assert_eq!(parse(text, "another"), None);
    assert_eq!(parse("secret\0cargo", "secret"), None);
}

#[test]
fn output_and_exit_code_come_back() {
    let (mut client, ended) = served(r#"echo '{"executable":"/a/b.exe"}'; echo why >&2; exit 3"#);
    let mut frames = [read_frame(&mut client), read_frame(&mut client)];
    frames.sort();
    assert_eq!(frames[0].2, "{\"executable\":\"Z:\\\\a\\\\b.exe\"}\n");
    assert_eq!((frames[1].0, frames[1].2.as_str()), (STDERR, "why\n"));
    assert_eq!(read_frame(&mut client), (END, 3, String::new()));
    ended.recv_timeout(LIMIT).expect("the call is over");
}

#[test]
fn who_goes_away_ends_cargo() {
    let (mut client, ended) = served("echo $$; exec sleep 600");
    let id = read_frame(&mut client).2;
    drop(client);
    ended.recv_timeout(LIMIT).expect("nobody waits for it any more");
    let left = fs::read_to_string(format!("/proc/{}/comm", id.trim())).unwrap_or_default();
    assert_ne!(left, "sleep\n");
}

#[test]
fn a_program_that_runs_is_not_overwritten() {
    let folder = std::env::temp_dir().join(format!("workshop-bridge-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be written");
    let program = folder.join("step-01.exe");
    fs::copy("/bin/cat", &program).expect("there is a cat");
    let mut running: Child =
        Command::new(&program).stdin(Stdio::piped()).spawn().expect("it can be started");
    let build = format!(
        r#"rm '{0}'; echo '{{"reason":"compiler-artifact","target":{{"name":"step-01","kind":["bin"]}},"executable":"{0}"}}'"#,
        program.display()
    );
    let (mut client, ended) = served(&build);
    let refusal = read_frame(&mut client);
    assert!(refusal.2.contains("os error 32"), "{refusal:?}");
    assert_eq!(read_frame(&mut client), (END, FAILED, String::new()));
    ended.recv_timeout(LIMIT).expect("the call is over");
    running.kill().and_then(|()| running.wait()).expect("it is ours");
    let (mut client, _) = served(&build.replace("rm ", "rm -f "));
    assert_eq!(read_frame(&mut client).0, STDOUT);
    fs::remove_dir_all(&folder).expect("nothing holds it");
}
