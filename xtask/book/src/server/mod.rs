//! The book at http://127.0.0.1:4000.

use std::{
    convert::Infallible,
    fs, io,
    net::{Ipv4Addr, TcpListener},
    path::{Component, Path},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{StatusCode, header},
    middleware::from_fn,
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, Sse},
    },
    routing::{get, post},
};
use tokio::sync::watch;
use tokio_stream::Stream;
use xtask::{files, process::port::free_port, session::saves::Saves, trouble::Trouble};

use crate::server::{builds::Builds, state::ServerState};

pub mod panel;

mod builds;
mod console;
mod live;
mod local;
mod relay;
mod state;

/// In served pages only: a static book has nobody to listen to.
const STYLES: [&str; 2] = ["panel.css", "console.css"];
const SCRIPTS: [&str; 2] = ["panel.js", "console.js"];

/// The book's server, at its address.
pub struct Server {
    listener: TcpListener,
    state: ServerState,
    _saves: [Saves; 2],
}

impl Server {
    /// Builds the book of the checkout at `root` and listens on `port`, or on the next free one.
    pub fn bind(root: &Path, target: &Path, port: u16) -> Result<Self, Trouble> {
        let builds = Builds::keep(root, target)?;
        let (saves, verdicts) = watch_verdicts(&target.join("workshop"))?;
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, free_port(port)?)).map_err(|e| broken(&e))?;
        listener.set_nonblocking(true).map_err(|e| broken(&e))?;
        let state = ServerState { root: root.into(), builds, verdicts };
        Ok(Self { listener, state, _saves: saves })
    }

    /// `http://127.0.0.1:4000`.
    pub fn address(&self) -> Result<String, Trouble> {
        let address = self.listener.local_addr().map_err(|e| broken(&e))?;
        Ok(format!("http://{address}"))
    }

    /// Serves for as long as the process lives.
    pub fn run(self) -> Result<(), Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let served = runtime.and_then(|runtime| {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(self.listener)?;
                axum::serve(listener, app(self.state)).await
            })
        });
        served.map_err(|error| broken(&error))
    }
}

fn broken(error: &io::Error) -> Trouble {
    Trouble::Environment(format!("the book cannot be served: {error}"))
}

/// Verdicts are in the folder itself; in those below it are builds of the book, which are many files.
fn watch_verdicts(folder: &Path) -> Result<([Saves; 2], watch::Receiver<()>), Trouble> {
    let notes = folder.join("alive");
    files::create_folder(&notes)?;
    let (sender, verdicts) = watch::channel(());
    let sender = Arc::new(sender);
    let tell = move |path: &Path| {
        if path.extension().is_none_or(|extension| extension == "json") {
            sender.send_replace(());
        }
    };
    let saves = [Saves::watch_flat(folder, tell.clone())?, Saves::watch(&notes, tell)?];
    Ok((saves, verdicts))
}

fn app(state: ServerState) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/index.html") }))
        .route("/live/{page}", get(live_events))
        .route("/served/{name}", get(part_of_served_pages))
        .route("/try", post(console::send_again).layer(from_fn(local::only_from_our_pages)))
        .route("/{*path}", get(file))
        .layer(from_fn(local::only_by_our_name))
        .with_state(state)
}

async fn live_events(
    State(state): State<ServerState>,
    UrlPath(page): UrlPath<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    live::events(&state.builds, state.verdicts, state.root, page)
}

async fn part_of_served_pages(
    State(state): State<ServerState>,
    UrlPath(name): UrlPath<String>,
) -> Response {
    if STYLES.contains(&name.as_str()) || SCRIPTS.contains(&name.as_str()) {
        contents_of(&state.root.join("book").join("theme").join(name)).unwrap_or_else(not_found)
    } else {
        not_found()
    }
}

async fn file(State(state): State<ServerState>, UrlPath(path): UrlPath<String>) -> Response {
    let stays_inside = |part| matches!(part, Component::Normal(_));
    if !Path::new(&path).components().all(stays_inside) {
        return not_found();
    }
    let good = state.builds.good.borrow().clone();
    let file = good.folder.join(&path);
    if file.extension().is_none_or(|extension| extension != "html") {
        return contents_of(&file).unwrap_or_else(not_found);
    }
    match fs::read_to_string(&file) {
        Ok(page) => {
            (no_store("text/html; charset=utf-8"), with_theme(&page, &good.name)).into_response()
        }
        Err(_) => not_found(),
    }
}

/// The page with what only a served page has; `build` tells it which build it is of.
fn with_theme(page: &str, build: &str) -> String {
    let styles = STYLES.map(|name| format!("<link rel=\"stylesheet\" href=\"/served/{name}\">"));
    let scripts = SCRIPTS.map(|name| {
        format!("<script defer src=\"/served/{name}\" data-build=\"{build}\"></script>")
    });
    let tags = [styles.concat(), scripts.concat()].concat();
    page.replacen("</head>", &format!("{tags}</head>"), 1)
}

fn contents_of(file: &Path) -> Option<Response> {
    let contents = fs::read(file).ok()?;
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    Some((no_store(kind.as_ref()), contents).into_response())
}

fn no_store(kind: &str) -> [(header::HeaderName, String); 2] {
    [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())]
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.").into_response()
}
