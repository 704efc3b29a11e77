//! `cargo xtask class`: the instructor's board.

use std::{
    env,
    error::Error,
    io,
    net::{SocketAddr, UdpSocket},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use lexopt::Arg::{Long, Short, Value};
use tokio::{net::TcpListener, runtime::Runtime, spawn, time::sleep};
use tokio_rustls::TlsAcceptor;
use workshop_class::{
    course::Course, routes, secret, serve::serve, state::Board, store, store::Store, tls,
};

const HELP: &str = "\
cargo xtask class serve [--listen ADDR] [--database URL] [--tls-cert FILE --tls-key FILE]
cargo xtask class password [--database URL]

  serve     the board for a class: learners join with `cargo xtask learn --class URL`
  password  read a new password for the instructor from standard input; every token
            from before ends

  --listen ADDR    where to listen; without it 0.0.0.0:3900
  --database URL   a file, or postgres://… for several boards of one class;
                   without it .workshop/class.db
  --tls-cert FILE  with --tls-key: serve over TLS, with this chain of certificates in PEM
  --tls-key FILE   its private key in PEM";

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(4)
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut arguments = lexopt::Parser::from_env();
    let (mut verb, mut database) = (None, ".workshop/class.db".to_owned());
    let mut listen: SocketAddr = ([0, 0, 0, 0], 3900).into();
    let (mut certificate, mut key) = (None, None);
    // The verb's own name comes first if xtask handed it over.
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if name == "class" && verb.is_none() => {}
            Value(name) if verb.is_none() => verb = Some(name.to_string_lossy().into_owned()),
            Long("listen") => listen = arguments.value()?.to_string_lossy().parse()?,
            Long("database") => database = arguments.value()?.to_string_lossy().into_owned(),
            Long("tls-cert") => certificate = Some(PathBuf::from(arguments.value()?)),
            Long("tls-key") => key = Some(PathBuf::from(arguments.value()?)),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(format!("{}\n\n{HELP}", other.unexpected()).into()),
        }
    }
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(tls::acceptor(&certificate, &key)?),
        (None, None) => None,
        _ => return Err("--tls-cert and --tls-key go together".into()),
    };
    let runtime = Runtime::new()?;
    match verb.as_deref() {
        Some("serve") => runtime.block_on(serve_class(&database, listen, tls)),
        Some("password") => runtime.block_on(change_password(&database)),
        _ => Err(HELP.into()),
    }
}

async fn serve_class(
    database: &str,
    listen: SocketAddr,
    tls: Option<TlsAcceptor>,
) -> Result<(), Failure> {
    let store = open(database).await?;
    if store.class().await?.password.is_empty() {
        let password = format!("{}{}", secret::random_code(), secret::random_code());
        store.set_password(&password).await?;
        println!("The instructor's password, which is shown this once: {password}");
    }
    let board = Arc::new(Board { course: Course::told()?, ..Board::new(store).await? });
    let listener = TcpListener::bind(listen).await?;
    let port = listener.local_addr()?.port();
    println!("Code:       {}", board.store.class().await?.code);
    let (scheme, room) = (if tls.is_some() { "https" } else { "http" }, room(listen));
    println!("Learners:   cargo xtask learn --class {scheme}://{room}:{port} --name NAME");
    if tls.is_some() {
        println!("Instructor: https://{room}:{port}");
        println!("If the certificate is for another name than {room}, use that name in both.");
    } else {
        println!("Instructor: http://127.0.0.1:{port}, on this machine");
    }
    println!("Listening on {scheme}://{}", listener.local_addr()?);
    let kept = Arc::clone(&board);
    spawn(async move { kept.live.keep_up_to_date(&kept.store).await });
    spawn(purge(Arc::clone(&board)));
    serve(listener, tls, routes::app(board)).await;
    Ok(())
}

/// The shortest password where a password is all there is (NIST SP 800-63B-4 §3.1.1.2), and the longest.
const LENGTH: std::ops::RangeInclusive<usize> = 15..=128;

async fn change_password(database: &str) -> Result<(), Failure> {
    let store = open(database).await?;
    println!("The new password, of 15 to 128 characters (it is shown as you type):");
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if !LENGTH.contains(&password.chars().count()) {
        return Err("The password has to have 15 to 128 characters; it is as it was.".into());
    }
    store.set_password(password).await?;
    println!("It is changed, and every token from before has ended.");
    Ok(())
}

async fn open(database: &str) -> Result<Store, Failure> {
    if !database.starts_with("postgres://")
        && let Some(folder) = std::path::Path::new(database).parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    Store::open(database).await
}

/// Deletes the class once its 14 days are over.
async fn purge(board: Arc<Board>) {
    loop {
        match board.store.purge(store::now()).await {
            Ok(true) => println!("The class is 14 days old, and was deleted."),
            Ok(false) => {}
            Err(error) => eprintln!("The class could not be looked at: {error}"),
        }
        sleep(Duration::from_hours(1)).await;
    }
}

/// This machine's address in the room. Nothing is sent: connecting a datagram socket only chooses the way out.
fn room(listen: SocketAddr) -> String {
    if !listen.ip().is_unspecified() {
        return listen.ip().to_string();
    }
    let way_out = UdpSocket::bind(("0.0.0.0", 0)).and_then(|socket| {
        socket.connect(("192.0.2.1", 9))?;
        socket.local_addr()
    });
    let name = || env::var("HOSTNAME").unwrap_or_else(|_| "ADDRESS".to_owned());
    way_out.map_or_else(|_| name(), |address| address.ip().to_string())
}
