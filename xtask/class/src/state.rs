//! What the handlers share.

use std::{net::IpAddr, time::Duration};

use crate::{
    course::Course, limits::Limit, live::Live, passwords::Passwords, refusal::ServerError,
    snapshot::Snapshot, store::Store, tokens::Keys,
};

/// One board process.
pub struct Board {
    /// The class.
    pub store: Store,
    /// Its tokens.
    pub keys: Keys,
    /// The instructor's password.
    pub passwords: Passwords,
    /// The pages.
    pub live: Live,
    /// Wrong codes from one address.
    pub wrong_codes: Limit<IpAddr>,
    /// Wrong passwords from one address.
    pub wrong_passwords: Limit<IpAddr>,
    /// Posts of one learner.
    pub posts: Limit<String>,
    /// The course.
    pub course: Course,
}

impl Board {
    /// A board of the class in the store.
    pub async fn new(store: Store) -> sqlx::Result<Self> {
        let class = store.class().await?;
        Ok(Self {
            keys: Keys::new(&class.audience, &class.signing_key),
            store,
            passwords: Passwords::default(),
            live: Live::default(),
            wrong_codes: Limit::new(10, Duration::from_secs(6)),
            wrong_passwords: Limit::new(10, Duration::from_secs(6)),
            posts: Limit::new(20, Duration::from_millis(200)),
            course: Course::default(),
        })
    }

    /// The class as it is.
    pub async fn snapshot(&self) -> Result<Snapshot, ServerError> {
        Ok(Snapshot::read(&self.store, &self.store.class().await?).await?)
    }

    /// The class has changed: every page shows it soon, those of other boards, too.
    pub fn changed(&self) {
        self.live.changed();
    }
}
