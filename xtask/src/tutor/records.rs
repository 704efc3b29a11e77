//! `solutions/NN-slug/mistakes/records.json`: what each mistake of the step shows, reviewed in git.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    course::Step,
    files,
    process::cargo_messages::RustcError,
    trouble::Trouble,
    tutor::{folder, picture::Picture},
};

/// What a mistake shows: one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// It compiles, and these checks fail.
    Checks(Picture),
    /// rustc refuses it, with this error first.
    Rustc(RustcError),
}

impl Record {
    /// What is to be seen in both.
    #[must_use]
    pub fn also_in(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Checks(one), Self::Checks(other)) => Self::Checks(one.also_in(other)),
            _ => self.clone(),
        }
    }
}

/// Of one step, by the mistakes' names.
pub type Records = BTreeMap<String, Record>;

/// Reads the step's records; a step without mistakes has none.
pub fn load(step: &Step) -> Result<Records, Trouble> {
    let path = path(step);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Records::new()),
        Err(error) => return Err(Trouble::io("read", &path, &error)),
    };
    serde_json::from_str(&text).map_err(|error| Trouble::ours(&path, error))
}

/// Replaces the step's records.
pub fn save(step: &Step, records: &Records) -> Result<(), Trouble> {
    files::write_json(&path(step), records)
}

fn path(step: &Step) -> PathBuf {
    folder(step).join("records.json")
}
