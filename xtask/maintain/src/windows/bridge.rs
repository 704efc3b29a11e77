//! Runs cargo for programs under wine, which cannot wait for a program of the system outside.
//!
//! Each connection of 127.0.0.1 is one call. What it sends is in `under-wine/src/main.rs`; what comes back are frames: a kind,
//! four bytes of length, or of the exit code, and the bytes.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use xtask::process::{cargo_messages::Message, group::Group};

use super::{
    build, mapped,
    toolchain::{TARGET, Toolchain},
    translate,
};

/// What a program under wine may set for cargo.
const VARIABLES: [&str; 3] = ["CARGO_BUILD_JOBS", "CARGO_NET_OFFLINE", "CARGO_TERM_COLOR"];

/// Bytes of a request: the variables of a program are a few thousand.
const LONGEST: u32 = 1024 * 1024;

/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Cargo's exit code for what it could not do.
const FAILED: u32 = 101;

const END: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;

/// The way to the bridge, for those who may use it.
pub(crate) struct Bridge {
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
    /// What a call begins with.
    pub(crate) secret: String,
    /// What rustc has warned of, in packages of the workshop.
    warnings: Warnings,
}

type Warnings = Arc<Mutex<Vec<String>>>;

impl Bridge {
    /// Listens until this process ends.
    pub(crate) fn open(toolchain: Toolchain) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let secret = draw();
        let warnings = Warnings::default();
        let (expected, noted) = (secret.clone(), warnings.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (expected, toolchain) = (expected.clone(), toolchain.clone());
                let noted = noted.clone();
                // Who has gone needs no answer.
                thread::spawn(move || answer(stream, &expected, &toolchain, &noted).ok());
            }
        });
        Ok(Self { port, secret, warnings })
    }

    /// What rustc has warned of so far.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// From the keys that the system draws for every hash map.
fn draw() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

/// One call, as a program under wine makes it.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    program: String,
    folder: String,
    variables: Vec<(String, String)>,
    arguments: Vec<String>,
}

fn answer(
    mut stream: TcpStream,
    secret: &str,
    toolchain: &Toolchain,
    warnings: &Warnings,
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LONGEST {
        return Ok(());
    }
    let mut text = String::new();
    (&stream).take(u64::from(length)).read_to_string(&mut text)?;
    let Some(call) = parse(&text, secret) else { return Ok(()) };
    match command(&call, toolchain) {
        Ok(command) => run(command, stream, Path::new(&call.folder), warnings),
        Err(why) => {
            frame(&mut stream, STDERR, format!("error: {why}\n").as_bytes())?;
            end(&mut stream, FAILED)
        }
    }
}

/// The call; none if it is broken, or has not the secret.
fn parse(text: &str, secret: &str) -> Option<Call> {
    let mut fields = text.split('\0').map(str::to_owned);
    if fields.next()? != secret {
        return None;
    }
    let (program, folder) = (fields.next()?, translate::to_unix(&fields.next()?)?);
    let number: usize = fields.next()?.parse().ok()?;
    let sent: Vec<String> = fields.by_ref().take(number).collect();
    let variables = sent.iter().filter_map(|variable| {
        let (name, value) = variable.split_once('=')?;
        VARIABLES.contains(&name).then(|| (name.to_owned(), value.to_owned()))
    });
    Some(Call { program, folder, variables: variables.collect(), arguments: fields.collect() })
}

/// What is to be run; it may build and ask, and no more.
fn command(call: &Call, toolchain: &Toolchain) -> Result<Command, String> {
    let (verb, rest) = call.arguments.split_first().ok_or("no arguments")?;
    let mut command = match (call.program.as_str(), verb.as_str()) {
        ("cargo", "build" | "test") => toolchain.build(verb, &[TARGET]),
        ("cargo", "metadata" | "fetch" | "--version") | ("rustc", "--version") => {
            let mut plain = toolchain.plain(&call.program);
            plain.arg(verb);
            plain
        }
        (program, verb) => return Err(format!("the bridge does not run `{program} {verb}`")),
    };
    command
        .args(rest)
        .envs(call.variables.iter().cloned())
        .current_dir(&call.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

enum Event {
    Said(u8, Vec<u8>),
    /// One of the two streams has ended.
    Ended,
    /// Nobody is there any more.
    Closed,
}

fn run(
    command: Command,
    mut stream: TcpStream,
    folder: &Path,
    warnings: &Warnings,
) -> io::Result<()> {
    let mut group = Group::start_cargo(command)?;
    let (sender, events) = mpsc::channel();
    relay(STDOUT, group.take_stdout(), sender.clone());
    relay(STDERR, group.take_stderr(), sender.clone());
    watch(stream.try_clone()?, sender)?;
    let mut open = 2;
    while open > 0 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the end of either side is one of these events"
        )]
        match events.recv() {
            Ok(Event::Said(STDOUT, line)) => {
                let line = String::from_utf8_lossy(&line).into_owned();
                if let Some(warning) = build::warning(&line, folder) {
                    warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
                }
                if let Some(refusal) = in_use(&line) {
                    group.stop()?;
                    frame(&mut stream, STDERR, refusal.as_bytes())?;
                    return end(&mut stream, FAILED);
                }
                frame(
                    &mut stream,
                    STDOUT,
                    (translate::in_json(line.trim_end()) + "\n").as_bytes(),
                )?;
            }
            Ok(Event::Said(kind, bytes)) => frame(&mut stream, kind, &bytes)?,
            Ok(Event::Ended) => open -= 1,
            Ok(Event::Closed) | Err(_) => return group.stop().map(drop),
        }
    }
    let code = group.wait()?.code().and_then(|code| u32::try_from(code).ok());
    end(&mut stream, code.unwrap_or(FAILED))
}

/// Sends every line on, or tells of the end.
fn relay(kind: u8, stream: Option<impl Read + Send + 'static>, sender: Sender<Event>) {
    thread::spawn(move || {
        let mut lines = stream.map(BufReader::new);
        let mut line = Vec::new();
        while let Some(lines) = &mut lines
            && lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0)
        {
            // Once the call has ended nobody listens.
            sender.send(Event::Said(kind, std::mem::take(&mut line))).ok();
        }
        sender.send(Event::Ended).ok();
    });
}

/// Tells when the other side has closed the connection: it sends nothing more.
fn watch(mut stream: TcpStream, sender: Sender<Event>) -> io::Result<()> {
    stream.set_read_timeout(None)?;
    thread::spawn(move || {
        // Whatever comes, the call is over.
        stream.read_exact(&mut [0]).ok();
        sender.send(Event::Closed).ok();
    });
    Ok(())
}

/// What cargo would say on Windows, if it has just overwritten a program that runs.
fn in_use(line: &str) -> Option<String> {
    let Message::Artifact(built) = Message::parse(line)? else { return None };
    let path = built.executable?;
    mapped::was_replaced(&path).then(|| {
        let path = translate::to_windows(&path.to_string_lossy());
        format!(
            "error: failed to remove file `{path}`\n\nCaused by:\n  The process cannot access the file because it is being used \
             by another process. (os error 32)\n"
        )
    })
}

fn frame(stream: &mut TcpStream, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&[&[kind], &length.to_be_bytes()[..], bytes].concat())
}

fn end(stream: &mut TcpStream, code: u32) -> io::Result<()> {
    stream.write_all(&[&[END], &code.to_be_bytes()[..]].concat())
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
