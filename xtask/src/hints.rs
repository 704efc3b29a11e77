//! `hints.md`: the step's checks in the order they are shown, and the hints for each.
//!
//! ```markdown
//! ## Refuses a request without a token <!-- new -->
//!
//! The first hint, a paragraph or more.
//!
//! ---
//!
//! The second hint.
//!
//! # Sharp edges
//!
//! ## Refuses two tokens <!-- new -->
//! …
//! ```
//!
//! A heading is its check's name in words: `refuses_a_request_without_a_token`. The checks above
//! `# Sharp edges` are the core; the ones below are extra.

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

/// The checks of a `hints.md`, in its order; the error names the line.
pub fn parse(markdown: &str) -> Result<Vec<Check>, String> {
    let mut checks: Vec<Check> = Vec::new();
    let mut tier = Tier::Core;
    for (index, line) in markdown.lines().enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (words, new) = match heading.strip_suffix("<!-- new -->") {
                Some(words) => (words, true),
                None => (heading, false),
            };
            let name = words.trim().to_lowercase().replace(' ', "_");
            if checks.iter().any(|check| check.name == name) {
                return Err(format!("line {}: a second heading `{heading}`", index + 1));
            }
            checks.push(Check { name, tier, new, hints: vec![String::new()] });
        } else if line.trim() == "# Sharp edges" {
            tier = Tier::Edge;
        } else if line.starts_with("# ") {
            return Err(format!(
                "line {}: only `# Sharp edges` may stand as `#` heading",
                index + 1
            ));
        } else if let Some(check) = checks.last_mut() {
            if line.trim() == "---" {
                check.hints.push(String::new());
            } else if let Some(hint) = check.hints.last_mut() {
                hint.push_str(line);
                hint.push('\n');
            }
        } else if !line.trim().is_empty() {
            return Err(format!("line {}: text before the first `## ` heading", index + 1));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_checks_in_order_with_tier_and_hints() {
        let checks = parse(
            "## Refuses a token <!-- new -->\n\nFirst.\n\n---\n\nSecond.\n\n# Sharp edges\n\n## Lists the items\n\nOnly.\n",
        )
        .expect("it is well-formed");
        assert_eq!(checks[0].name, "refuses_a_token");
        assert!(checks[0].new && checks[0].tier == Tier::Core);
        assert_eq!(checks[0].hints, ["First.", "Second."]);
        assert!(!checks[1].new && checks[1].tier == Tier::Edge);
    }

    #[test]
    fn a_hint_that_is_missing_is_told() {
        assert!(parse("## Lists the items\n").is_err());
        assert!(parse("## A\n\nx\n\n## A\n\ny\n").is_err());
        assert!(parse("").is_err());
    }
}
