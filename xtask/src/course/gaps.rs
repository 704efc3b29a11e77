//! The gaps of a starter, and what is left of them in the learner's code: the lines `// TODO 2: …` that lead to a task.

use std::path::PathBuf;

use crate::{
    course::{
        Step, Whose, made_of,
        marks::{self, BadMark, View},
        source::Source,
    },
    files,
    trouble::Trouble,
};

/// One gap, as the starter fills it.
struct Gap {
    /// The number of its `TODO`.
    task: u8,
    /// Relative to the package's folder: `src/main.rs`.
    path: PathBuf,
    lines: Vec<String>,
    /// The line that comes after it in the starter.
    next: String,
}

/// The numbered gaps of a step's starter.
pub struct Gaps(Vec<Gap>);

impl Gaps {
    /// Reads them from the solution, whose lines with `//~` they are.
    pub fn of(step: &Step) -> Result<Self, Trouble> {
        let folder = step.folder(Whose::Reference);
        let mut gaps = Vec::new();
        for path in made_of::code(step, Whose::Reference)? {
            let found = in_file(&files::read(&path)?)
                .map_err(|bad| Trouble::Environment(format!("{}, {bad}", path.display())))?;
            let path = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
            let gap = |Filler { task, lines, next }| Gap { task, path: path.clone(), lines, next };
            gaps.extend(found.into_iter().map(gap));
        }
        Ok(Self(gaps))
    }

    #[cfg(test)]
    pub(crate) fn of_one(task: u8, path: PathBuf, line: &str) -> Self {
        Self(vec![Gap { task, path, lines: vec![line.to_owned()], next: String::new() }])
    }

    /// Whether the code still has all that the starter has in the task's gaps. A gap that holds comments only has its
    /// next line as well: a learner may leave a comment above their own code.
    pub fn are_as_shipped(&self, task: u8, code: &[Source]) -> bool {
        let mut gaps = self.0.iter().filter(|gap| gap.task == task).peekable();
        gaps.peek().is_some() && gaps.all(|gap| gap.is_as_shipped(code))
    }
}

impl Gap {
    fn is_as_shipped(&self, code: &[Source]) -> bool {
        let is_comment = |line: &String| line.trim().starts_with("//");
        let next = self.lines.iter().all(is_comment).then_some(&self.next);
        let shipped: Vec<&str> = self.lines.iter().chain(next).map(|line| line.trim()).collect();
        let Some(source) = code.iter().find(|source| source.path == self.path) else {
            return false;
        };
        let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
        lines.windows(shipped.len()).any(|window| window == shipped)
    }
}

/// What fills a numbered gap of a file, and the line after it.
struct Filler {
    task: u8,
    lines: Vec<String>,
    next: String,
}

fn in_file(solution: &str) -> Result<Vec<Filler>, BadMark> {
    let starter = marks::strip(solution, View::Starter)?;
    let starter: Vec<&str> = starter.lines().collect();
    let numbered = |lines: &[String]| {
        let task = task_of(lines.first()?)?;
        let at = starter.windows(lines.len()).position(|window| window == lines)?;
        let next = starter.get(at + lines.len()).copied().unwrap_or_default().to_owned();
        Some(Filler { task, lines: lines.to_vec(), next })
    };
    let fillers = marks::fillers(solution)?;
    // One gap may hold the places of several tasks.
    let parts = fillers.iter().flat_map(|lines| lines.chunk_by(|_, next| task_of(next).is_none()));
    Ok(parts.filter_map(numbered).collect())
}

/// The number of a line `// TODO 2: …`.
fn task_of(line: &str) -> Option<u8> {
    let rest = line.trim().strip_prefix("//")?.trim_start().strip_prefix("TODO ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The first `TODO` of a task that is left in the code: its file, and its line from 1.
pub fn first_todo(task: u8, code: &[Source]) -> Option<(PathBuf, u32)> {
    code.iter().find_map(|source| {
        let mut lines = (1..).zip(source.text.lines());
        let (line, _) = lines.find(|(_, line)| task_of(line) == Some(task))?;
        Some((source.path.clone(), line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "\
// BEGIN SOLUTION
challenge();
// END SOLUTION
//~ // TODO 2: add the challenge,
//~ // and the body.
//~ bare();
// BEGIN SOLUTION
let token = token();
// END SOLUTION
//~ // TODO 1: ask for the token.
fn end() {}
";

    fn code(text: &str) -> Vec<Source> {
        vec![Source { path: PathBuf::from("src/main.rs"), text: text.to_owned() }]
    }

    fn gaps() -> Gaps {
        let path = || PathBuf::from("src/main.rs");
        let gap = |Filler { task, lines, next }| Gap { task, path: path(), lines, next };
        let found = in_file(SOLUTION).expect("its marks are right").into_iter();
        Gaps(found.map(gap).collect())
    }

    #[test]
    fn a_gap_is_as_shipped_while_all_of_its_lines_are_there() {
        let shipped =
            "fn a() {\n    // TODO 2: add the challenge,\n    // and the body.\n    bare();\n}\n";
        assert!(gaps().are_as_shipped(2, &code(shipped)));
        assert!(!gaps().are_as_shipped(2, &code(&shipped.replace("bare()", "bare(1)"))));
        let own = shipped.replace("    bare", "    let a = 1;\n    bare");
        assert!(!gaps().are_as_shipped(2, &code(&own)), "their own code is between");
    }

    #[test]
    fn a_comment_that_is_left_says_nothing_about_the_code_below_it() {
        let shipped = "// TODO 1: ask for the token.\nfn end() {}\n";
        assert!(gaps().are_as_shipped(1, &code(shipped)));
        let own = shipped.replace("fn end", "let token = 1;\nfn end");
        assert!(!gaps().are_as_shipped(1, &code(&own)));
        assert!(!gaps().are_as_shipped(3, &code("")), "there is no such gap");
    }

    #[test]
    fn the_first_todo_of_a_task_is_found_by_its_number() {
        let text = "// TODO 12: x\n    // TODO 2: y\nTODO 1\n// TODO 1: z\n";
        let line = |task| first_todo(task, &code(text)).map(|(_, line)| line);
        assert_eq!([line(1), line(2), line(3), line(12)], [Some(4), Some(2), None, Some(1)]);
        let unnumbered = first_todo(1, &code("// TODO: z\n"));
        assert_eq!(unnumbered, None);
    }
}
