//! Patches on a solution that has changed since they were made.

use diffy::{DiffOptions, Line, Patch, PatchFormatter};

use xtask::course::{merge, patch, source::Source};

/// A patch on the solution as it is now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rebased {
    /// The solution with the patch's change.
    pub(crate) sources: Vec<Source>,
    /// The patch that makes it; `None` if the old one does.
    pub(crate) patch: Option<String>,
    /// Whether it removes and adds the lines that the old one does.
    pub(crate) same_lines: bool,
}

/// Carries a patch over from the solution as it was `before` to that of `now`; or says why it cannot.
pub(crate) fn rebase(patch: &str, before: &[Source], now: &[Source]) -> Result<Rebased, String> {
    let merged = patch::carry(patch, before, now, diffy::merge);
    let mut fitted = now.to_vec();
    let fits = patch::apply(patch, &mut fitted).is_ok();
    if fits && (merged.as_ref() == Ok(&fitted) || is_clear(patch, before, now)) {
        return Ok(Rebased { sources: fitted, patch: None, same_lines: true });
    }
    let mut wrong = before.to_vec();
    patch::apply(patch, &mut wrong)?;
    let sources = merged
        .or_else(|why| elsewhere(before, &wrong, now).ok_or(why))
        .or_else(|_| patch::carry(patch, before, now, merge::by_words))?;
    let (old, new) = (difference(before, &wrong, CONTEXT), difference(now, &sources, CONTEXT));
    let same_lines = changes(&old) == changes(&new);
    let head = patch.find("--- a/").map_or("", |begin| &patch[..begin]);
    Ok(Rebased { patch: Some(format!("{head}{new}")), sources, same_lines })
}

/// The change where its lines have been moved to: found with less of what is around them.
fn elsewhere(before: &[Source], wrong: &[Source], now: &[Source]) -> Option<Vec<Source>> {
    (1..CONTEXT).rev().find_map(|context| {
        let patch = difference(before, wrong, context);
        let mut fitted = now.to_vec();
        patch::apply(&patch, &mut fitted).ok()?;
        is_clear(&patch, before, now).then_some(fitted)
    })
}

/// Whether no part of the patch fits two places: then one that fits is where it belongs.
fn is_clear(patch: &str, before: &[Source], now: &[Source]) -> bool {
    let Ok(patch) = Patch::from_str(patch) else { return false };
    patch.hunks().iter().all(|hunk| {
        let old = hunk.lines().iter().filter_map(|line| match line {
            Line::Context(text) | Line::Delete(text) => Some(*text),
            Line::Insert(_) => None,
        });
        let old: String = old.collect();
        let places = |sources: &[Source]| -> usize {
            sources.iter().map(|source| source.text.matches(&old).count()).sum()
        };
        places(before) <= 1 && places(now) <= 1
    })
}

/// How many lines around a change a patch has.
const CONTEXT: usize = 3;

/// The one file that differs, as a patch.
fn difference(before: &[Source], after: &[Source], context: usize) -> String {
    let mut different = before.iter().zip(after).filter(|(before, after)| before != after);
    let Some((before, after)) = different.next() else { return String::new() };
    let name: Vec<_> = before.path.iter().map(|part| part.to_string_lossy()).collect();
    let name = name.join("/");
    let mut options = DiffOptions::new();
    options.set_original_filename(format!("a/{name}")).set_modified_filename(format!("b/{name}"));
    let patch = options.set_context_len(context).create_patch(&before.text, &after.text);
    // As git writes it, with a space in an empty line.
    PatchFormatter::new().suppress_blank_empty(false).fmt_patch(&patch).to_string()
}

/// The lines that a patch removes and adds.
fn changes(patch: &str) -> Vec<&str> {
    let hunks = patch.lines().skip_while(|line| !line.starts_with("@@"));
    hunks.filter(|line| line.starts_with(['-', '+'])).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const BEFORE: &str = "\
fn door(guest: &str) -> bool {
    let guest = guest.trim();
    known(guest) && !late()
}

