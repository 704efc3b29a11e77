//! A new step, made of the one before it: whole from the start, with one idea that is only a beginning.
//!
//! Its solution is the solution of the step before with one route more; its only new check asks for that route, and its
//! starter answers 501 there. So everything that `ci` looks at is there, and an author changes it bit by bit.

use std::path::{Path, PathBuf};

use xtask::{
    course::{Course, Step, Whose, marks::View, starter},
    files,
    trouble::Trouble,
};

mod name;
mod page;

/// Where the checks of each step are, relative to its folder.
const CHECKS: &str = "tests/verify.rs";

/// Where the pages are.
const BOOK: &str = "book/src";

/// The step to be made.
pub(crate) struct NewStep<'c> {
    before: &'c Step,
    number: u8,
    slug: String,
    title: String,
}

/// A file to be made: its path relative to the checkout, and its text.
type Made = (PathBuf, String);

impl NewStep<'_> {
    /// `refresh-tokens`: the new route.
    fn word(&self) -> &str {
        self.slug.split_once('-').map_or("", |(_, word)| word)
    }

    /// `refresh_tokens`: the new handler, its anchor, and the module of its check.
    fn item(&self) -> String {
        self.word().replace('-', "_")
    }

    /// The new check.
    fn check(&self) -> String {
        format!("answers_{}", self.item())
    }

    /// Makes the step's files and names it where steps are named. Nothing that exists is replaced, except for these lists.
    pub(crate) fn make(&self, course: &Course) -> Result<(), Trouble> {
        let mut made = self.solution()?;
        made.extend(self.manifests(course)?);
        made.extend(self.checks()?);
        made.push((Path::new(BOOK).join(format!("{}.md", self.slug)), self.page()));
        if let Some((path, _)) = made.iter().find(|(path, _)| course.root.join(path).exists()) {
            return Err(Trouble::Usage(format!(
                "{} exists already; nothing was made",
                path.display()
            )));
        }
        let lists = [self.members(course)?, self.summary(course)?];
        for (path, text) in made.iter().chain(&lists) {
            files::write(&course.root.join(path), text.as_bytes())?;
        }
        // What it has in common with the step before answers the same.
        let snapshots = self.folder("steps").join("tests").join("snapshots");
        for path in files::below(&self.before.snapshots())? {
            files::copy(
                &path,
                &course.root.join(&snapshots).join(path.file_name().unwrap_or_default()),
            )?;
        }
        let course = Course::open(&course.root)?;
        let step = course.step(&self.slug)?;
        xtask::course::source::replace(step, &starter::sources(step, View::Starter)?)
    }

    fn folder(&self, parent: &str) -> PathBuf {
        Path::new(parent).join(&self.slug)
    }

    /// The solution before, without its marks, with one route more.
    fn solution(&self) -> Result<Vec<Made>, Trouble> {
        let mut made = Vec::new();
        for source in starter::sources(self.before, View::Solution)? {
            let is_main = source.path.ends_with("main.rs");
            let text = if is_main { self.with_a_route(&source.text)? } else { source.text };
            made.push((self.folder("solutions").join(&source.path), text));
        }
        let users = self.before.folder(Whose::Reference).join("users.json");
        if users.is_file() {
            for parent in ["solutions", "steps"] {
                made.push((self.folder(parent).join("users.json"), files::read(&users)?));
            }
        }
        Ok(made)
    }

    fn with_a_route(&self, main: &str) -> Result<String, Trouble> {
        const SERVE: &str = "axum::serve(listener, ";
        let no_place = || {
            let path = self.before.folder(Whose::Reference).join("src").join("main.rs");
            Trouble::ours(
                &path,
                format!("it has no line `{SERVE}…).await?;`, after which the new route would come"),
            )
        };
        let (above, rest) = main.split_once(SERVE).ok_or_else(no_place)?;
        let (app, below) = rest.split_once(").await").ok_or_else(no_place)?;
        let above = above.trim_end_matches(' ');
        let (before_main, in_main) = above.rsplit_once("#[tokio::main]").ok_or_else(no_place)?;
        let old = format!("Step {}", self.before.number);
        let before_main = before_main.replacen(&old, &format!("Step {}", self.number), 1);
        let (item, word, title) = (self.item(), self.word(), &self.title);
        Ok(format!(
            "{before_main}// ANCHOR: {item}
/// Say what this step is about
async fn {item}() -> Result<&'static str, axum::http::StatusCode> {{
    // BEGIN SOLUTION
    Ok(\"{title}\")
    // END SOLUTION
    //~ // TODO 1: respond with the title of this step.
    //~ Err(axum::http::StatusCode::NOT_IMPLEMENTED)
}}
// ANCHOR_END: {item}

#[tokio::main]{in_main}    let app = {app}.route(\"/{word}\", axum::routing::get({item}));
    axum::serve(listener, app).await{below}"
        ))
    }

    fn manifests(&self, course: &Course) -> Result<Vec<Made>, Trouble> {
        let mut made = Vec::new();
        for (parent, whose) in [("steps", Whose::Learner), ("solutions", Whose::Reference)] {
            let before = self.before.folder(whose).join("Cargo.toml");
            let path = before.strip_prefix(&course.root).unwrap_or(&before).display().to_string();
            let text = files::read(&before)?;
            let kind = self.before.package(whose);
            let kind = kind.split('-').next().unwrap_or_default();
            let mut lines = Vec::new();
            for line in text.lines() {
                let key = line.split(" = ").next().unwrap_or_default();
                match key {
                    "name" if line.contains('-') => {
                        lines.push(format!("name = \"{kind}-{:02}\"", self.number))
                    }
                    "description" => lines.push(format!("description = \"{}\"", self.title)),
                    "minutes" => {
                        lines.push("minutes = { core = 10, all = 15 }".to_owned());
                        lines.push("tasks = [\"Add the route\"]".to_owned());
                    }
                    "urls" => lines.push(format!("urls = [\"/{}\"]", self.word())),
                    "tasks" | "drops" => {}
                    "path" => lines.push(format!("path = \"../../steps/{}/{CHECKS}\"", self.slug)),
                    _ => lines.push(line.to_owned()),
                }
            }
            let text = lines.join("\n") + "\n";
            if parent == "steps" && !text.contains("minutes = ") {
                return Err(Trouble::ours(Path::new(&path), "it has no line `minutes = …`"));
            }
            made.push((self.folder(parent).join("Cargo.toml"), text));
        }
        Ok(made)
    }

    /// All checks of the step before, and one more; with their hints.
    fn checks(&self) -> Result<Vec<Made>, Trouble> {
        let (before, folder) = (self.before.folder(Whose::Learner), self.folder("steps"));
        let mut verify =
            format!("//! What step {} asks for; `hints.md` has the hints.\n\n", self.number);
        let mut lines =
            files::read(&before.join(CHECKS))?.lines().map(str::to_owned).collect::<Vec<_>>();
        lines.retain(|line| !line.starts_with("//!"));
        let mut is_borrowed = false;
        for line in lines {
            let name = line.strip_prefix("mod ").and_then(|line| line.strip_suffix(';'));
            if let Some(name) = name.filter(|_| !is_borrowed) {
                let file = before.join("tests").join(format!("{name}.rs"));
                let file =
                    if file.exists() { format!("{name}.rs") } else { format!("{name}/mod.rs") };
                verify
                    .push_str(&format!("#[path = \"../../{}/tests/{file}\"]\n", self.before.slug));
            }
            is_borrowed = line.starts_with("#[path");
            if !line.is_empty() || !verify.ends_with("\n\n") {
                verify.push_str(&line);
                verify.push('\n');
            }
        }
        let item = self.item();
        verify.push_str(&format!("mod {item};\n"));
        let check = format!(
            "//! The idea of step {}.\n\nuse harness::{{check, exchange}};\n\n#[test]\nfn {}() {{\n    \
             check(|server| exchange!(server.get(\"/{}\")));\n}}\n",
            self.number,
            self.check(),
            self.word()
        );
        let hints = self.hints(&files::read(&before.join("hints.md"))?);
        Ok(vec![
            (folder.join(CHECKS), verify),
            (folder.join("tests").join(&item).join("mod.rs"), check),
            (folder.join("hints.md"), hints),
        ])
    }

    /// The new check is the core; all that passes from the start is below.
    fn hints(&self, before: &str) -> String {
        let words = self.check().replace('_', " ");
        let heading = format!("{}{}", words[..1].to_uppercase(), &words[1..]);
        let kept = before.lines().filter(|line| line.trim() != "# Sharp edges");
        let kept =
            kept.map(|line| match line.split_once("<!--").filter(|_| line.starts_with("## ")) {
                Some((heading, _)) => heading.trim_end(),
                None => line,
            });
        let kept = kept.collect::<Vec<_>>().join("\n");
        format!(
            "## {heading} <!-- new, task 1 -->\n\nThe route is there, and answers 501. Which line of `{}` says so?\n\n---\n\n\
             `Ok` with a string is a response with status 200.\n\n# Sharp edges\n\n{}\n",
            self.item(),
            kept.trim()
        )
    }

    /// Cargo.toml, with step and solution among the members.
    fn members(&self, course: &Course) -> Result<Made, Trouble> {
        let path = course.root.join("Cargo.toml");
        let mut text = files::read(&path)?;
        for parent in ["steps", "solutions"] {
            let before = format!("    \"{parent}/{}\",\n", self.before.slug);
            let with = format!("{before}    \"{parent}/{}\",\n", self.slug);
            text = after(&path, &text, &before, &with)?;
        }
        Ok((PathBuf::from("Cargo.toml"), text))
    }

    fn summary(&self, course: &Course) -> Result<Made, Trouble> {
        let path = Path::new(BOOK).join("SUMMARY.md");
        let text = files::read(&course.root.join(&path))?;
        let line = text.lines().find(|line| line.contains(&format!("({}.md)", self.before.slug)));
        let before = format!("{}\n", line.unwrap_or("(the step before)"));
        let with = format!("{before}- [{}]({}.md)\n", self.title, self.slug);
        Ok((path.clone(), after(&path, &text, &before, &with)?))
    }
}

fn after(path: &Path, text: &str, before: &str, with: &str) -> Result<String, Trouble> {
    if text.contains(before) {
        Ok(text.replacen(before, with, 1))
    } else {
        Err(Trouble::ours(path, format!("it has no line `{}`", before.trim())))
    }
}
