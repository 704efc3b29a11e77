//! What is under way in a watch, and since when.

use std::time::{Duration, Instant};

use crate::{process::progress::News, screen::state::Phase};

const SECOND: Duration = Duration::from_secs(1);

pub(super) enum Stage {
    Compiling { since: Instant, does: Option<String> },
    Checking { since: Instant, said: Option<String> },
    Judged,
    Trouble,
}

impl Stage {
    /// Until cargo is called, all is compiled.
    pub(super) fn begin() -> Self {
        Self::Checking { since: Instant::now(), said: None }
    }

    /// What cargo does.
    pub(super) fn hear(&mut self, news: News) {
        let now = Instant::now();
        *self = match (news, &*self) {
            // What builds is of no interest once it is judged.
            (_, Self::Judged | Self::Trouble) => return,
            (News::Began, _) => Self::Compiling { since: now, does: None },
            (News::Does(does), Self::Compiling { since, .. } | Self::Checking { since, .. }) => {
                Self::Compiling { since: *since, does: Some(does) }
            }
            (News::Ended, _) => Self::Checking { since: now, said: None },
        };
    }

    /// What the quick checks have said.
    pub(super) fn so_far(&mut self, words: String) {
        if let Self::Checking { said, .. } = self {
            *said = Some(words);
        }
    }

    /// How long what is shown of it stays true: a clock goes on.
    pub(super) fn patience(&self) -> Duration {
        match self {
            Self::Compiling { since, .. } | Self::Checking { since, .. } => {
                SECOND.saturating_sub(Duration::from_nanos(since.elapsed().subsec_nanos().into()))
            }
            Self::Judged | Self::Trouble => SECOND,
        }
    }

    /// As it is shown now.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Compiling { since, does } => {
                Phase::Compiling { seconds: since.elapsed().as_secs(), does: does.clone() }
            }
            Self::Checking { since, said } => {
                Phase::Checking { seconds: since.elapsed().as_secs(), said: said.clone() }
            }
            Self::Judged => Phase::Judged,
            Self::Trouble => Phase::Trouble,
        }
    }
}
