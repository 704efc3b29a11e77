//! Unified diffs on a solution: the holes of a step, and the mistakes of the bank.
//!
//! Where `solutions/NN-slug/holes/*.patch` exist, the starter is the solution with these unified
//! diffs applied in the order of their names. A patch names the file as git does:
//!
//! ```text
//! --- a/src/main.rs
//! +++ b/src/main.rs
//! ```

use std::path::Path;

use diffy::Patch;

use crate::{course::source::Source, files, trouble::Trouble};

/// Whether the step is one that learners repair instead of write.
pub fn has_holes(solution: &Path) -> bool {
    solution.join("holes").is_dir()
}

/// Applies the patches in `solution`'s folder `holes` to what its starter would be without them.
pub fn open_holes(solution: &Path, sources: &mut [Source]) -> Result<(), Trouble> {
    for path in files::below(&solution.join("holes"))? {
        if path.extension().is_some_and(|extension| extension == "patch") {
            apply(&files::read(&path)?, sources).map_err(|why| {
                Trouble::Environment(format!(
                    "{} cannot be applied: {why}. It has to fit the solution without its marker \
                     lines, after the patches whose names come before: fix it, or make it again \
                     with `diff -u`.",
                    path.display()
                ))
            })?;
        }
    }
    Ok(())
}

/// Applies one patch, words before its diff included.
pub fn apply(patch: &str, sources: &mut [Source]) -> Result<(), String> {
    // Git may have written line ends as Windows likes them.
    let patch = patch.replace("\r\n", "\n");
    let patch = Patch::from_str(&patch).map_err(|error| format!("it is no patch ({error})"))?;
    let (Some(old), Some(new)) = (patch.original(), patch.modified()) else {
        return Err("it names no file".to_owned());
    };
    let named = |source: &Source| {
        let name = source.path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>();
        let name = name.join("/");
        old == format!("a/{name}") && new == format!("b/{name}")
    };
    let Some(source) = sources.iter_mut().find(|source| named(source)) else {
        return Err(format!("it changes `{old}` to `{new}`, and there is no such source"));
    };
    let patched = diffy::apply(&source.text, &patch).map_err(|error| error.to_string())?;
    if patched == source.text {
        return Err("it changes nothing".to_owned());
    }
    source.text = patched;
    Ok(())
}

/// A merge of three texts: the original, ours, theirs. What it cannot merge has marks around the lines in conflict.
pub type Merge = fn(&str, &str, &str) -> Result<String, String>;

/// The change of a patch, which was made for earlier code, in later code. A reason why not has the lines in conflict.
pub fn carry(
    patch: &str,
    earlier: &[Source],
    later: &[Source],
    merge: Merge,
) -> Result<Vec<Source>, String> {
    let mut changed = earlier.to_vec();
    apply(patch, &mut changed)?;
    join(earlier, later, &changed, merge)
}

/// Ours with what theirs changes in the original.
pub fn join(
    original: &[Source],
    ours: &[Source],
    theirs: &[Source],
    merge: Merge,
) -> Result<Vec<Source>, String> {
    let mut joined = ours.to_vec();
    for (original, theirs) in original.iter().zip(theirs).filter(|(one, other)| one != other) {
        let place = original.path.display();
        let ours = joined.iter_mut().find(|source| source.path == original.path);
        let ours = ours.ok_or_else(|| format!("there is no {place} any more"))?;
        let text = merge(&original.text, &ours.text, &theirs.text)
            .map_err(|text| format!("lines are in conflict:\n{}", conflicts(&text)))?;
        if text == ours.text {
            return Err(format!("its change is in {place} already"));
        }
        ours.text = text;
    }
    Ok(joined)
}

/// The lines from each `<<<<<<<` to its `>>>>>>>`.
fn conflicts(text: &str) -> String {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        inside |= line.starts_with("<<<<<<<");
        if inside {
            lines.push(line);
        }
        inside &= !line.starts_with(">>>>>>>");
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const PATCH: &str = "\
--- a/src/main.rs
+++ b/src/main.rs
@@ -1,3 +1,3 @@
 fn door() {
-    lock();
+    close();
 }
";

    fn patched(patch: &str) -> Result<String, String> {
        let text = "fn door() {\n    lock();\n}\n".to_owned();
        let mut sources = [Source { path: PathBuf::from("src").join("main.rs"), text }];
        apply(patch, &mut sources)?;
        let [source] = sources;
        Ok(source.text)
    }

    fn carried(later: &str) -> Result<String, String> {
        let source = |text: &str| {
            [Source { path: PathBuf::from("src").join("main.rs"), text: text.to_owned() }]
        };
        let earlier = source("fn door() {\n    lock();\n}\n");
        carry(PATCH, &earlier, &source(later), diffy::merge).map(|sources| sources[0].text.clone())
    }

    #[test]
    fn a_change_is_carried_into_later_code() {
        let later = "fn door() {\n    lock();\n}\n\nfn window() {}\n";
        assert_eq!(carried(later), Ok(later.replace("lock", "close")));
    }

    #[test]
    fn lines_that_both_have_changed_are_told() {
        let why = carried("fn door() {\n    bolt();\n}\n").expect_err("both have changed a line");
        let lines = ["    bolt();", "    lock();", "    close();"];
        let mut rest = why.as_str();
        for line in lines {
            rest = rest.split_once(line).unwrap_or_else(|| panic!("no {line} in {why}")).1;
        }
        assert!(!why.contains("fn door"), "{why}");
        let why = carried("fn door() {\n    close();\n}\n").expect_err("it is there already");
        assert!(why.contains("already"), "{why}");
    }

    #[test]
    fn a_hole_is_what_the_patch_says() {
        let hole = Ok("fn door() {\n    close();\n}\n".to_owned());
        assert_eq!(patched(PATCH), hole);
        assert_eq!(patched(&PATCH.replace('\n', "\r\n")), hole);
        assert_eq!(patched(&format!("Why it looks harmless.\n\n{PATCH}")), hole);
    }

    #[test]
    fn a_patch_for_other_code_is_told() {
        let why = patched(&PATCH.replace("lock", "bolt")).expect_err("there is no bolt");
        assert!(why.contains("#1"), "{why}");
    }

    #[test]
    fn a_patch_that_does_nothing_is_told() {
        for nothing in ["", "Only words.\n", "--- a/src/main.rs\n+++ b/src/main.rs\n"] {
            assert!(patched(nothing).is_err(), "{nothing:?}");
        }
        let same = PATCH.replace("close", "lock");
        assert_eq!(patched(&same), Err("it changes nothing".to_owned()));
    }

    #[test]
    fn a_patch_for_another_file_is_told() {
        let why = patched(&PATCH.replace("main.rs", "lib.rs")).expect_err("there is no lib.rs");
        assert!(why.contains("a/src/lib.rs"), "{why}");
        let second = PATCH.replace("main.rs", "lib.rs");
        assert!(patched(&format!("{PATCH}{second}")).is_err());
    }

    #[test]
    fn a_patch_that_is_cut_short_is_told() {
        let (half, _) = PATCH.split_once("+    ").expect("it inserts a line");
        assert!(patched(half).is_err());
    }
}
