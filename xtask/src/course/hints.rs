//! `hints.md`: the step's checks in the order they are shown, and the hints for each.
//!
//! ```markdown
//! ## Refuses a request without a token <!-- new, task 2 -->
//!
//! > let_in: What to say in place of the general sentence, where a request was let in.
//!
//! The first hint, a paragraph or more.
//!
//! ---
//!
//! The second hint.
//!
//! # Sharp edges
//!
//! ## Refuses two tokens <!-- new, task 3 -->
//! …
//! ```
//!
//! A heading is its check's name in words: `refuses_a_request_without_a_token`. The checks above
//! `# Sharp edges` are the core; the ones below are extra. `new` marks a check that the starter fails, and
//! `task` is the number of the page's task that turns it green. A line `> KIND: SENTENCE` is for one kind of
//! [finding](protocol::finding::Kind); further lines that begin with `>` continue it.

use std::collections::BTreeMap;

use protocol::finding::Kind;
use serde::{Deserialize, Serialize};

/// Whether a learner may go on without the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Needed to go on to the next step.
    Core,
    /// A sharp edge: needed for "solved", not for going on.
    Edge,
}

/// One check of a step, as `hints.md` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The test's name: `refuses_a_request_without_a_token`.
    pub name: String,
    /// Core or sharp edge.
    pub tier: Tier,
    /// Whether the untouched starter fails it.
    pub new: bool,
    /// The task that turns it green, from 1.
    pub task: Option<u8>,
    /// What to say to a finding of this kind, in place of the general sentence.
    pub sentences: BTreeMap<Kind, String>,
    /// From the gentlest to the plainest, as Markdown.
    pub hints: Vec<String>,
}

impl Check {
    /// The requirement in words: `refuses a request without a token`.
    pub fn words(&self) -> String {
        words(&self.name)
    }
}

/// A check's name in words.
pub fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The checks of a `hints.md` of a step with so many tasks, in its order; the error names the line.
pub fn parse(markdown: &str, tasks: usize) -> Result<Vec<Check>, String> {
    let mut checks: Vec<Check> = Vec::new();
    let mut tier = Tier::Core;
    let mut sentence = None;
    for (number, line) in (1..).zip(markdown.lines()) {
        let wrong = |why: &str| format!("line {number}: {why}");
        let quoted = line.strip_prefix('>');
        if quoted.is_none() {
            sentence = None;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            let check = heading_of(heading, tier, tasks).map_err(|why| wrong(&why))?;
            if checks.iter().any(|known| known.name == check.name) {
                return Err(wrong(&format!("a second heading `{heading}`")));
            }
            checks.push(check);
        } else if line.trim() == "# Sharp edges" {
            tier = Tier::Edge;
        } else if line.starts_with("# ") {
            return Err(wrong("the only `#` heading is `# Sharp edges`"));
        } else if let Some(check) = checks.last_mut() {
            match quoted {
                Some(quoted) => {
                    let kind = add_sentence(check, sentence, quoted.trim());
                    sentence = Some(kind.map_err(|why| wrong(&why))?);
                }
                None if line.trim() == "---" => check.hints.push(String::new()),
                None => {
                    if let Some(hint) = check.hints.last_mut() {
                        hint.push_str(line);
                        hint.push('\n');
                    }
                }
            }
        } else if !line.trim().is_empty() {
            return Err(wrong("text before the first `## ` heading"));
        }
    }
    for check in &mut checks {
        check.hints = check.hints.iter().map(|hint| hint.trim().to_owned()).collect();
        if check.hints.iter().any(String::is_empty) {
            return Err(format!("the heading `{}` has an empty hint", check.words()));
        }
    }
    if checks.is_empty() {
        return Err("there is no `## ` heading, so no check is listed".to_owned());
    }
    Ok(checks)
}

