//! The hints for a step's new checks, folded: each opens the way to a plainer one, so that nobody reads more
//! than they need. Hints for checks that passed from the start are given by `cargo xtask hint`.

use xtask::course::{Course, hints::Check};

use crate::directives::lookup;

/// The hints for each new check, in the order of `hints.md`.
pub(crate) fn of_new_checks(course: &Course, slug: &str) -> Result<String, String> {
    let checks = lookup::step(course, slug)?.checks().map_err(|trouble| trouble.to_string())?;
    Ok(checks.iter().filter(|check| check.new).map(folded).collect())
}

fn folded(check: &Check) -> String {
    let mut inner = String::new();
    for (index, hint) in check.hints.iter().enumerate().rev() {
        let title = match index {
            0 => format!("<em>{}</em>", check.words()),
            _ => "a plainer hint".to_owned(),
        };
        inner = format!("<details><summary>{title}</summary>\n\n{hint}\n\n{inner}</details>\n\n");
    }
    inner
}

#[cfg(test)]
mod tests {
    use xtask::course::hints;

    use super::*;

    #[test]
    fn each_hint_is_inside_the_one_before() {
        let markdown = "## Refuses all\n\nOne.\n\n---\n\nTwo.\n\n---\n\nThree.\n";
        let checks = hints::parse(markdown, 0);
        let shown = folded(&checks.expect("it is well-formed")[0]);
        let expected = "<details><summary><em>refuses all</em></summary>\n\nOne.\n\n\
                        <details><summary>a plainer hint</summary>\n\nTwo.\n\n\
                        <details><summary>a plainer hint</summary>\n\nThree.\n\n\
                        </details>\n\n</details>\n\n</details>\n\n";
        assert_eq!(shown, expected);
    }
}
