//! `cargo xtask watch`: a verdict at every save.

use std::{sync::mpsc, thread};

use crate::{
    class::taking_part,
    course::{Course, Step, made_of},
    process::{interrupt, window},
    screen::plain,
    session::{keys::Keys, live_server::LiveServer, saves::Saves, watched},
    trouble::Trouble,
    verbs::verb::{Verb, mention_strangers, step_or_current, steps_and_flags},
};

mod display;
mod events;
mod judging;
mod stage;
mod watcher;

use display::Display;
use events::Event;
use watcher::Watcher;

/// `cargo xtask watch`.
pub(super) const VERB: Verb = Verb {
    name: "watch",
    about: "check your code at every save, without the book",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask watch [STEP] [--plain]

Checks the step at every save and keeps its server running on port 3000, with the
code of your last save that compiles. When a step is solved, n goes on, and so does
a save in the next step. Without STEP: the first step that you have not solved.

  --plain   print lines, as in a pipe, and draw no screen

  Keys: h hint, l list of the steps, n next step, r run again, c cargo's own output,
  q quit; j, k, arrows, PageUp and PageDown scroll. In a class: a raises your hand,
  and takes it down
  WORKSHOP_POLL=1 looks for saves every second, where the file system does not tell";

/// Watches until `q` or Ctrl-C.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [plain]) = steps_and_flags(course, arguments, ["plain"])?;
    watch(course, step_or_current(course, &steps)?, plain)
}

/// Watches, beginning with `step`; prints lines if `plain`.
pub(super) fn watch(course: &Course, step: &Step, plain: bool) -> Result<u8, Trouble> {
    if plain || window::is_dumb() {
        plain::only_lines();
    }
    let (sender, events) = mpsc::channel();
    let for_saves = sender.clone();
    let steps = course.root.join("steps");
    let folder = steps.clone();
    let saves = Saves::watch(&steps, move |path| {
        if !path.file_name().is_some_and(made_of::is_leftover) {
            let slug = path.strip_prefix(&folder).ok().and_then(|path| path.iter().next());
            let slug = slug.map(|slug| slug.to_string_lossy().into_owned());
            // The receiver ends last.
            for_saves.send(Event::Saved(slug)).ok();
        }
    })?;
    let _guard = interrupt::send(sender.clone(), Event::Interrupted);
    let keys = Keys::listen(sender.clone(), Event::Key);
    let for_pages = sender.clone();
    let _requests = watched::listen(course, move |slug| {
        for_pages.send(Event::AskedFor(slug)).ok();
    })?;
    let server = LiveServer::on(course, 3000)?;
    if server.port() != 3000 {
        println!("Port 3000 cannot be used here, so your server is on port {}.", server.port());
    }
    if let Some(why) = &saves.polling {
        println!("Looking for saves every second: {why}.");
    }
    mention_strangers(course);
    let mut display = Display::open(plain, keys.need_enter(), &sender);
    if let Some(words) = taking_part::begin(course)? {
        display.class_says(words);
    }
    thread::scope(|scope| {
        Watcher::new(scope, course, step, server, display, (sender, events))?.run()
    })
}
