//! The book at http://127.0.0.1:4000.

use std::{
    convert::Infallible,
    env, fs, io,
    net::{Ipv4Addr, TcpListener},
    path::{Component, Path},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Path as UrlPath, State},
    http::{StatusCode, header},
    middleware::from_fn,
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, Sse},
    },
    routing::{get, post},
};
use tokio_stream::Stream;
use xtask::{course::Course, process::port::free_port, session::book::BookNote, trouble::Trouble};

use crate::server::{builds::Builds, guard::Nonce, state::ServerState};

pub mod panel;

mod answers;
mod builds;
mod class;
mod connections;
mod console;
mod for_page;
mod guard;
mod last;
mod live;
mod local;
mod marks;
mod ours;
mod progress;
mod relay;
mod state;
mod verdicts;
mod watch;

/// In served pages only: a static book has nobody to listen to.
const STYLES: [&str; 2] = ["panel.css", "console.css"];
const SCRIPTS: [&str; 5] = ["marks.js", "ours.js", "class.js", "panel.js", "console.js"];

/// The book's server, at its address.
pub struct Server {
    listener: TcpListener,
    state: ServerState,
}

impl Server {
    /// Listens on `port`, or on the next free one, says so to the other programs of the checkout, and builds the book.
    pub fn bind(course: &Course, port: u16) -> Result<Self, Trouble> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, free_port(port)?)).map_err(|e| broken(&e))?;
        listener.set_nonblocking(true).map_err(|e| broken(&e))?;
        let address = address_of(&listener)?;
        let folder = format!("{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let builds = last::folder(course).join(&folder);
        let program = env::current_exe().map_err(|error| broken(&error))?;
        let verdicts = verdicts::keep(course, BookNote { address, folder, program })?;
        let builds = Builds::keep(course, builds)?;
        let (ours, ours_changes) = ours::none_yet();
        let root = course.root.as_path().into();
        let state = ServerState { root, builds, verdicts, ours, ours_changes };
        Ok(Self { listener, state })
    }

    /// `http://127.0.0.1:4000`.
    pub fn address(&self) -> Result<String, Trouble> {
        address_of(&self.listener)
    }

    /// Serves for as long as the process lives.
    pub fn run(self) -> Result<(), Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| broken(&error))?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener);
            let listener = listener.map_err(|error| broken(&error))?;
            connections::serve(listener, app(self.state)).await
        })
    }
}

fn address_of(listener: &TcpListener) -> Result<String, Trouble> {
    let address = listener.local_addr().map_err(|error| broken(&error))?;
    Ok(format!("http://{address}"))
}

fn broken(error: &io::Error) -> Trouble {
    Trouble::Environment(format!("the book cannot be served: {error}"))
}

fn app(state: ServerState) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/index.html") }))
        .route("/live/{page}", get(live_events))
        .route("/served/{name}", get(part_of_served_pages))
        .route(
            "/answers",
            post(answers::keep)
                .layer(DefaultBodyLimit::max(answers::LARGEST))
                .layer(from_fn(local::only_from_our_pages))
                .get(answers::kept)
                .layer(from_fn(local::not_from_other_pages))
                .layer(from_fn(connections::in_time)),
        )
        .route(
            "/try",
            post(console::send_again)
                .layer(from_fn(connections::in_time))
                .layer(from_fn(local::only_from_our_pages)),
        )
        .route(
            "/ours/{slug}",
            post(ours::start)
                .layer(from_fn(connections::in_time))
                .layer(from_fn(local::only_from_our_pages)),
        )
        .route(
            "/hand",
            post(class::hold_hand)
                .layer(DefaultBodyLimit::max(class::LARGEST))
                .layer(from_fn(connections::in_time))
                .layer(from_fn(local::only_from_our_pages)),
        )
        .route(
            "/watch/{slug}",
            post(watch::watch)
                .layer(from_fn(connections::in_time))
                .layer(from_fn(local::only_from_our_pages)),
        )
        .route("/{*path}", get(file))
        .layer(from_fn(local::only_by_our_name))
        .layer(from_fn(guard::guarded))
        .with_state(state)
}

async fn live_events(
    State(state): State<ServerState>,
    UrlPath(page): UrlPath<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    live::events(&state, page)
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
    let Some(good) = state.builds.newest().await else { return not_found() };
    let file = good.folder.join(&path);
    if file.extension().is_none_or(|extension| extension != "html") {
        return contents_of(&file).unwrap_or_else(not_found);
    }
    match fs::read_to_string(&file) {
        Ok(page) => {
            let nonce = Nonce::draw();
            let page = nonce.on_scripts(&with_theme(&page, &good.name));
            (Extension(nonce), no_store("text/html; charset=utf-8"), page).into_response()
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
