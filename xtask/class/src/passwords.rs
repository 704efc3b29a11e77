//! The instructor's password: argon2, off the threads that serve everybody else, and in turns.

use std::{sync::Arc, thread, time::Duration};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::refusal::ServerError;

/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Checks passwords, as many at a time as there are cores: argon2 fills a core and 19 MiB.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(cores)) }
    }
}

impl Passwords {
    /// Whether the password belongs to the PHC string.
    pub async fn is_right(&self, password: String, hash: String) -> Result<bool, ServerError> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| ServerError::Busy)?.expect("nobody closes the semaphore");
        let work = move || {
            let verified = Argon2::default().verify_password(password.as_bytes(), hash.as_str());
            drop(turn);
            verified
        };
        match spawn_blocking(work).await {
            Ok(Ok(())) => Ok(true),
            Ok(Err(password_hash::Error::PasswordInvalid)) => Ok(false),
            Ok(Err(_)) | Err(_) => Err(ServerError::broken("A password could not be checked")),
        }
    }
}

/// The password's PHC string: argon2id, with a salt of its own.
pub fn hash(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the default parameters are valid").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_checked_against_its_hash() {
        let passwords = Passwords::default();
        let check = |password: &str, hash: String| passwords.is_right(password.to_owned(), hash);
        assert!(check("right", hash("right")).await.expect("it can be checked"));
        assert!(!check("wrong", hash("right")).await.expect("it can be checked"));
        assert!(check("right", "no PHC string".to_owned()).await.is_err(), "our fault, not theirs");
    }
}
