//! A load test of the board: `cargo xtask class load`. A class of learners, each with a verdict every two seconds, and
//! pages that are open meanwhile; the board is a process of its own, on the same machine.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, ExitCode, Stdio},
    sync::Arc,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use axum::body::Body;
use hyper::{
    Request, StatusCode,
    body::Incoming,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    spawn,
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval_at, sleep},
};
use tokio_stream::StreamExt;
use workshop_class::{
    guard::INSTRUCTOR,
    routes,
    serve::serve,
    state::Board,
    store::Store,
    tokens::{Keys, Order},
};

type Failure = Box<dyn Error + Send + Sync>;

const LEARNERS: usize = 500;
const PAGES: usize = 20;
const BETWEEN: Duration = Duration::from_secs(2);
const LONG: Duration = Duration::from_secs(30);

/// What has to hold on any machine; what is recorded is far below it.
const SLOWEST_POST: Duration = Duration::from_millis(100);
const SLOWEST_PAGE: Duration = Duration::from_secs(1);
const MOST_MEMORY: u64 = 60 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [serve, database] if serve == "--board" => run_board(database),
        [database] => load(database),
        _ => Err("cargo xtask class load [DATABASE]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The board alone, as `serve` runs it.
fn run_board(database: &str) -> Result<(), Failure> {
    Runtime::new()?.block_on(async {
        let board = Arc::new(Board::new(Store::open(database).await?).await?);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("Listening on {}", listener.local_addr()?);
        let kept = Arc::clone(&board);
        spawn(async move { kept.live.keep_up_to_date(&kept.store).await });
        serve(listener, None, routes::app(board)).await;
        Ok(())
    })
}

/// A process, ended when dropped.
struct Process(Child);

impl Process {
    fn start(database: &str) -> Result<(Self, SocketAddr), Failure> {
        let mut command = Command::new(env::current_exe()?);
        let mut child = command.args(["--board", database]).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("its output is a pipe")?;
        let process = Self(child);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("Listening on ").ok_or("it does not listen")?;
        Ok((process, address.parse()?))
    }

    /// The most memory that it has had, where the system says so.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; the test has failed then.
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

fn load(database: &str) -> Result<(), Failure> {
    let (tokens, instructor) = Runtime::new()?.block_on(set_up(database))?;
    let (process, address) = Process::start(database)?;
    let (mut posts, mut pages) = Runtime::new()?.block_on(measure(address, tokens, instructor))?;
    let memory = process.memory();
    let cores = available_parallelism().map_or(1, usize::from);
    println!(
        "{LEARNERS} learners, a verdict every {BETWEEN:?} each, {PAGES} pages, {LONG:?}, {cores} cores"
    );
    let post = summary("a post", &mut posts)?;
    let page = summary("until every page shows it", &mut pages)?;
    if let Some(memory) = memory {
        println!("memory of the board: {} MB", memory >> 20);
    }
    if post > SLOWEST_POST || page > SLOWEST_PAGE || memory.is_some_and(|most| most > MOST_MEMORY) {
        return Err(format!(
            "Too much: at most {SLOWEST_POST:?} a post and {SLOWEST_PAGE:?} a page (p99), and {} MB",
            MOST_MEMORY >> 20
        )
        .into());
    }
    Ok(())
}

/// Prints how long it took; the 99th percentile.
fn summary(what: &str, times: &mut [Duration]) -> Result<Duration, Failure> {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len().max(1) - 1) * percent / 100).copied();
    let p99 = at(99).ok_or_else(|| format!("nothing was measured of {what}"))?;
    println!(
        "{what}: {} times, median {:?}, p99 {p99:?}, longest {:?}",
        times.len(),
        at(50),
        at(100)
    );
    Ok(p99)
}

/// A class whose learners have joined. A token for each, and the instructor's.
async fn set_up(database: &str) -> Result<(Vec<String>, String), Failure> {
    let store = Store::open(database).await?;
    store.reset().await?;
    let class = store.class().await?;
    let keys = Keys::new(&class.audience, &class.signing_key);
    let sign = |sub: &str, scope: &str| {
        let asked_at = u64::try_from(workshop_class::store::now()).unwrap_or(0);
        keys.sign(&Order { sub, client_id: "load", scope, asked_at, lifetime: 3600 })
    };
    for number in 0..LEARNERS {
        store.join(&format!("Learner {number}")).await?.ok_or("the class is full")?;
    }
    let learners = store.learners().await?;
    let tokens = learners.iter().map(|learner| sign(&learner.id, "progress:write")).collect();
    Ok((tokens, sign(INSTRUCTOR, "class:read")))
}

