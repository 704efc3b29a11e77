//! On Windows git is often told to write CR LF; what is compared letter by letter has no such line even then.

use std::{fs, path::Path};

use xtask::files;

use crate::{
    git::git,
    support::checkout::{bytes, remove, repository},
};

#[test]
fn a_clone_with_autocrlf_has_the_same_line_ends() {
    let clone = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a clone with autocrlf");
    remove(&clone);
    let from = repository();
    let (source, target) = (from.display().to_string(), clone.display().to_string());
    git(&from, &["clone", "--quiet", "--config", "core.autocrlf=true", &source, &target]);
    let has_cr_lf = |path: &Path| bytes(path).windows(2).any(|pair| pair == b"\r\n");
    let mut compared = 0;
    for folder in ["book", "solutions", "steps", "xtask"] {
        for path in files::below(&clone.join(folder)).expect("it is a clone") {
            let here = from.join(path.strip_prefix(&clone).expect("it is below"));
            if here.is_file() {
                assert_eq!(has_cr_lf(&path), has_cr_lf(&here), "{}", path.display());
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "only {compared} files are in it");
    fs::remove_dir_all(&clone).expect("nothing holds it");
}
