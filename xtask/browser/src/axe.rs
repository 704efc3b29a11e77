//! What axe-core finds on the page: the part of WCAG 2.2 AA that a program can judge.

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use crate::{Browser, Failure};

/// axe-core, unchanged, from `axe/`.
const AXE: &str = include_str!("../axe/axe.min.js");

/// The last argument of an asynchronous script is what ends it.
const RUN: &str = "
    const [rules, done] = arguments;
    const drawn = new Promise(frame => requestAnimationFrame(() => requestAnimationFrame(frame)));
    drawn.then(() => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })).then(
        result => done({
            scheme: getComputedStyle(document.documentElement).colorScheme,
            passes: result.passes.length,
            violations: result.violations.flatMap(rule => rule.nodes.map(node => ({
                rule: rule.id,
                place: node.target.flat().join(' '),
                summary: node.failureSummary,
            }))),
        }),
        error => done(String(error)),
    );
";

/// axe's tags for WCAG 2.2, levels A and AA.
pub const WCAG: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/// The same, and what axe asks for beyond it: headings in order, everything in a landmark.
pub const PAGE: &[&str] =
    &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// Only what depends on colours.
pub const COLOURS: &[&str] = &["color-contrast", "link-in-text-block"];

/// What one look at a page brought.
#[derive(Deserialize)]
pub struct Findings {
    /// `light` or `dark`: what the page was drawn in.
    pub scheme: String,
    /// How many rules had something to judge and were content.
    pub passes: usize,
    /// What breaks a rule.
    pub violations: Vec<Violation>,
}

/// One element that breaks one rule.
#[derive(Deserialize)]
pub struct Violation {
    /// axe's name of the rule: `color-contrast`.
    pub rule: String,
    /// A CSS selector of the element.
    pub place: String,
    /// What to do about it, in axe's words.
    pub summary: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.rule, self.place, self.summary.replace('\n', " "))
    }
}

/// Judges the page as it is, by these rules or the rules with these tags. What is folded away is not judged.
pub async fn findings(browser: &Browser, rules: &[&str]) -> Result<Findings, Failure> {
    if browser.run("return typeof axe").await? == "undefined" {
        browser.run(AXE).await?;
    }
    let found = browser.run_async(RUN, vec![json!(rules)]).await?;
    match found.as_str() {
        Some(error) => Err(format!("axe did not run: {error}").into()),
        None => Ok(serde_json::from_value(found)?),
    }
}
