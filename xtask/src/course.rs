//! The course as its folders tell it: `steps/NN-slug`, `solutions/NN-slug`, `book/src/NN-slug.md`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    hints::{self, Check},
    trouble::Trouble,
};

/// The checkout and its steps, in order.
pub struct Course {
    /// The checkout's root folder, absolute.
    pub root: PathBuf,
    /// Every folder `steps/NN-slug`, by number.
    pub steps: Vec<Step>,
}

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
    /// Checks of the step before that this step no longer keeps.
    pub drops: Vec<String>,
    /// Paths of the step's server that are worth a look.
    pub urls: Vec<String>,
    root: PathBuf,
}

/// How long a step takes, in minutes.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Minutes {
    /// Until the core checks pass.
    pub core: u16,
    /// Until all of them pass.
    pub all: u16,
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
        let entries = fs::read_dir(&folder).map_err(|e| Trouble::io("read", &folder, &e))?;
        let mut steps = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| Trouble::io("read", &folder, &e))?;
            if let Some(slug) = entry.file_name().to_str().filter(|name| number_of(name).is_some())
            {
                steps.push(Step::open(root, slug)?);
            }
        }
        steps.sort_by_key(|step| step.number);
        if steps.is_empty() {
            return Err(broken(&folder, "no folder like `01-open-route` in it"));
        }
        Ok(Self { root: root.to_owned(), steps })
    }

    /// Where cargo and the verdicts go: `target/`, unless `CARGO_TARGET_DIR` says otherwise.
    pub fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// The oldest Rust that the workshop compiles with: `1.95`.
    pub fn rust_version(&self) -> Result<String, Trouble> {
        let path = self.root.join("Cargo.toml");
        let manifest: toml::Table =
            toml::from_str(&read(&path)?).map_err(|e| broken(&path, e.message()))?;
        let version = manifest["workspace"]["package"]["rust-version"].as_str();
        Ok(version.unwrap_or_default().to_owned())
    }

    /// The step that a learner means by `3`, `03` or `03-bearer-token`.
    pub fn step(&self, name: &str) -> Result<&Step, Trouble> {
        let number = name.parse::<u8>().ok();
        let same = |step: &&Step| step.slug == name || Some(step.number) == number;
        self.steps
            .iter()
            .find(same)
            .ok_or_else(|| self.deleted(name).unwrap_or_else(|| self.unknown(name)))
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
        let meant = |slug: &String| slug == name || number.is_some() && number_of(slug) == number;
        let slug = slugs.into_iter().find(meant)?;
        Some(Trouble::Environment(format!(
            "steps/{slug} is missing. It belongs to the workshop: bring it back with `git checkout -- steps/{slug}`{WITHOUT_GIT}."
        )))
    }

    fn unknown(&self, name: &str) -> Trouble {
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

impl Step {
    fn open(root: &Path, slug: &str) -> Result<Self, Trouble> {
        let manifest = root.join("steps").join(slug).join("Cargo.toml");
        let text = read(&manifest)?;
        let manifest_of = |text: &str| toml::from_str::<Manifest>(text);
        let Manifest { package } =
            manifest_of(&text).map_err(|e| broken(&manifest, e.message()))?;
        Ok(Self {
            number: number_of(slug).unwrap_or_default(),
            slug: slug.to_owned(),
            title: package.description,
            minutes: package.metadata.workshop.minutes,
            drops: package.metadata.workshop.drops,
            urls: package.metadata.workshop.urls,
            root: root.to_owned(),
        })
    }

    /// The package's folder.
    pub fn folder(&self, whose: Whose) -> PathBuf {
        self.root.join(whose.parent()).join(&self.slug)
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

    /// The folder of the step's snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.folder(Whose::Learner).join("tests").join("snapshots")
    }

    /// The checks in the order that `hints.md` gives them.
    pub fn checks(&self) -> Result<Vec<Check>, Trouble> {
        let path = self.folder(Whose::Learner).join("hints.md");
        hints::parse(&read(&path)?).map_err(|message| broken(&path, &message))
    }
}

impl Whose {
    fn parent(self) -> &'static str {
        match self {
            Self::Learner => "steps",
            Self::Reference => "solutions",
        }
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
    drops: Vec<String>,
    urls: Vec<String>,
}

/// The workshop may come from `cargo xtask bundle`.
const WITHOUT_GIT: &str = ", or from the archive that you unpacked";

fn number_of(slug: &str) -> Option<u8> {
    slug.split_once('-')?.0.parse().ok()
}

fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| {
        let trouble = Trouble::io("read", path, &error);
        if error.kind() == io::ErrorKind::PermissionDenied {
            return trouble;
        }
        Trouble::Environment(format!(
            "{trouble}. It belongs to the workshop: bring it back with `git checkout -- \"{}\"`{WITHOUT_GIT}.",
            path.display()
        ))
    })
}

/// A file of ours that cannot be used: never the learner's failure.
fn broken(path: &Path, why: &str) -> Trouble {
    Trouble::Environment(format!(
        "{} cannot be used: {why}. This is the workshop's fault, not yours: bring back what we shipped \
         with `git checkout -- \"{0}\"`{WITHOUT_GIT}.",
        path.display()
    ))
}
