//! Tells when a file is saved: by the system's word, or by looking every second.

use std::{env, path::Path, time::Duration};

use notify::{
    Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher,
    event::{MetadataKind, ModifyKind},
};

use crate::{files, trouble::Trouble};

/// How often to look where the system does not tell.
const POLL: Duration = Duration::from_secs(1);

/// Calls back with the path at every save, until dropped.
pub struct Saves {
    _watcher: Box<dyn Watcher + Send>,
    /// Why it polls, if it does.
    pub polling: Option<String>,
}

impl Saves {
    /// Begins to watch `folder` and all below it.
    pub fn watch(
        folder: &Path,
        saved: impl Fn(&Path) + Clone + Send + 'static,
    ) -> Result<Self, Trouble> {
        Self::begin(folder, RecursiveMode::Recursive, saved)
    }

    /// Begins to watch the files in `folder`, and not those in the folders below it.
    pub fn watch_flat(
        folder: &Path,
        saved: impl Fn(&Path) + Clone + Send + 'static,
    ) -> Result<Self, Trouble> {
        Self::begin(folder, RecursiveMode::NonRecursive, saved)
    }

    fn begin(
        folder: &Path,
        depth: RecursiveMode,
        saved: impl Fn(&Path) + Clone + Send + 'static,
    ) -> Result<Self, Trouble> {
        if env::var_os("WORKSHOP_POLL").is_some() {
            return Self::poll(folder, depth, saved, "WORKSHOP_POLL is set".to_owned());
        }
        if let Some(remote) = files::remote_file_system(folder) {
            let why = format!("{} does not tell about saves", remote.name());
            return Self::poll(folder, depth, saved, why);
        }
        Self::listen(folder, depth, saved.clone())
            .or_else(|error| Self::poll(folder, depth, saved, error.to_string()))
    }

    /// By the system's word.
    fn listen(
        folder: &Path,
        depth: RecursiveMode,
        saved: impl Fn(&Path) + Send + 'static,
    ) -> notify::Result<Self> {
        let mut watcher = RecommendedWatcher::new(handler(saved), Config::default())?;
        watcher.watch(folder, depth)?;
        Ok(Self { _watcher: Box::new(watcher), polling: None })
    }

    /// By looking every second, for this reason.
    fn poll(
        folder: &Path,
        depth: RecursiveMode,
        saved: impl Fn(&Path) + Send + 'static,
        why: String,
    ) -> Result<Self, Trouble> {
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
        let broken = |error: notify::Error| {
            Trouble::Environment(format!("could not watch {}: {error}", folder.display()))
        };
        let mut watcher = PollWatcher::new(handler(saved), config).map_err(broken)?;
        watcher.watch(folder, depth).map_err(broken)?;
        Ok(Self { _watcher: Box::new(watcher), polling: Some(why) })
    }
}

fn handler(
    saved: impl Fn(&Path) + Send + 'static,
) -> impl Fn(notify::Result<Event>) + Send + 'static {
    move |event| {
        match event {
            Ok(event) if may_change_contents(event.kind) => {
                event.paths.iter().for_each(|path| saved(path))
            }
            Ok(_) => {}
            // An error may hide a save: better look once too often.
            Err(_) => saved(Path::new("")),
        }
    }
}

