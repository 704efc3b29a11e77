//! What an open page hears while it is read: of a newer build, of a problem with the book, and how far its step
//! is. Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::{convert::Infallible, path::Path, sync::Arc};

use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt, wrappers::WatchStream};
use xtask::course::Course;

use crate::server::{builds::Builds, for_page, panel::Panel};

/// Events for the page of `slug`, first as things are, then at every change.
pub(crate) fn events(
    builds: &Builds,
    verdicts: watch::Receiver<()>,
    root: Arc<Path>,
    slug: String,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut newest = Arc::from("");
    let good = WatchStream::new(builds.good.clone()).filter_map(move |good| {
        (good.name != newest).then(|| {
            newest = good.name;
            Event::default().event("build").data(&newest)
        })
    });
    let problem = WatchStream::new(builds.problem.clone())
        .map(|problem| Event::default().event("problem").data(as_text(&problem)));
    let mut sent = String::new();
    let panel = WatchStream::new(verdicts).filter_map(move |()| {
        let panel = panel_of(&root, &slug)?;
        (panel != sent).then(|| {
            sent.clone_from(&panel);
            Event::default().event("panel").data(panel)
        })
    });
    Sse::new(good.merge(problem).merge(panel).map(Ok)).keep_alive(KeepAlive::default())
}

/// As JSON; none on a page that is no step's, and while a half-written manifest cannot be read.
fn panel_of(root: &Path, slug: &str) -> Option<String> {
    let course = Course::open(root).ok()?;
    let step = course.steps.iter().find(|step| step.slug == slug)?;
    Some(as_text(&Panel::of_step(&course, step)))
}

fn as_text(value: &impl Serialize) -> String {
    for_page::json(value).unwrap_or_default().to_string()
}
