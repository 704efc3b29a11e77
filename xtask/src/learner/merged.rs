//! A learner's code merged with a newer starter: a function of three lists of files.

use std::{collections::BTreeSet, path::PathBuf};

use diffy::{ConflictStyle, MergeOptions};

use crate::course::source::Source;

/// The files of a step, their paths relative to its folder, and what is in them.
pub type Contents = Vec<(PathBuf, Vec<u8>)>;

/// The outcome of a merge.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The files; one in conflict has both sides, between marks.
    pub contents: Contents,
    /// The files in conflict, with the lines of the marks, from 1.
    pub conflicts: Vec<(PathBuf, Vec<usize>)>,
}

/// The marks around a conflict, as diffy writes them and as a learner reads them.
const MARKS: [(&str, &str); 2] =
    [("<<<<<<< ours", "<<<<<<< yours"), (">>>>>>> theirs", ">>>>>>> new in the starter")];

/// Takes over what differs between the old starter and the new one; all that the learner has changed stays.
pub fn merge(old: &[Source], ours: &Contents, new: &[Source]) -> Merged {
    let text = |sources: &[Source], path: &PathBuf| {
        let source = sources.iter().find(|source| source.path == *path);
        source.map(|source| source.text.clone())
    };
    let paths = old.iter().chain(new).map(|source| &source.path);
    let paths: BTreeSet<&PathBuf> = paths.chain(ours.iter().map(|(path, _)| path)).collect();
    let mut merged = Merged::default();
    for path in paths {
        let (old, new) = (text(old, path), text(new, path));
        let ours = ours.iter().find(|(name, _)| name == path).map(|(_, bytes)| bytes);
        let Some(ours) = ours else {
            // What the learner has deleted does not come back; what is new comes.
            let added = new.filter(|_| old.is_none());
            merged.contents.extend(added.map(|text| (path.clone(), text.into_bytes())));
            continue;
        };
        let (bytes, conflicts) = merge_file(old.as_deref(), ours, new.as_deref());
        merged.contents.extend(bytes.map(|bytes| (path.clone(), bytes)));
        if !conflicts.is_empty() {
            merged.conflicts.push((path.clone(), conflicts));
        }
    }
    merged
}

/// One file, if it remains, and the lines in conflict.
fn merge_file(old: Option<&str>, ours: &[u8], new: Option<&str>) -> (Option<Vec<u8>>, Vec<usize>) {
    let kept = || (Some(ours.to_owned()), Vec::new());
    if old == new {
        return kept();
    }
    let Ok(text) = std::str::from_utf8(ours) else {
        return (Some(ours.to_owned()), vec![1]);
    };
    // Windows' line ends are the learner's editor's, and no change.
    let in_lines = text.replace("\r\n", "\n");
    let with_ends = |merged: &str| {
        let merged =
            if in_lines == text { merged.to_owned() } else { merged.replace('\n', "\r\n") };
        Some(merged.into_bytes())
    };
    match (old, new) {
        (Some(old), _) if old == in_lines => (new.and_then(with_ends), Vec::new()),
        (_, None) => kept(),
        (old, Some(new)) => match by_lines(old.unwrap_or_default(), &in_lines, new) {
            Ok(merged) => (with_ends(&merged), Vec::new()),
            Err(marked) => {
                let (marked, conflicts) = for_a_learner(&marked);
                (with_ends(&marked), conflicts)
            }
        },
    }
}

/// A conflict has two sides: what both were made from is of no use to a learner.
fn by_lines(old: &str, ours: &str, new: &str) -> Result<String, String> {
    MergeOptions::new().set_conflict_style(ConflictStyle::Merge).merge(old, ours, new)
}

