//! What an open page hears while it is read: of a newer build, of a problem with the book, how its step stands, how
//! far the learner is in the course, what their class asks for, and which servers of ours run. Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::{convert::Infallible, path::Path, sync::Arc};

use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio_stream::{Stream, StreamExt, wrappers::WatchStream};
use xtask::course::{Course, Step};

use crate::server::{
    class::Class, for_page, marks::Marks, ours, panel::Panel, progress, state::ServerState,
};

/// Events for the page of `slug`, first as things are, then at every change.
pub(crate) fn events(
    state: &ServerState,
    slug: String,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let ServerState { root, builds, verdicts, ours, ours_changes } = state.clone();
    let mut newest = Arc::from("");
    let good = WatchStream::new(builds.good).filter_map(move |good| {
        (good.name != newest).then(|| {
            newest = good.name;
            Event::default().event("build").data(&newest)
        })
    });
    let problem = WatchStream::new(builds.problem)
        .map(|problem| Event::default().event("problem").data(as_text(&problem)));
    let page = (Arc::clone(&root), slug);
    let of_step = page.clone();
    let panel = changes("panel", WatchStream::new(verdicts.clone()), move || {
        known(&of_step.0, &of_step.1, Panel::of_step)
    });
    let marks = changes("marks", WatchStream::new(verdicts.clone()), move || {
        known(&page.0, &page.1, Marks::of_step)
    });
    let of_course = Arc::clone(&root);
    let progress = changes("progress", WatchStream::new(verdicts.clone()), move || {
        Some(as_text(&progress::of(&Course::open(&of_course).ok()?)))
    });
    let in_class = Arc::clone(&root);
    let class = changes("class", WatchStream::new(verdicts.clone()), move || {
        Some(as_text(&Class::of(&Course::open(&in_class).ok()?)))
    });
    let servers = WatchStream::new(verdicts).merge(WatchStream::new(ours_changes));
    let servers = changes("ours", servers, move || {
        Some(as_text(&ours::by_step(&Course::open(&root).ok()?, &ours)))
    });
    let step = progress.merge(panel).merge(marks);
    let events = good.merge(problem).merge(step).merge(class).merge(servers);
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

/// As JSON; none on a page that is no step's, and while a half-written manifest cannot be read.
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
