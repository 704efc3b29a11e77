//! A request and its answer, compared with the snapshot.

use std::{
    env, panic,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    check::{Failure, next_snapshot},
    request::Request,
    transcript,
};

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, values as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// At most 4 MiB.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What came back.
    pub answer: Answer,
    /// The whole exchange as text, as its snapshot has it.
    pub transcript: String,
    /// The command lines that send the same request to port 3000.
    pub curl: Option<String>,
}

impl Exchange {
    pub(crate) fn new(request: &Request<'_>, answer: Answer) -> Self {
        Self { transcript: transcript::of(request, &answer), curl: request.curl(), answer }
    }

    /// Compares with the snapshot; `assert` is insta's assertion, expanded in `verify.rs`.
    pub fn compare(self, assert: impl FnOnce(&str, &str)) -> Result<Self, Failure> {
        let snapshot = next_snapshot();
        let folder = snapshots()?;
        let path = folder.join(format!("{snapshot}.snap"));
        let rewriting = env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always");
        let expected = match read(&path) {
            Ok(expected) => expected,
            Err(_) if rewriting => String::new(),
            Err(why) => {
                let message = format!("the snapshot {} cannot be used: {why}", path.display());
                return Err(Failure::ours(message));
            }
        };
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(snapshot.replace('_', " "));
        let asserted = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            settings.bind(|| assert(&snapshot, &self.transcript));
        }));
        match asserted {
            Ok(()) => Ok(self),
            Err(_) => Err(Failure::new(expected, self.transcript).reproduced_by(self.curl)),
        }
    }

    /// A failure that shows this exchange beside what was expected of it, in words.
    pub fn failure(&self, expected: impl Into<String>) -> Failure {
        Failure::new(expected, &self.transcript).reproduced_by(self.curl.clone())
    }
}

fn read(path: &Path) -> Result<String, String> {
    let snapshot = insta::Snapshot::from_file(path).map_err(|error| error.to_string())?;
    let text = snapshot.contents().as_text().map(ToString::to_string).unwrap_or_default();
    if text.contains("\nHTTP/1.1 ") { Ok(text) } else { Err("there is no answer in it".to_owned()) }
}

/// A test runs in its package's folder, `steps/NN-slug` or `solutions/NN-slug`; the snapshots are the step's.
fn snapshots() -> Result<PathBuf, Failure> {
    let package =
        env::current_dir().map_err(|e| Failure::ours(format!("no current folder: {e}")))?;
    let (Some(root), Some(slug)) = (package.ancestors().nth(2), package.file_name()) else {
        return Err(Failure::ours(format!("{} is not a step's folder", package.display())));
    };
    Ok(root.join("steps").join(slug).join("tests").join("snapshots"))
}
