//! What the server's responses need.

use std::{path::Path, sync::Arc};

use tokio::sync::watch;
use xtask::session::our_server::OurServer;

use crate::server::builds::Builds;

/// Shared by all requests.
#[derive(Clone)]
pub(crate) struct ServerState {
    /// The checkout.
    pub(crate) root: Arc<Path>,
    /// The book as HTML.
    pub(crate) builds: Builds,
    /// Changes with every verdict, server and watcher.
    pub(crate) verdicts: watch::Receiver<()>,
    /// Our server of a step, if a page has asked for it.
    pub(crate) ours: Arc<OurServer>,
    /// Changes with it.
    pub(crate) ours_changes: watch::Receiver<()>,
}
