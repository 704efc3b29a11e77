//! The book at http://127.0.0.1:4000, built anew at every save; a broken page leaves the last good ones up.

use std::{
    convert::Infallible,
    fs,
    net::Ipv4Addr,
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{StatusCode, header},
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use tokio::{net::TcpListener, sync::watch};
use tokio_stream::{Stream, StreamExt, wrappers::WatchStream};
use xtask::{live_server::free_port, saves::Saves, trouble::Trouble};

use crate::render;

/// Editors write a file in several goes; what comes within this time is one save.
const ONE_SAVE: Duration = Duration::from_millis(50);

/// In served pages only: a static book has nobody to listen to.
const RELOAD: &str = "<script>new EventSource(\"/live\").addEventListener(\"reload\", () => location.reload());</script></body>";

/// The folder with the newest good pages, and its number.
#[derive(Clone)]
struct Good {
    folder: Arc<PathBuf>,
    build: u64,
}

/// Serves until it is killed.
pub fn run(root: &Path, target: &Path, port: u16) -> Result<(), Trouble> {
    let builds = target.join("workshop").join("book");
    if builds.exists() {
        fs::remove_dir_all(&builds).map_err(|error| Trouble::io("clear", &builds, &error))?;
    }
    let first = builds.join("0");
    render::build(root, &first)?;
    let (sender, good) = watch::channel(Good { folder: Arc::new(first), build: 0 });
    let (wake, saves) = mpsc::channel();
    let mut watching = Vec::new();
    for folder in ["book", "steps", "solutions"] {
        let wake = wake.clone();
        watching.push(Saves::watch(&root.join(folder), move |path| {
            if is_shown(path) {
                // The builder ends last.
                wake.send(()).ok();
            }
        })?);
    }
    let root = root.to_owned();
    thread::spawn(move || rebuild(&root, &builds, &saves, &sender));
    let broken =
        |error: std::io::Error| Trouble::Environment(format!("the book cannot be served: {error}"));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
    runtime.block_on(async move {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, free_port(port)?)).await.map_err(broken)?;
        println!("Listening on http://{}", listener.local_addr().map_err(broken)?);
        axum::serve(listener, app(good)).await.map_err(broken)
    })
}

/// The book shows the checks, not the learner's code: a save of that must not turn the page.
fn is_shown(path: &Path) -> bool {
    let mut names = path.iter().map(|name| name.to_string_lossy());
    !(names.any(|name| name == "steps") && names.any(|name| name == "src"))
}

fn rebuild(root: &Path, builds: &Path, saves: &Receiver<()>, good: &watch::Sender<Good>) {
    let mut build = 0;
    while saves.recv().is_ok() {
        while saves.recv_timeout(ONE_SAVE).is_ok() {}
        build += 1;
        let folder = builds.join(build.to_string());
        match render::build(root, &folder) {
            Ok(()) => {
                let old = good.send_replace(Good { folder: Arc::new(folder), build });
                // A page of it may still be read; what stays is removed at the next start.
                fs::remove_dir_all(&*old.folder).ok();
            }
            Err(trouble) => eprintln!("{trouble}\nThe last good pages stay up."),
        }
    }
}

fn app(good: watch::Receiver<Good>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/index.html") }))
        .route("/live", get(live))
        .route("/{*path}", get(file))
        .with_state(good)
}

/// One event `reload` after each new build.
async fn live(
    State(good): State<watch::Receiver<Good>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let builds = WatchStream::from_changes(good);
    let events =
        builds.map(|good| Ok(Event::default().event("reload").data(good.build.to_string())));
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn file(
    State(good): State<watch::Receiver<Good>>,
    UrlPath(path): UrlPath<String>,
) -> Response {
    let not_found = || (StatusCode::NOT_FOUND, "There is no such page.").into_response();
    let stays_inside = |part| matches!(part, Component::Normal(_));
    if !Path::new(&path).components().all(stays_inside) {
        return not_found();
    }
    let file = good.borrow().folder.join(&path);
    let Ok(mut contents) = fs::read(&file) else { return not_found() };
    let kind = mime_guess::from_path(&file).first_or_octet_stream();
    if kind == mime_guess::mime::TEXT_HTML {
        contents = String::from_utf8_lossy(&contents).replacen("</body>", RELOAD, 1).into_bytes();
    }
    let headers =
        [(header::CONTENT_TYPE, kind.to_string()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (headers, contents).into_response()
}