fn window(guest: &str) -> bool {
    let guest = guest.trim();
    known(guest) || open()
}
";

    fn source(text: &str) -> [Source; 1] {
        [Source { path: PathBuf::from("src").join("main.rs"), text: text.to_owned() }]
    }

    /// A mistake: nobody is too late.
    fn late() -> String {
        let patch =
            difference(&source(BEFORE), &source(&BEFORE.replace(" && !late()", "")), CONTEXT);
        format!("Says: You let guests in at night.\n\n{patch}")
    }

    fn rebased(now: &str) -> Result<Rebased, String> {
        rebase(&late(), &source(BEFORE), &source(now))
    }

    #[track_caller]
    fn text(rebased: &Rebased) -> &str {
        let [source] = rebased.sources.as_slice() else { panic!("one file") };
        &source.text
    }

    #[test]
    fn a_patch_that_fits_is_left_alone() {
        for now in [BEFORE, &format!("use guests;\n\nfn main() {{}}\n\n{BEFORE}")] {
            let rebased = rebased(now).unwrap_or_else(|why| panic!("{why}, in:\n{now}"));
            assert_eq!(rebased.patch, None, "{now}");
            assert_eq!(text(&rebased), now.replace(" && !late()", ""));
        }
    }

    #[test]
    fn a_change_goes_where_its_lines_have_gone() {
        let (door, window) = BEFORE.split_at(BEFORE.find("fn window").expect("it is there"));
        let now = format!("{window}\n{door}");
        let rebased = rebased(&now).unwrap_or_else(|why| panic!("{why}"));
        assert!(rebased.same_lines && rebased.patch.is_some());
        assert_eq!(text(&rebased), now.replace(" && !late()", ""));
    }

    #[test]
    fn a_name_beside_the_change_may_be_another_now() {
        let now = BEFORE.replace("fn door(guest: &str)", "fn gate(guest: Guest)");
        let rebased = rebased(&now).unwrap_or_else(|why| panic!("{why}"));
        assert!(rebased.same_lines);
        let patch = rebased.patch.as_deref().expect("the old one does not fit");
        let diff = patch.strip_prefix("Says: You let guests in at night.\n\n--- a/src/main.rs\n");
        assert!(diff.is_some_and(|diff| diff.contains("\n fn gate(guest: Guest) -> bool {\n")));
        assert!(patch.contains("\n \n"), "an empty line of the code has no space in:\n{patch}");
        let mut sources = source(&now);
        patch::apply(patch, &mut sources).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(sources[0].text, now.replace(" && !late()", ""));
        assert_eq!(text(&rebased), sources[0].text);
    }

    #[test]
    fn a_name_in_the_changed_line_may_be_another_now_and_is_to_be_read() {
        let now = BEFORE.replace("known", "invited");
        let rebased = rebased(&now).unwrap_or_else(|why| panic!("{why}"));
        assert!(!rebased.same_lines);
        assert_eq!(text(&rebased), now.replace(" && !late()", ""));
    }

    #[test]
    fn a_line_that_says_something_else_now_is_a_conflict() {
        let now = BEFORE.replace("known(guest) && !late()", "known(guest) && hour() < 22");
        let why = rebased(&now).expect_err("both have changed what comes after &&");
        assert!(why.contains(
            "    known(guest) && hour() < 22\n||||||| original\n    known(guest) && !late()\n"
        ));
        let now = BEFORE.replace(" && !late()", "");
        assert!(rebased(&now).expect_err("it is no mistake now").contains("already"));
    }

    #[test]
    fn a_place_that_only_looks_alike_is_not_taken() {
        let twin = BEFORE
            .replace("fn window", "fn gate")
            .replace("known(guest) || open()", "known(guest) && !late()");
        let before = format!("{BEFORE}\n{twin}");
        let wrong = before.replacen("known(guest) && !late()", "known(guest)", 1);
        let patch = difference(&source(&before), &source(&wrong), 1);
        let now = before.replacen("    known(guest) && !late()\n", "    true\n", 1);
        let end = rebase(&patch, &source(&before), &source(&now));
        assert!(end.is_err(), "{end:?}");
    }
}
