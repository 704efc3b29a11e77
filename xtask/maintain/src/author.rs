//! What an author got wrong in a step, before anything is compiled: each problem with file, line, and what to do.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use xtask::{
    course::{
        Course, Step, Whose,
        hints::{self, Check},
        made_of,
        marks::{self, View},
    },
    files,
    trouble::Trouble,
};

/// All of them, in words.
pub(crate) fn problems(course: &Course, step: &Step) -> Result<Vec<String>, Trouble> {
    let mut found = Found { root: &course.root, problems: Vec::new() };
    marks(step, &mut found)?;
    let manifest = File::read(&step.folder(Whose::Learner).join("Cargo.toml"))?;
    minutes(step, &manifest, &mut found);
    let hints = File::read(&step.folder(Whose::Learner).join("hints.md"))?;
    match hints::parse(&hints.text, step.tasks.len()) {
        Err(why) => {
            let (line, why) = split_line(&why);
            found.add(&hints.path, line, why);
        }
        Ok(checks) => {
            let tests = Tests::of(&step.folder(Whose::Learner).join("tests").join("verify.rs"))?;
            headings(&checks, &tests, &hints, &mut found);
            tasks(step, &checks, &hints, &manifest, &mut found);
            snapshots(step, &tests, &mut found)?;
        }
    }
    Ok(found.problems)
}

struct Found<'c> {
    root: &'c Path,
    problems: Vec<String>,
}

impl Found<'_> {
    fn add(&mut self, path: &Path, line: usize, problem: impl AsRef<str>) {
        let path = path.strip_prefix(self.root).unwrap_or(path).display();
        self.problems.push(format!("{path}:{line}: {}", problem.as_ref()));
    }
}

struct File {
    path: PathBuf,
    text: String,
}

impl File {
    fn read(path: &Path) -> Result<Self, Trouble> {
        Ok(Self { path: path.to_owned(), text: files::read(path)? })
    }

    /// The first line for which this holds, from 1; the first of all if there is none.
    fn line(&self, holds: impl Fn(&str) -> bool) -> usize {
        self.text.lines().position(holds).map_or(1, |index| index + 1)
    }

    fn heading_of(&self, check: &Check) -> usize {
        let words = check.words();
        self.line(|line| {
            let heading = line.strip_prefix("## ").unwrap_or_default();
            let heading = heading.split("<!--").next().unwrap_or_default();
            heading.trim().to_lowercase() == words
        })
    }
}

/// `line 3: why` is taken apart.
fn split_line(why: &str) -> (usize, &str) {
    let parts = why.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    parts.and_then(|(line, why)| Some((line.parse().ok()?, why))).unwrap_or((1, why))
}

fn marks(step: &Step, found: &mut Found<'_>) -> Result<(), Trouble> {
    let mut gaps = 0;
    for path in made_of::code(step, Whose::Reference)? {
        let text = files::read(&path)?;
        if let Err(bad) = marks::strip(&text, View::Starter) {
            found.add(&path, bad.line, bad.message);
        }
        gaps += text.lines().filter(|line| line.trim() == "// BEGIN SOLUTION").count();
    }
    let has_holes = step.folder(Whose::Reference).join("holes").is_dir();
    if gaps == 0 && !has_holes {
        let main = step.folder(Whose::Reference).join("src").join("main.rs");
        found.add(&main, 1, "nothing is left for the learner: put what they write between `// BEGIN SOLUTION` and `// END SOLUTION`");
    }
    Ok(())
}

fn minutes(step: &Step, manifest: &File, found: &mut Found<'_>) {
    let minutes = step.minutes;
    if minutes.core == 0 || minutes.core > minutes.all {
        let line = manifest.line(|line| line.starts_with("minutes"));
        let problem = format!(
            "the core takes {} minutes and all of it {}: write what somebody took who did not know the step, the core first",
            minutes.core, minutes.all
        );
        found.add(&manifest.path, line, problem);
    }
}

