//! What an open page hears while it is read: of a newer build, of a problem with the book, and how its step
//! stands. Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::{convert::Infallible, path::Path, sync::Arc};

use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt, wrappers::WatchStream};
use xtask::course::{Course, Step};

use crate::server::{builds::Builds, for_page, marks::Marks, panel::Panel};

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
    let panel = told(verdicts.clone(), Arc::clone(&root), slug.clone(), "panel", Panel::of_step);
    let marks = told(verdicts, root, slug, "marks", Marks::of_step);
    let events = good.merge(problem).merge(panel).merge(marks);
    Sse::new(events.map(Ok)).keep_alive(KeepAlive::default())
}

/// What is known of the step as an event of this name, whenever it has changed; nothing on a page that is no step's, and
/// while a half-written manifest cannot be read.
fn told<K: Serialize>(
    verdicts: watch::Receiver<()>,
    root: Arc<Path>,
    slug: String,
    name: &'static str,
    known: fn(&Course, &Step) -> K,
) -> impl Stream<Item = Event> {
    let mut sent = String::new();
    WatchStream::new(verdicts).filter_map(move |()| {
        let course = Course::open(&root).ok()?;
        let step = course.steps.iter().find(|step| step.slug == slug)?;
        let text = as_text(&known(&course, step));
        (text != sent).then(|| {
            sent.clone_from(&text);
            Event::default().event(name).data(text)
        })
    })
}

fn as_text(value: &impl Serialize) -> String {
    for_page::json(value).unwrap_or_default().to_string()
}
