//! The marker lines in a solution: what the starter leaves out, and the anchors the book quotes by.
//!
//! ```text
//! // BEGIN SOLUTION        these lines are left out of the starter
//! // END SOLUTION
//! //~ code                 `code` stands in the starter only
//! // ANCHOR: name          the book quotes what stands between
//! // ANCHOR_END: name
//! ```

use std::{borrow::Cow, fmt};

/// A marker that makes no sense where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct BadMark {
    /// Line in the source, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for BadMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// What a reader is shown of a marked source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The reference, without any marker line.
    Solution,
    /// What the learner begins with: gaps in place of the solution.
    Starter,
}

/// The source as `view` shows it: no marker line is left.
pub fn strip(source: &str, view: View) -> Result<String, BadMark> {
    let mut shown = String::new();
    for line in read(source)? {
        if line.is_shown(view) {
            shown.push_str(&line.text);
            shown.push('\n');
        }
    }
    Ok(shown)
}

/// The lines that only the solution has.
pub fn solution_lines(source: &str) -> Result<Vec<String>, BadMark> {
    let lines = read(source)?.into_iter().filter(|line| line.place == Place::SolutionOnly);
    Ok(lines.map(|line| line.text.into_owned()).collect())
}

/// What the starter has in place of each gap's solution: the lines behind `//~`, gap by gap.
pub fn fillers(source: &str) -> Result<Vec<Vec<String>>, BadMark> {
    let lines = read(source)?;
    let gaps = lines.chunk_by(|one, next| one.place == next.place);
    let fillers = gaps.filter(|gap| gap[0].place == Place::StarterOnly);
    Ok(fillers.map(|gap| gap.iter().map(|line| line.text.to_string()).collect()).collect())
}

/// The lines of anchor `name` as `view` shows them, with the number of the first one in that view.
pub fn anchor(source: &str, name: &str, view: View) -> Result<(usize, String), BadMark> {
    let (start, end) = (format!("// ANCHOR: {name}"), format!("// ANCHOR_END: {name}"));
    let mut inside = false;
    let mut number = 0;
    let mut quoted: Option<(usize, String)> = None;
    for (line, raw) in read(source)?.iter().zip(source.lines()) {
        let mark = raw.trim();
        if mark == start {
            inside = true;
        } else if mark == end {
            let missing = BadMark {
                line: line.number,
                message: format!("`{end}` without its start, or with nothing between"),
            };
            return quoted.ok_or(missing);
        } else if line.is_shown(view) {
            number += 1;
            if inside {
                let (_, text) = quoted.get_or_insert_with(|| (number, String::new()));
                text.push_str(&line.text);
                text.push('\n');
            }
        }
    }
    let message =
        if inside { format!("`{start}` has no `{end}`") } else { format!("there is no `{start}`") };
    Err(BadMark { line: source.lines().count(), message })
}

struct Line<'a> {
    number: usize,
    text: Cow<'a, str>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Shared,
    SolutionOnly,
    StarterOnly,
    Marker,
}

impl Line<'_> {
    fn is_shown(&self, view: View) -> bool {
        match self.place {
            Place::Shared => true,
            Place::SolutionOnly => view == View::Solution,
            Place::StarterOnly => view == View::Starter,
            Place::Marker => false,
        }
    }
}

fn read(source: &str) -> Result<Vec<Line<'_>>, BadMark> {
    let mut lines = Vec::new();
    let mut opened = None;
    let mut after_end = false;
    for (index, text) in source.lines().enumerate() {
        let number = index + 1;
        let bad = |message: &str| BadMark { line: number, message: message.to_owned() };
        let mark = text.trim();
        let (text, place) = if mark == "// BEGIN SOLUTION" {
            if opened.replace(number).is_some() {
                return Err(bad(
                    "`BEGIN SOLUTION` inside another: close the first one with `END SOLUTION`",
                ));
            }
            (Cow::Borrowed(text), Place::Marker)
        } else if mark == "// END SOLUTION" {
            if opened.take().is_none() {
                return Err(bad("`END SOLUTION` without a `BEGIN SOLUTION` above it"));
            }
            (Cow::Borrowed(text), Place::Marker)
        } else if let Some(code) = mark.strip_prefix("//~") {
            if !after_end {
                return Err(bad("`//~` may only stand directly after `END SOLUTION`"));
            }
            let code = code.strip_prefix(' ').unwrap_or(code);
            let indent = &text[..text.len() - text.trim_start().len()];
            let text = if code.is_empty() { String::new() } else { format!("{indent}{code}") };
            (Cow::Owned(text), Place::StarterOnly)
        } else if mark.starts_with("// ANCHOR: ") || mark.starts_with("// ANCHOR_END: ") {
            (Cow::Borrowed(text), Place::Marker)
        } else if opened.is_some() {
            (Cow::Borrowed(text), Place::SolutionOnly)
        } else {
            (Cow::Borrowed(text), Place::Shared)
        };
        after_end = mark == "// END SOLUTION" || place == Place::StarterOnly;
        lines.push(Line { number, text, place });
    }
    match opened {
        Some(line) => Err(BadMark { line, message: "`BEGIN SOLUTION` is never closed".to_owned() }),
        None => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
fn app() {
    // ANCHOR: body
    // BEGIN SOLUTION
    route();
    // END SOLUTION
    //~ todo!()
    // ANCHOR_END: body
}
";

    #[test]
    fn a_solution_shows_its_code_and_no_marker() {
        assert_eq!(strip(SOURCE, View::Solution).as_deref(), Ok("fn app() {\n    route();\n}\n"));
    }

    #[test]
    fn a_starter_shows_the_gap() {
        assert_eq!(strip(SOURCE, View::Starter).as_deref(), Ok("fn app() {\n    todo!()\n}\n"));
    }

    #[test]
    fn what_fills_a_gap_is_known() {
        let two = format!("{SOURCE}// BEGIN SOLUTION\n// END SOLUTION\n//~ a\n//~ b\n");
        let expected = [vec!["    todo!()"], vec!["a", "b"]];
        assert_eq!(fillers(&two).expect("its marks are right"), expected);
    }

    #[test]
    fn an_anchor_is_quoted_with_its_line() {
        assert_eq!(anchor(SOURCE, "body", View::Solution), Ok((2, "    route();\n".to_owned())));
    }

    #[test]
    fn a_wrong_marker_is_told_with_its_line() {
        let line = |source: &str| strip(source, View::Solution).map_err(|bad| bad.line);
        assert_eq!(line("a\n// BEGIN SOLUTION\n"), Err(2));
        assert_eq!(line("// END SOLUTION\n"), Err(1));
        assert_eq!(line("a\n//~ b\n"), Err(2));
        assert_eq!(line("// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION\n"), Err(2));
        assert!(anchor("a\n", "missing", View::Solution).is_err());
        assert!(anchor("// ANCHOR: open\na\n", "open", View::Solution).is_err());
    }
}
