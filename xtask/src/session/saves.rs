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
        if let Some(kind) = files::remote_file_system(folder) {
            return Self::poll(
                folder,
                depth,
                saved,
                format!("a {kind} file system does not tell about saves"),
            );
        }
        let told = RecommendedWatcher::new(handler(saved.clone()), Config::default());
        let watching = told.and_then(|mut watcher| {
            watcher.watch(folder, depth)?;
            Ok(watcher)
        });
        match watching {
            Ok(watcher) => Ok(Self { _watcher: Box::new(watcher), polling: None }),
            Err(error) => Self::poll(folder, depth, saved, error.to_string()),
        }
    }

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
        // Of the metadata, only a newer time tells of a save: polling has no other word for it.
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