/// The text with our marks, and in which lines a conflict begins.
fn for_a_learner(marked: &str) -> (String, Vec<usize>) {
    let (mut text, mut conflicts) = (String::new(), Vec::new());
    for (number, line) in (1..).zip(marked.split_inclusive('\n')) {
        let mark = MARKS.iter().position(|(mark, _)| line.trim_end_matches('\n') == *mark);
        if mark == Some(0) {
            conflicts.push(number);
        }
        match mark.map(|mark| MARKS[mark]) {
            Some((mark, words)) => text.push_str(&line.replace(mark, words)),
            None => text.push_str(line),
        }
    }
    (text, conflicts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main_rs() -> PathBuf {
        PathBuf::from("src/main.rs")
    }

    fn sources(text: &str) -> Vec<Source> {
        vec![Source { path: main_rs(), text: text.to_owned() }]
    }

    #[track_caller]
    fn merged(old: &str, ours: &[u8], new: &str) -> (Vec<u8>, Vec<(PathBuf, Vec<usize>)>) {
        let merged = merge(&sources(old), &vec![(main_rs(), ours.to_owned())], &sources(new));
        let [(_, bytes)] = merged.contents.as_slice() else { panic!("{merged:?}") };
        (bytes.clone(), merged.conflicts)
    }

    #[test]
    fn both_changes_are_in_the_merge() {
        let old = "//! Old.\n\nfn a() {}\n\n// TODO 1: here.\nfn b() {}\n";
        let (new, ours) =
            (old.replace("Old", "New"), old.replace("// TODO 1: here.\n", "// mine\n"));
        let wanted = old.replace("Old", "New").replace("// TODO 1: here.\n", "// mine\n");
        assert_eq!(merged(old, ours.as_bytes(), &new), (wanted.clone().into_bytes(), Vec::new()));
        let on_windows = |text: &str| text.replace('\n', "\r\n").into_bytes();
        assert_eq!(merged(old, &on_windows(&ours), &new).0, on_windows(&wanted));
    }

    #[test]
    fn untouched_code_becomes_the_new_starter_and_an_unchanged_starter_changes_nothing() {
        assert_eq!(merged("a\n", b"a\n", "b\n"), (b"b\n".to_vec(), Vec::new()));
        assert_eq!(merged("a\n", b"mine\xff", "a\n"), (b"mine\xff".to_vec(), Vec::new()));
    }

    #[test]
    fn what_both_have_changed_is_in_conflict_and_nothing_of_it_is_lost() {
        let (bytes, conflicts) = merged("a\nb\n", b"a\nmine\n", "a\ntheirs\n");
        let text = String::from_utf8(bytes).expect("it is text");
        let marked = "<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> new in the starter\n";
        assert_eq!(text, format!("a\n{marked}"));
        assert_eq!(conflicts, [(main_rs(), vec![2])]);
        let (bytes, conflicts) = merged("a\n", b"\xff", "b\n");
        assert_eq!((bytes.as_slice(), conflicts), (b"\xff".as_slice(), vec![(main_rs(), vec![1])]));
    }

    #[test]
    fn files_come_and_go() {
        let other =
            |text: &str| Source { path: PathBuf::from("src/other.rs"), text: text.to_owned() };
        let ours = vec![(main_rs(), b"m".to_vec())];
        let with_other = [sources("m"), vec![other("o")]].concat();
        let added = merge(&sources("m"), &ours, &with_other);
        assert_eq!(added.contents.len(), 2);
        let deleted_by_the_learner = merge(&with_other, &ours, &with_other);
        assert_eq!(deleted_by_the_learner.contents, ours);
        let of_the_learner =
            vec![(main_rs(), b"m".to_vec()), (PathBuf::from("src/own.rs"), b"x".to_vec())];
        assert_eq!(merge(&sources("m"), &of_the_learner, &sources("m")).contents, of_the_learner);
        let both = [ours.clone(), vec![(PathBuf::from("src/other.rs"), b"o".to_vec())]].concat();
        assert_eq!(merge(&with_other, &both, &sources("m")).contents, ours, "no longer needed");
    }
}
