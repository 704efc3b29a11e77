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
