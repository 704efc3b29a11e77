//! What happens in the folder of verdicts and notes, and beside it in that of what is remembered; and the note that this server lives. `cargo clean` takes the
//! folder away; then all of this begins again.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use tokio::sync::watch;
use xtask::{
    course::Course,
    files,
    session::{
        alive::{self, Alive},
        book::{BookNote, Books},
        saves::Saves,
    },
    trouble::Trouble,
};

use crate::server::last;

/// How often to look whether a folder that is being deleted is gone.
const LOOK: Duration = Duration::from_millis(200);

/// How many looks are enough: then somebody builds there again.
const LOOKS: usize = 50;

/// What is held for as long as the folder is there.
struct Held {
    note: Alive,
    _saves: [Saves; 3],
    /// Something has happened there.
    events: Receiver<()>,
}

struct Keeper {
    folder: PathBuf,
    notes: PathBuf,
    /// Whether the learner is in a class, and raises a hand.
    lasting: PathBuf,
    /// What takes longest to delete.
    builds: PathBuf,
    books: Books,
    book: BookNote,
    changes: Arc<watch::Sender<()>>,
}

/// Leaves the note, and tells of every verdict, server and watcher, for as long as the process lives.
pub(crate) fn keep(course: &Course, book: BookNote) -> Result<watch::Receiver<()>, Trouble> {
    let (sender, changes) = watch::channel(());
    let keeper = Keeper {
        folder: course.temporary(),
        notes: alive::folder(course),
        lasting: course.lasting(),
        builds: last::folder(course),
        books: Books::in_checkout(course),
        book,
        changes: Arc::new(sender),
    };
    let mut held = keeper.begin()?;
    thread::spawn(move || {
        #[expect(clippy::disallowed_methods, reason = "it ends with the watchers that send")]
        while held.events.recv().is_ok() {
            if held.note.is_there() {
                continue;
            }
            keeper.wait_until_gone();
            match keeper.begin() {
                Ok(again) => held = again,
                Err(trouble) => eprintln!("{trouble}\nThe pages hear of no verdict any more."),
            }
            keeper.changes.send_replace(());
        }
    });
    Ok(changes)
}

impl Keeper {
    /// Verdicts are in the folder itself; in those below it are builds of the book, which are many files.
    fn begin(&self) -> Result<Held, Trouble> {
        files::create_folder(&self.notes)?;
        files::create_folder(&self.lasting)?;
        let (happened, events) = mpsc::channel();
        let changes = Arc::clone(&self.changes);
        let tell = move |path: &Path| {
            if path.extension().is_none_or(|extension| extension == "json") {
                changes.send_replace(());
            }
            // Who listens begins again when the folder is lost.
            happened.send(()).ok();
        };
        Ok(Held {
            _saves: [
                Saves::watch_flat(&self.folder, tell.clone())?,
                Saves::watch_flat(&self.lasting, tell.clone())?,
                Saves::watch(&self.notes, tell)?,
            ],
            note: self.books.note(&self.book)?,
            events,
        })
    }

    /// Who deletes the folder must not find it made again meanwhile.
    fn wait_until_gone(&self) {
        let target = self.folder.parent().unwrap_or(&self.folder);
        for _ in 0..LOOKS {
            let gone = !self.builds.exists();
            if !target.exists() {
                return;
            }
            thread::park_timeout(LOOK);
            if gone {
                return;
            }
        }
    }
}
