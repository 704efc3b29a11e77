//! The checks of a step, in words.

use xtask::course::{Course, hints::Tier};

use crate::directives::lookup;

/// A numbered list; the sharp edges are a list of their own.
pub(crate) fn numbered(course: &Course, slug: &str) -> Result<String, String> {
    let checks = lookup::step(course, slug)?.checks().map_err(|trouble| trouble.to_string())?;
    let of_tier = |tier: Tier| -> String {
        let lines = checks.iter().filter(|check| check.tier == tier).map(|check| {
            let new = if check.new { " **(new)**" } else { "" };
            format!("1. {}{new}\n", check.words())
        });
        lines.collect()
    };
    let edges = of_tier(Tier::Edge);
    let edges = if edges.is_empty() {
        edges
    } else {
        format!("\nSharp edges, for those who want all of it:\n\n{edges}")
    };
    Ok(format!("{}{edges}", of_tier(Tier::Core)))
}
