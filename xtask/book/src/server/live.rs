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
    let marks_of = (Arc::clone(&root), slug.clone());
    let marks = changes("marks", WatchStream::new(verdicts.clone()), move || {
        known(&marks_of.0, &marks_of.1, Marks::of_step)
    });
    let panel =
        changes("panel", WatchStream::new(verdicts), move || known(&root, &slug, Panel::of_step));
    let events = good.merge(problem).merge(panel).merge(marks);
    Sse::new(events.map(Ok)).keep_alive(KeepAlive::default())
}

/// An event of this name each time that something has happened which makes `text` a different one.
fn changes(
    name: &'static str,
    happened: impl Stream<Item = ()>,
    text: impl Fn() -> Option<String>,
) -> impl Stream<Item = Event> {
    let mut sent = String::new();
    happened.filter_map(move |()| {
        let text = text()?;
        (text != sent).then(|| {
            sent.clone_from(&text);
            Event::default().event(name).data(text)
        })
    })
}

/// What is known of the step, as JSON; nothing on a page that is no step's, and while a half-written manifest cannot be
/// read.
fn known<K: Serialize>(
    root: &Path,
    slug: &str,
    of_step: fn(&Course, &Step) -> K,
) -> Option<String> {
    let course = Course::open(root).ok()?;
    let step = course.steps.iter().find(|step| step.slug == slug)?;
    Some(as_text(&of_step(&course, step)))
}

fn as_text(value: &impl Serialize) -> String {
    for_page::json(value).unwrap_or_default().to_string()
}
