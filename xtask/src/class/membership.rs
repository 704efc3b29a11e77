//! `.workshop/class.json`: the board that the learner reports to, and the key that it gave.

use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{class::board::Board, course::Course, files, trouble::Trouble};

/// A class that the learner has joined. It has no `Debug`: what cannot be printed is not logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Where its board is: `http://192.0.2.7:3900`.
    pub board: String,
    /// As the learner is called there.
    pub name: String,
    /// To be traded for tokens.
    pub key: String,
    /// The file with the certificate of the authority that vouches for the board, if this machine does not know it.
    #[serde(default)]
    pub authority: Option<PathBuf>,
}

impl Membership {
    /// The class that the learner has joined, if there is one.
    pub fn load(course: &Course) -> Result<Option<Self>, Trouble> {
        let path = path(course);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Trouble::io("read", &path, &error)),
        };
        // The error of serde would quote the key.
        let membership = serde_json::from_str(&text).map_err(|_| {
            Trouble::Environment(format!(
                "{} is not as it was written. Delete it, and join the class again.",
                path.display()
            ))
        })?;
        Ok(Some(membership))
    }

    /// Its board.
    pub fn at(&self) -> Result<Board, Trouble> {
        Board::at(&self.board)?.vouched_for(self.authority.as_deref())
    }

    /// Remembers it, where nobody else on this machine can read it.
    pub fn save(&self, course: &Course) -> Result<(), Trouble> {
        files::write_private(&path(course), (files::json(self)? + "\n").as_bytes())
    }

    /// Forgets it.
    pub fn forget(course: &Course) -> Result<(), Trouble> {
        let path = path(course);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Trouble::io("delete", &path, &error))
            }
            _ => Ok(()),
        }
    }
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("class.json")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::learner::testing::Scratch;

    #[test]
    fn nobody_else_reads_the_key() {
        let scratch = Scratch::new("membership");
        let course = &scratch.course;
        let membership = Membership {
            board: "http://192.0.2.7:3900".to_owned(),
            name: "Ada".to_owned(),
            key: "sesame".to_owned(),
            authority: None,
        };
        for _ in 0..2 {
            membership.save(course).expect("it can be written");
            let mode = fs::metadata(path(course)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(Membership::load(course).expect("it can be read") == Some(membership));
        Membership::forget(course).expect("it can be deleted");
        assert!(Membership::load(course).expect("it can be tried").is_none());
    }

    #[test]
    fn what_cannot_be_read_shows_no_key() {
        let scratch = Scratch::new("membership-broken");
        let course = &scratch.course;
        files::write(&path(course), br#"{"key": "sesame", "board": 1}"#)
            .expect("it can be written");
        let Err(trouble) = Membership::load(course) else { panic!("it is no membership") };
        assert!(!trouble.to_string().contains("sesame"));
    }
}