fn may_change_contents(kind: EventKind) -> bool {
    match kind {
        // Of the metadata, only a newer time means a save: polling reports nothing else.
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(
            ModifyKind::Any
            | ModifyKind::Data(_)
            | ModifyKind::Metadata(MetadataKind::WriteTime)
            | ModifyKind::Name(_)
            | ModifyKind::Other,
        )
        | EventKind::Remove(_)
        | EventKind::Other => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::PathBuf,
        process,
        sync::mpsc::{self, Receiver},
    };

    use notify::event::{
        AccessKind, AccessMode, CreateKind, DataChange, EventAttributes, RemoveKind, RenameMode,
    };

    use super::*;

    /// How long a save may take to be noticed: far more than it does on a slow machine.
    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn whatever_may_change_a_files_contents_counts() {
        for kind in [
            EventKind::Any,
            EventKind::Other,
            EventKind::Create(CreateKind::File),
            EventKind::Remove(RemoveKind::File),
            EventKind::Modify(ModifyKind::Any),
            EventKind::Modify(ModifyKind::Data(DataChange::Content)),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::WriteTime)),
            EventKind::Modify(ModifyKind::Other),
        ] {
            assert!(may_change_contents(kind), "{kind:?}");
        }
    }

    #[test]
    fn reading_a_file_and_changing_its_owner_do_not_count() {
        for kind in [
            EventKind::Access(AccessKind::Read),
            EventKind::Access(AccessKind::Close(AccessMode::Write)),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::Permissions)),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::Ownership)),
        ] {
            assert!(!may_change_contents(kind), "{kind:?}");
        }
    }

    #[test]
    fn each_path_of_an_event_is_reported_and_an_error_may_be_a_save() {
        let (sender, saved) = mpsc::channel();
        let tell = handler(move |path| sender.send(path.to_owned()).expect("the test listens"));
        let event = |kind| Event {
            kind,
            paths: vec![PathBuf::from("a.rs"), PathBuf::from("b.rs")],
            attrs: EventAttributes::new(),
        };
        tell(Ok(event(EventKind::Access(AccessKind::Read))));
        tell(Ok(event(EventKind::Create(CreateKind::File))));
        tell(Err(notify::Error::generic("too many files")));
        let reported: Vec<PathBuf> = saved.try_iter().collect();
        assert_eq!(reported, [Path::new("a.rs"), Path::new("b.rs"), Path::new("")]);
    }

    /// A folder with a file `below/main.rs` that is watched, and the paths that were saved in it.
    struct Watched {
        folder: PathBuf,
        saved: Receiver<PathBuf>,
        saves: Option<Saves>,
    }

    impl Watched {
        fn new(name: &str) -> (Self, impl Fn(&Path) + Send + 'static) {
            let folder =
                std::env::temp_dir().join(format!("workshop-saves-{}-{name}", process::id()));
            fs::create_dir_all(folder.join("below")).expect("a folder");
            // Some systems name a file by its real path.
            let folder = folder.canonicalize().expect("it is there");
            let (sender, saved) = mpsc::channel();
            let watched = Self { folder, saved, saves: None };
            watched.save("one");
            let report = move |path: &Path| {
                // The test may have ended.
                sender.send(path.to_owned()).ok();
            };
            (watched, report)
        }

        fn main_rs(&self) -> PathBuf {
            self.folder.join("below").join("main.rs")
        }

        /// In one step, so that no half of it is seen.
        fn save(&self, text: &str) {
            files::write(&self.main_rs(), text.as_bytes()).expect("a file");
        }

        /// Two saves, since the first look may come late enough to see the first one.
        #[track_caller]
        fn reports_each_save(&self) {
            for text in ["two", "three"] {
                self.save(text);
                let reported =
                    || self.saved.recv_timeout(LIMIT).expect("a save is reported in time");
                while reported() != self.main_rs() {}
                // One save may be reported in several events.
                while self.saved.try_recv().is_ok() {}
            }
        }
    }

    impl Drop for Watched {
        fn drop(&mut self) {
            self.saves = None;
            fs::remove_dir_all(&self.folder).expect("nothing is left");
        }
    }

    #[test]
    fn the_system_reports_a_save() {
        let (mut watched, report) = Watched::new("system");
        let saves = Saves::listen(&watched.folder, RecursiveMode::Recursive, report);
        watched.saves = Some(saves.expect("the system reports saves"));
        watched.reports_each_save();
    }

    #[test]
    fn polling_reports_a_save_too() {
        let (mut watched, report) = Watched::new("polling");
        let why = "a test".to_owned();
        let saves = Saves::poll(&watched.folder, RecursiveMode::Recursive, report, why.clone());
        let saves = saves.expect("it can be watched");
        assert_eq!(saves.polling, Some(why));
        watched.saves = Some(saves);
        watched.reports_each_save();
    }
}