fn headings(checks: &[Check], tests: &Tests, hints: &File, found: &mut Found<'_>) {
    for check in checks.iter().filter(|check| !tests.0.contains_key(&check.name)) {
        let problem = format!(
            "no test is called `{}`: rename one of them, or delete the heading",
            check.name
        );
        found.add(&hints.path, hints.heading_of(check), problem);
    }
    for (name, test) in &tests.0 {
        if !checks.iter().any(|check| check.name == *name) {
            let words = name.replace('_', " ");
            let heading = format!("{}{}", words[..1].to_uppercase(), &words[1..]);
            let problem =
                format!("hints.md has no heading for this test: add `## {heading}` and a hint");
            found.add(&test.path, test.line, problem);
        }
    }
}

fn tasks(step: &Step, checks: &[Check], hints: &File, manifest: &File, found: &mut Found<'_>) {
    if step.tasks.is_empty() {
        return;
    }
    for check in checks.iter().filter(|check| check.new != check.task.is_some()) {
        let problem = if check.new {
            "no task turns this new check green: `<!-- new, task 1 -->`"
        } else {
            "a check that passes from the start belongs to no task: delete `task`, or add `new`"
        };
        found.add(&hints.path, hints.heading_of(check), problem);
    }
    for (number, title) in (1..).zip(&step.tasks) {
        if !checks.iter().any(|check| check.task == Some(number)) {
            let line = manifest.line(|line| line.contains(title.as_str()));
            let problem = format!(
                "task {number} turns no check green: `<!-- new, task {number} -->` in hints.md, or delete it"
            );
            found.add(&manifest.path, line, problem);
        }
    }
}

fn snapshots(step: &Step, tests: &Tests, found: &mut Found<'_>) -> Result<(), Trouble> {
    let remake = format!("`cargo xtask snapshots {}`", step.number);
    let names: Vec<PathBuf> = files::below(&step.snapshots())?;
    let name_of = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    for path in &names {
        let name = name_of(path).unwrap_or_default();
        // The second exchange of a check has a number.
        let check = name
            .rsplit_once('-')
            .filter(|(_, end)| end.parse::<u8>().is_ok())
            .map_or(name.as_str(), |(check, _)| check);
        if !tests.0.contains_key(check) {
            found.add(
                path,
                1,
                format!("no test is called `{check}`: delete the file, or {remake}"),
            );
        }
    }
    for (name, test) in tests.0.iter().filter(|(_, test)| test.compares) {
        if !names.iter().any(|path| name_of(path).as_ref() == Some(name)) {
            found.add(&test.path, test.line, format!("`{name}` has no snapshot yet: {remake}"));
        }
    }
    Ok(())
}

/// The tests of a step by their names.
struct Tests(BTreeMap<String, Test>);

struct Test {
    path: PathBuf,
    line: usize,
    /// Whether the closure of the check is nothing but an exchange, which has a snapshot of the test's name.
    compares: bool,
}

impl Tests {
    /// Those of a file and of the modules that it names.
    fn of(path: &Path) -> Result<Self, Trouble> {
        let mut tests = Self(BTreeMap::new());
        tests.collect(path)?;
        Ok(tests)
    }

    fn collect(&mut self, path: &Path) -> Result<(), Trouble> {
        let text = files::read(path)?;
        let (mut is_test, mut attribute, mut name) = (false, None, None);
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if text == "#[test]" {
                is_test = true;
            } else if let Some(path) = text.strip_prefix("#[path = \"") {
                attribute = path.strip_suffix("\"]");
            } else if let Some(rest) = text.strip_prefix("fn ").filter(|_| is_test) {
                let found = rest.split('(').next().unwrap_or_default().to_owned();
                self.0.insert(found.clone(), Test { path: path.to_owned(), line, compares: false });
                name = Some(found);
                is_test = false;
            } else if let Some(module) =
                text.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
            {
                let folder = path.parent().unwrap_or(path);
                let file = folder.join(format!("{module}.rs"));
                let usual = if file.exists() { file } else { folder.join(module).join("mod.rs") };
                self.collect(&attribute.take().map_or(usual, |path| folder.join(path)))?;
            } else if text.starts_with("check(|server| exchange!(")
                && let Some(known) = name.as_ref().and_then(|name| self.0.get_mut(name))
            {
                known.compares = true;
            }
        }
        Ok(())
    }
}
