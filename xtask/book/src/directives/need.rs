//! The card *You will need*: the few parts of an API, with their types, that a task takes.

use crate::directives::block::Wrong;

/// More would be a manual.
const ITEMS: usize = 4;

/// The list in a card.
pub(crate) fn card(block: &[&str]) -> Result<String, Wrong> {
    let is_item = |line: &str| line.starts_with("- ");
    let stray = block
        .iter()
        .position(|line| !is_item(line) && !line.starts_with("  ") && !line.trim().is_empty());
    if let Some(stray) = stray {
        return Err(Wrong::line(
            stray,
            "`need` is a list: each line begins with `- `, or goes on with two spaces",
        ));
    }
    match block.iter().filter(|line| is_item(line)).count() {
        0 => Err("`need` has no list".to_owned())?,
        count if count > ITEMS => Err(format!("`need` has {count} items, and may have {ITEMS}"))?,
        _ => {}
    }
    Ok(format!(
        "<div class=\"need\">\n<p class=\"title\">You will need</p>\n\n{}\n\n</div>\n",
        block.join("\n").trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_a_card() {
        let shown = card(&["", "- `a`", "- `b`:", "  a `c`", ""]).expect("it is a list");
        assert!(shown.contains("You will need</p>\n\n- `a`\n- `b`:\n  a `c`\n\n</div>"), "{shown}");
    }

    #[test]
    fn what_is_no_short_list_is_refused() {
        let wrong = |block: &[&str]| format!("{:?}", card(block).expect_err("it is wrong"));
        assert!(wrong(&["- a", "text"]).contains("Lines([(1, \"`need` is a list"));
        assert!(wrong(&[""]).contains("no list"));
        assert!(wrong(&["- a"; 5]).contains("has 5 items, and may have 4"));
    }
}