/// `Refuses two tokens <!-- new, task 3 -->`.
fn heading_of(heading: &str, tier: Tier, tasks: usize) -> Result<Check, String> {
    let (words, marks) = match heading.split_once("<!--") {
        Some((words, rest)) => {
            (words, rest.trim_end().strip_suffix("-->").ok_or("the comment has no `-->`")?)
        }
        None => (heading, ""),
    };
    let name = words.trim().to_lowercase().replace(' ', "_");
    let (hints, sentences) = (vec![String::new()], BTreeMap::new());
    let mut check = Check { name, tier, new: false, task: None, sentences, hints };
    for mark in marks.split(',').map(str::trim).filter(|mark| !mark.is_empty()) {
        if mark == "new" {
            check.new = true;
        } else if let Some(number) = mark.strip_prefix("task ") {
            let task = number.parse().ok().filter(|task| (1..=tasks).contains(&usize::from(*task)));
            check.task = Some(task.ok_or_else(|| {
                format!("there is no task `{number}`: the step's Cargo.toml has {tasks} in `tasks`")
            })?);
        } else {
            return Err(format!("`{mark}` is no mark: there are `new` and `task NUMBER`"));
        }
    }
    Ok(check)
}

/// Takes in `KIND: SENTENCE`, or more of the sentence before, and gives the kind.
fn add_sentence(check: &mut Check, before: Option<Kind>, quoted: &str) -> Result<Kind, String> {
    let named = quoted.split_once(": ").and_then(|(name, rest)| Some((Kind::named(name)?, rest)));
    let (kind, text) = named
        .or_else(|| Some((before?, quoted)))
        .ok_or("a line with `>` begins with a finding's kind and a colon: `> let_in: …`")?;
    let sentence = check.sentences.entry(kind).or_default();
    if named.is_some() && !sentence.is_empty() {
        return Err(format!("a second sentence for the same kind: `{quoted}`"));
    }
    if !sentence.is_empty() {
        sentence.push(' ');
    }
    sentence.push_str(text);
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_checks_in_order_with_tier_and_hints() {
        let checks = parse(
            "## Refuses a token <!-- new -->\n\nFirst.\n\n---\n\nSecond.\n\n# Sharp edges\n\n## Lists the items\n\nOnly.\n",
            0,
        )
        .expect("it is well-formed");
        assert_eq!(checks[0].name, "refuses_a_token");
        assert!(checks[0].new && checks[0].tier == Tier::Core && checks[0].task.is_none());
        assert_eq!(checks[0].hints, ["First.", "Second."]);
        assert!(!checks[1].new && checks[1].tier == Tier::Edge);
    }

    #[test]
    fn a_hint_that_is_missing_is_told() {
        assert!(parse("## Lists the items\n", 0).is_err());
        assert!(parse("## A\n\nx\n\n## A\n\ny\n", 0).is_err());
        assert!(parse("", 0).is_err());
    }

    #[test]
    fn a_check_may_belong_to_a_task_of_the_step() {
        let checks = parse("## A <!-- new, task 2 -->\n\nx\n", 2).expect("it is well-formed");
        assert!(checks[0].new && checks[0].task == Some(2));
        for marks in ["new, task 3", "task 0", "task x", "old"] {
            let text = format!("## A <!-- {marks} -->\n\nx\n");
            let why = parse(&text, 2).expect_err("there is no such mark or task");
            assert!(why.starts_with("line 1: "), "{why}");
        }
        assert!(parse("## A <!-- new\n\nx\n", 0).is_err(), "the comment never ends");
    }

    #[test]
    fn a_finding_may_have_a_sentence_of_the_check_s_own() {
        let text = "## A\n\n> let_in: It came\n> in.\n> status: Another one.\n\nx\n";
        let checks = parse(text, 0).expect("it is well-formed");
        let own = [(Kind::LetIn, "It came in."), (Kind::Status, "Another one.")];
        assert_eq!(checks[0].sentences, own.map(|(kind, said)| (kind, said.to_owned())).into());
        assert_eq!(checks[0].hints, ["x"], "a sentence is no hint");
        for wrong in ["> It came in.", "> open: x", "> slow: a\n> slow: b", "> slow: a\n\n> more"] {
            assert!(parse(&format!("## A\n\n{wrong}\n\nx\n"), 0).is_err(), "{wrong}");
        }
    }
}