/// How long each post took, and how long until a page showed the first learner's.
async fn measure(
    address: SocketAddr,
    tokens: Vec<String>,
    instructor: String,
) -> Result<(Vec<Duration>, Vec<Duration>), Failure> {
    let (posted, _) = watch::channel((0, Instant::now()));
    let (took, mut measured) = mpsc::unbounded_channel();
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        let request = get("/class/live", &instructor)?;
        let body = connect(address).await?.send_request(request).await?.into_body();
        pages.push(spawn(follow(body, posted.subscribe(), took.clone())));
    }
    let began = Instant::now();
    let mut learners = Vec::new();
    for (number, token) in tokens.into_iter().enumerate() {
        let posted = (number == 0).then(|| posted.clone());
        let share = BETWEEN * u32::try_from(number)? / u32::try_from(LEARNERS)?;
        learners.push(spawn(learn(address, token, began + share, posted)));
    }
    let mut posts = Vec::new();
    for learner in learners {
        posts.extend(learner.await??);
    }
    sleep(SLOWEST_PAGE).await;
    for page in pages {
        page.abort();
        match page.await {
            Ok(_) => return Err("a stream has ended".into()),
            Err(error) if error.is_cancelled() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut shown = Vec::new();
    while let Ok(took) = measured.try_recv() {
        shown.push(took);
    }
    Ok((posts, shown))
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Body>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    spawn(connection);
    Ok(sender)
}

fn get(path: &str, token: &str) -> Result<Request<Body>, Failure> {
    let request = Request::get(path).header("Host", "board");
    Ok(request.header("Authorization", format!("Bearer {token}")).body(Body::empty())?)
}

/// A learner who saves every two seconds. The first one tells the pages.
async fn learn(
    address: SocketAddr,
    token: String,
    begin: Instant,
    posted: Option<watch::Sender<(u16, Instant)>>,
) -> Result<Vec<Duration>, Failure> {
    let mut sender = connect(address).await?;
    let mut times = Vec::new();
    let mut saves = interval_at(begin.into(), BETWEEN);
    saves.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for seq in 1..=u16::try_from(LONG.as_secs() / BETWEEN.as_secs())? {
        // From when it should have been sent: a board that is late delays the next one, too.
        let due = saves.tick().await.into_std();
        let body = json!([{"seq": seq, "verdict": {"step": 3, "passed": seq % 9, "checks": 9, "core": false,
            "minutes": seq, "failing": "refuses_a_request_without_a_token", "finding": "let_in"}}]);
        let request = Request::post("/me/events")
            .header("Host", "board")
            .header("Content-Type", "application/json")
            .header("Authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_string()))?;
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let mut body = Body::new(response.into_body()).into_data_stream();
        while let Some(chunk) = body.next().await {
            chunk?;
        }
        if status != StatusCode::OK {
            return Err(format!("a post was answered with {status}").into());
        }
        times.push(due.elapsed());
        if let Some(posted) = &posted {
            posted.send_replace((seq, Instant::now()));
        }
    }
    Ok(times)
}

/// A page: how long it takes until it shows what the first learner has posted.
async fn follow(
    body: Incoming,
    mut posted: watch::Receiver<(u16, Instant)>,
    took: mpsc::UnboundedSender<Duration>,
) -> Result<(), Failure> {
    let mut chunks = Body::new(body).into_data_stream();
    let mut text = Vec::new();
    let mut seen = 0;
    loop {
        let chunk = chunks.next().await.ok_or("the stream has ended")??;
        text.extend_from_slice(&chunk);
        let Some(end) = text.windows(2).rposition(|two| two == b"\n\n") else { continue };
        let events = String::from_utf8(text.drain(..end + 2).collect())?;
        let events = events.trim_end().split("\n\n");
        // Each is the whole class, and what is no event keeps the connection alive.
        let last = events.filter_map(|event| event.strip_prefix("data: ")).last();
        let Some(last) = last else { continue };
        let class: Value = serde_json::from_str(last)?;
        let shown = class["learners"][0]["minutes"].as_u64().unwrap_or(0);
        let (seq, at) = *posted.borrow_and_update();
        if shown == u64::from(seq) && seq > seen {
            seen = seq;
            took.send(at.elapsed())?;
        }
    }
}
