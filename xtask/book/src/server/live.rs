//! What an open page hears while it is read: of a newer build, of a problem with the book, how far its step is, and how
//! far the learner is in the course. Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::{convert::Infallible, path::Path, sync::Arc};

use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt, wrappers::WatchStream};
use xtask::course::Course;

use crate::server::{builds::Builds, for_page, panel::Panel, progress};

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
    let of_course = Arc::clone(&root);
    let progress = at_each_change("progress", verdicts.clone(), move || progress_of(&of_course));
    let panel = at_each_change("panel", verdicts, move || panel_of(&root, &slug));
    let events = good.merge(problem).merge(progress).merge(panel);
    Sse::new(events.map(Ok)).keep_alive(KeepAlive::default())
}

/// An event of this name whenever its data are others.
fn at_each_change(
    name: &'static str,
    changes: watch::Receiver<()>,
    data: impl Fn() -> Option<String>,
) -> impl Stream<Item = Event> {
    let mut sent = String::new();
    WatchStream::new(changes).filter_map(move |()| {
        let data = data()?;
        (data != sent).then(|| {
            sent.clone_from(&data);
            Event::default().event(name).data(data)
        })
    })
}

fn progress_of(root: &Path) -> Option<String> {
    Some(as_text(&progress::of(&Course::open(root).ok()?)))
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
