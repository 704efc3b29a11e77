//! One numbered step: its folders, its manifest, its checks.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    course::hints::{self, Check},
    trouble::{Trouble, bring_back},
};

/// One numbered step.
#[derive(Debug, Clone)]
pub struct Step {
    /// The number in front of the slug.
    pub number: u8,
    /// The folder's name in steps/, solutions/ and (with `.md`) book/src/: `03-bearer-token`.
    pub slug: String,
    /// The package's description: `An extractor is a guard`.
    pub title: String,
    /// How long it takes.
    pub minutes: Minutes,
    /// The titles of its tasks, in order; `hints.md` names a task by its number, from 1.
    pub tasks: Vec<String>,
    /// Checks of the step before that this step no longer keeps.
    pub drops: Vec<String>,
    /// Paths of the step's server that are worth a look.
    pub urls: Vec<String>,
    root: PathBuf,
}

/// Whose code is meant: the learner's or the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// `steps/NN-slug`, package `step-NN`.
    Learner,
    /// `solutions/NN-slug`, package `solution-NN`.
    Reference,
}

/// How long a step takes, in minutes.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Minutes {
    /// Until the core checks pass.
    pub core: u16,
    /// Until all of them pass.
    pub all: u16,
}

impl Step {
    /// Reads the step's manifest.
    pub(super) fn open(root: &Path, slug: &str) -> Result<Self, Trouble> {
        let path = root.join("steps").join(slug).join("Cargo.toml");
        let text = read(&path)?;
        let Manifest { package } =
            toml::from_str(&text).map_err(|error| unreadable(&path, &text, &error))?;
        let Workshop { minutes, tasks, drops, urls } = package.metadata.workshop;
        Ok(Self {
            number: number_of(slug).unwrap_or_default(),
            slug: slug.to_owned(),
            title: package.description,
            minutes,
            tasks,
            drops,
            urls,
            root: root.to_owned(),
        })
    }

    /// The package's folder.
    pub fn folder(&self, whose: Whose) -> PathBuf {
        let parent = match whose {
            Whose::Learner => "steps",
            Whose::Reference => "solutions",
        };
        self.root.join(parent).join(&self.slug)
    }

    /// The file that the learner edits, relative to the checkout: `steps/03-bearer-token/src/main.rs`.
    pub fn main_rs(&self) -> PathBuf {
        ["steps", &self.slug, "src", "main.rs"].iter().collect()
    }

    /// The package's name: `step-03` or `solution-03`.
    pub fn package(&self, whose: Whose) -> String {
        match whose {
            Whose::Learner => format!("step-{:02}", self.number),
            Whose::Reference => format!("solution-{:02}", self.number),
        }
    }

    /// The step's page in the book, relative to the book's root: `03-bearer-token.html`.
    pub fn page(&self) -> String {
        format!("{}.html", self.slug)
    }

    /// The id of a task's heading on the step's page, which is `### Task 1. Ask for the token`: as mdBook makes it of
    /// the heading's text, in which code has lost its marks.
    pub fn task_anchor(number: u8, title: &str) -> String {
        let heading = format!("Task {number}. {title}");
        let of = |c: char| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        };
        heading.chars().filter_map(of).collect()
    }

    /// The folder of the step's snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.folder(Whose::Learner).join("tests").join("snapshots")
    }

    /// The checks in the order that `hints.md` gives them.
    pub fn checks(&self) -> Result<Vec<Check>, Trouble> {
        let path = self.folder(Whose::Learner).join("hints.md");
        hints::parse(&read(&path)?, self.tasks.len()).map_err(|why| Trouble::ours(&path, why))
    }
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    description: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    workshop: Workshop,
}

#[derive(Deserialize)]
struct Workshop {
    minutes: Minutes,
    #[serde(default)]
    tasks: Vec<String>,
    #[serde(default)]
    drops: Vec<String>,
    urls: Vec<String>,
}

pub(super) fn number_of(slug: &str) -> Option<u8> {
    slug.split_once('-')?.0.parse().ok()
}

/// A manifest that says not what it should: in which line, and what an author has to write.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let begin = error.span().map_or(0, |span| span.start);
    let line = text[..begin].matches('\n').count() + 1;
    let why = format!(
        "line {line}: {}. A step has a `description` and, under `[package.metadata.workshop]`, lines such as \
         `minutes = {{ core = 10, all = 15 }}` and `urls = [\"/items\"]`",
        error.message()
    );
    Trouble::ours(path, why)
}

/// Reads a file that belongs to the workshop, and says how it is brought back if it is missing.
fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| {
        let trouble = Trouble::io("read", path, &error);
        if error.kind() == io::ErrorKind::PermissionDenied {
            return trouble;
        }
        Trouble::Environment(format!(
            "{trouble}. It belongs to the workshop: {}.",
            bring_back(path)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_s_anchor_is_made_of_its_heading() {
        assert_eq!(Step::task_anchor(1, "Ask for the token"), "task-1-ask-for-the-token");
        assert_eq!(Step::task_anchor(2, "Make `main` wait, twice"), "task-2-make-main-wait-twice");
    }
}
