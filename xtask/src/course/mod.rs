//! The course as its folders tell it: `steps/NN-slug`, `solutions/NN-slug`, `book/src/NN-slug.md`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    files,
    trouble::{Trouble, bring_back},
};

pub mod gaps;
pub mod hints;
pub mod interval;
pub mod item;
pub mod made_of;
pub mod marks;
pub mod merge;
pub mod patch;
pub mod questions;
pub mod source;
pub mod starter;

mod step;

pub use step::{Minutes, Step, Whose};

/// The checkout and its steps, in order.
#[derive(Clone)]
pub struct Course {
    /// The checkout's root folder, absolute.
    pub root: PathBuf,
    /// Every folder `steps/NN-slug` that has a solution, by number.
    pub steps: Vec<Step>,
    /// The names of folders in `steps/` that look like a step and have no solution, such as a copy of one.
    pub strangers: Vec<String>,
}

impl Course {
    /// Reads the checkout that `start` lies in.
    pub fn find(start: &Path) -> Result<Self, Trouble> {
        let root = start
            .ancestors()
            .find(|folder| folder.join("steps").is_dir() && folder.join("xtask").is_dir())
            .ok_or_else(|| {
                Trouble::Environment(format!(
                    "{} is not inside the workshop. Go to the folder that you cloned, then run `cargo xtask` again.",
                    start.display()
                ))
            })?;
        Self::open(root)
    }

    /// Reads the checkout at `root`.
    pub fn open(root: &Path) -> Result<Self, Trouble> {
        let folder = root.join("steps");
        let (mut steps, mut strangers) = (Vec::<Step>::new(), Vec::new());
        for path in files::in_folder(&folder)? {
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(slug) = name.filter(|name| step::number_of(name).is_some()) else { continue };
            if !root.join("solutions").join(slug).is_dir() {
                strangers.push(slug.to_owned());
                continue;
            }
            let step = Step::open(root, slug)?;
            if let Some(other) = steps.iter().find(|other| other.number == step.number) {
                return Err(two_of_a_number(other, &step));
            }
            steps.push(step);
        }
        steps.sort_by_key(|step| step.number);
        if steps.is_empty() {
            return Err(Trouble::ours(&folder, "no folder like `01-open-route` in it"));
        }
        Ok(Self { root: root.to_owned(), steps, strangers })
    }

    /// Where we put what may be lost at any time, verdicts among it: `target/workshop`, wherever cargo's own target
    /// folder is.
    pub fn temporary(&self) -> PathBuf {
        self.root.join("target").join("workshop")
    }

    /// Where we put what must not be lost, such as copies of the learner's code: `.workshop`.
    pub fn lasting(&self) -> PathBuf {
        self.root.join(".workshop")
    }

    /// The oldest Rust that the workshop compiles with: `1.95`.
    pub fn rust_version(&self) -> Result<String, Trouble> {
        let path = self.root.join("Cargo.toml");
        let manifest: toml::Table =
            toml::from_str(&files::read(&path)?).map_err(|e| Trouble::ours(&path, e.message()))?;
        let version = manifest["workspace"]["package"]["rust-version"].as_str();
        Ok(version.unwrap_or_default().to_owned())
    }

    /// The step that a learner means by `3`, `03` or `03-bearer-token`; or by `.`, in its folder or below.
    pub fn step(&self, name: &str) -> Result<&Step, Trouble> {
        if name == "." {
            return self.step_here();
        }
        let number = name.parse::<u8>().ok();
        let same = |step: &&Step| step.slug == name || Some(step.number) == number;
        self.steps
            .iter()
            .find(same)
            .ok_or_else(|| self.deleted(name).unwrap_or_else(|| self.unknown(name)))
    }

    fn step_here(&self) -> Result<&Step, Trouble> {
        let here = env::current_dir().map_err(|error| {
            Trouble::Environment(format!("the current folder cannot be read: {error}"))
        })?;
        let is_here = |step: &&Step| {
            let folders = [Whose::Learner, Whose::Reference].map(|whose| step.folder(whose));
            folders.iter().any(|folder| here.starts_with(folder))
        };
        self.steps.iter().find(is_here).ok_or_else(|| {
            Trouble::Usage(format!(
                "`.` means the step in whose folder you are, and {} is in none. Name the step: `3`",
                here.display()
            ))
        })
    }

    /// The step after `step`, if there is one.
    pub fn after(&self, step: &Step) -> Option<&Step> {
        self.steps.iter().find(|other| other.number > step.number)
    }

    /// The step before `step`, if there is one.
    pub fn before(&self, step: &Step) -> Option<&Step> {
        self.steps.iter().rev().find(|other| other.number < step.number)
    }

    /// A step whose solution is there was deleted: that is not a wrong call.
    fn deleted(&self, name: &str) -> Option<Trouble> {
        let entries = fs::read_dir(self.root.join("solutions")).ok()?;
        let slugs = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let number = name.parse::<u8>().ok();
        let meant =
            |slug: &String| slug == name || number.is_some() && step::number_of(slug) == number;
        let slug = slugs.into_iter().find(meant)?;
        let folder = Path::new("steps").join(&slug);
        Some(Trouble::Environment(format!(
            "steps/{slug} is missing. It belongs to the workshop: {}.",
            bring_back(&folder)
        )))
    }

    fn unknown(&self, name: &str) -> Trouble {
        if self.strangers.iter().any(|stranger| stranger == name) {
            return Trouble::Usage(format!(
                "steps/{name} is no step, since there is no solutions/{name}. A copy of a step is left alone: what is \
                 checked is the step's own folder."
            ));
        }
        let close = |step: &&Step| {
            let word = step.slug.split_once('-').map_or("", |(_, word)| word);
            name.len() > 2 && step.slug.contains(name) || strsim::jaro_winkler(word, name) > 0.8
        };
        let mut offered: Vec<&Step> = self.steps.iter().filter(close).collect();
        let ambiguous = offered.len() > 1;
        if offered.is_empty() {
            offered = self.steps.iter().collect();
        }
        let line = |step: &&Step| format!("  {:>2}  {}", step.number, step.slug);
        let list = offered.iter().map(line).collect::<Vec<_>>().join("\n");
        let what =
            if ambiguous { "could be any of these:" } else { "is not a step; did you mean:" };
        Trouble::Usage(format!("`{name}` {what}\n{list}"))
    }
}

fn two_of_a_number(one: &Step, other: &Step) -> Trouble {
    Trouble::Environment(format!(
        "steps/{} and steps/{} are both step {}, and both have a solution.\n\
         Next:  move the folders that you have made out of steps/ and solutions/",
        one.slug, other.slug, one.number
    ))
}
