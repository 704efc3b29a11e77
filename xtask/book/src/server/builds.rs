//! The newest good build of the book, made again at every save; a broken page leaves the last good ones up.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use tokio::{sync::watch, time::timeout};
use xtask::{
    course::Course,
    files,
    session::{book::Books, saves::Saves},
    trouble::Trouble,
};

use crate::{
    render,
    server::last::{self, LastBuild, is_shown},
};

/// Editors write a file in several goes; what comes within this time is one save.
const ONE_SAVE: Duration = Duration::from_millis(15);

/// Nobody searches while they write: search follows when no save has come for so long.
const PAUSE: Duration = Duration::from_secs(2);

/// How long a reader waits for pages that were lost.
const REBUILD_LIMIT: Duration = Duration::from_secs(30);

/// A folder of HTML that is whole.
#[derive(Clone)]
pub(crate) struct GoodBuild {
    pub(crate) folder: Arc<PathBuf>,
    /// Different for every build, so that an open page knows whether it is the newest.
    pub(crate) name: Arc<str>,
}

/// What is known of the book now.
#[derive(Clone)]
pub(crate) struct Builds {
    pub(crate) good: watch::Receiver<GoodBuild>,
    /// Why the last save could not be built.
    pub(crate) problem: watch::Receiver<Option<String>>,
    /// Makes the builder build.
    wake: mpsc::Sender<()>,
}

/// The folders of servers that live.
fn served(course: &Course) -> Vec<String> {
    Books::in_checkout(course).served().into_iter().map(|book| book.folder).collect()
}

/// Removes the folders of servers that have ended.
fn remove_old(course: &Course) {
    let served = served(course);
    for path in files::in_folder(&last::folder(course)).unwrap_or_default() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !served.iter().any(|folder| *folder == name) {
            // What cannot be removed disturbs nobody, and is tried again at the next start.
            fs::remove_dir_all(&path).ok();
        }
    }
}

impl Builds {
    /// Builds it once in `folder`, unless the last build can be shown at once, and then at every save for as long as
    /// the process lives.
    pub(crate) fn keep(course: &Course, folder: PathBuf) -> Result<Self, Trouble> {
        let name = name_of(0);
        let first = folder.join(&*name);
        let last = LastBuild::take(course, &first, &served(course));
        remove_old(course);
        if last.is_none() {
            build(course, &first)?;
        }
        let root = course.root.as_path();
        let (tell_good, good) = watch::channel(GoodBuild { folder: Arc::new(first), name });
        let (tell_problem, problem) = watch::channel(None);
        let (wake, saves) = mpsc::channel();
        let mut watching = Vec::new();
        let again = wake.clone();
        for part in ["book", "steps", "solutions"] {
            let (wake, root) = (wake.clone(), root.to_owned());
            watching.push(Saves::watch(&root.join(part), move |path| {
                if is_shown(&root, path) {
                    // The builder ends last.
                    wake.send(()).ok();
                }
            })?);
        }
        if last == Some(false) {
            // The builder ends last.
            again.send(()).ok();
        }
        let course = course.clone();
        thread::spawn(move || {
            rebuild(&course, &folder, &saves, &tell_good, &tell_problem);
            drop(watching);
        });
        Ok(Self { good, problem, wake: again })
    }

    /// The newest good build; one whose folder is lost is built again first.
    pub(crate) async fn newest(&self) -> Option<GoodBuild> {
        let mut builds = self.good.clone();
        loop {
            let good = builds.borrow_and_update().clone();
            if good.folder.is_dir() {
                return Some(good);
            }
            self.wake.send(()).ok()?;
            timeout(REBUILD_LIMIT, builds.changed()).await.ok()?.ok()?;
        }
    }
}

fn rebuild(
    course: &Course,
    folder: &Path,
    saves: &Receiver<()>,
    good: &watch::Sender<GoodBuild>,
    problem: &watch::Sender<Option<String>>,
) {
    let mut number = 0;
    let mut unfinished = None;
    loop {
        #[expect(clippy::disallowed_methods, reason = "it ends with the watcher that sends")]
        let heard = match unfinished {
            Some(_) => saves.recv_timeout(PAUSE),
            None => saves.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match heard {
            Ok(()) => {
                while saves.recv_timeout(ONE_SAVE).is_ok() {}
                number += 1;
                if good.borrow().folder.is_dir() {
                    unfinished = pages(&course.root, folder, number, good, problem);
                } else {
                    unfinished = None;
                    whole(course, folder, name_of(number), good);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(name) = unfinished.take() {
                    whole(course, folder, name, good);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The pages, as fast as they can be had; or why they cannot.
fn pages(
    root: &Path,
    folder: &Path,
    number: usize,
    good: &watch::Sender<GoodBuild>,
    problem: &watch::Sender<Option<String>>,
) -> Option<Arc<str>> {
    let name = name_of(number);
    let built = folder.join(format!("{name}-pages"));
    match render::pages_only(root, &built) {
        Ok(_) => {
            problem.send_replace(None);
            publish(good, GoodBuild { folder: Arc::new(built), name: Arc::clone(&name) });
            Some(name)
        }
        Err(trouble) => {
            eprintln!("{trouble}\nThe last good pages stay up.");
            problem.send_replace(Some(trouble.to_string()));
            None
        }
    }
}

/// The same build with search and the page of all pages: an open page has nothing new to show.
fn whole(course: &Course, folder: &Path, name: Arc<str>, good: &watch::Sender<GoodBuild>) {
    let built = folder.join(&*name);
    // What has just been built fails only if it is being saved again, and that save will be noticed.
    if build(course, &built).is_ok() {
        publish(good, GoodBuild { folder: Arc::new(built), name });
    }
}

/// The whole book, which the next server may show.
fn build(course: &Course, dest: &Path) -> Result<(), Trouble> {
    let made_of = last::made_of(course);
    render::build(&course.root, dest)?;
    // Otherwise the next server builds again.
    LastBuild::new(dest.to_owned(), made_of).keep(course).ok();
    Ok(())
}

fn publish(good: &watch::Sender<GoodBuild>, new: GoodBuild) {
    let old = good.send_replace(new);
    // A page of it may still be read; what is left is removed at the next start.
    fs::remove_dir_all(&*old.folder).ok();
}

/// Different for every build of every process.
fn name_of(number: usize) -> Arc<str> {
    format!("{}-{number}", process::id()).into()
}
