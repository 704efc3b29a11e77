//! Words that prose does without, each with its replacement: `xtask/maintain/banned-words.toml` lists them.
//!
//! `typos` corrects single words. Here a phrase may have several and go over the end of a line, and the names of
//! checks are left alone: a learner's progress and other people's notes refer to them.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use xtask::{
    course::{Course, Whose},
    files,
    trouble::Trouble,
};

use crate::parts::Ended;

/// What any code between backticks counts as.
const CODE: &str = "`…`";

/// Prose that readers see, besides the book, the steps' hints and the heads of mistakes.
const DOCUMENTS: [&str; 4] =
    ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "xtask/peers/fastapi/departures.toml"];

#[derive(Deserialize)]
struct File {
    banned: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    words: Vec<String>,
    instead: String,
}

struct Banned {
    phrase: Vec<String>,
    instead: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Found<'b> {
    line: usize,
    phrase: String,
    instead: &'b str,
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: \"{}\": write \"{}\" or the like", self.line, self.phrase, self.instead)
    }
}

/// How a file holds its prose.
#[derive(Clone, Copy)]
enum Kind {
    Markdown,
    /// Markdown whose `##` headings are names of checks.
    Hints,
    /// A patch: the `Says:` and `Why:` above its diff.
    Head,
    /// Rust: its doc comments.
    Rust,
}

/// Finds each banned word in the checkout's prose, with its file, its line and what to write instead.
pub(crate) fn check(course: &Course) -> Result<Ended, Trouble> {
    let path = course.root.join("xtask").join("maintain").join("banned-words.toml");
    let banned = parse(&files::read(&path)?).map_err(|error| Trouble::ours(&path, error))?;
    let names = names_of_checks(course)?;
    let mut problems = Vec::new();
    for (path, kind) in prose(course)? {
        let text = files::read(&path)?;
        let path = path.strip_prefix(&course.root).unwrap_or(&path).display();
        let found = find(&banned, &names, kind, &text);
        problems.extend(found.into_iter().map(|found| format!("{path}:{found}")));
    }
    Ok(Ended::from_problems(problems))
}

fn parse(text: &str) -> Result<Vec<Banned>, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let of_entry = |Entry { words, instead }| {
        words.into_iter().map(move |phrase: String| Banned {
            phrase: phrase.split(' ').map(str::to_owned).collect(),
            instead: String::clone(&instead),
        })
    };
    Ok(file.banned.into_iter().flat_map(of_entry).collect())
}

/// The names of all checks, in lower case and in words, the longest first.
fn names_of_checks(course: &Course) -> Result<Vec<String>, Trouble> {
    let mut names = BTreeSet::new();
    for step in &course.steps {
        names.extend(step.checks()?.iter().map(|check| check.words().to_lowercase()));
    }
    let mut names = Vec::from_iter(names);
    names.sort_by_key(|name| Reverse(name.len()));
    Ok(names)
}

fn prose(course: &Course) -> Result<Vec<(PathBuf, Kind)>, Trouble> {
    let root = &course.root;
    let mut found: Vec<_> =
        DOCUMENTS.iter().map(|name| (root.join(name), Kind::Markdown)).collect();
    for page in files::below(&root.join("book").join("src"))? {
        if has_extension(&page, "md") {
            found.push((page, Kind::Markdown));
        }
    }
    for step in &course.steps {
        found.push((step.folder(Whose::Learner).join("hints.md"), Kind::Hints));
        let mistakes = step.folder(Whose::Reference).join("mistakes");
        if mistakes.is_dir() {
            let patches = files::in_folder(&mistakes)?;
            let patches = patches.into_iter().filter(|path| has_extension(path, "patch"));
            found.extend(patches.map(|path| (path, Kind::Head)));
        }
    }
    for folder in ["steps", "xtask"] {
        let sources = files::below(&root.join(folder))?.into_iter();
        let sources = sources.filter(|path| has_extension(path, "rs"));
        found.extend(sources.map(|path| (path, Kind::Rust)));
    }
    Ok(found)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|its| its == extension)
}

/// The banned words of a text, in its order.
fn find<'b>(banned: &'b [Banned], names: &[String], kind: Kind, text: &str) -> Vec<Found<'b>> {
    let words = words(&without_names(&lines_of_prose(kind, text), names));
    let mut found = Vec::new();
    for (at, first) in words.iter().enumerate() {
        for Banned { phrase, instead } in banned {
            let here = words[at..].iter().take(phrase.len());
            let follows = |index: usize, word: &Word| index == 0 || word.follows;
            let same = here.clone().map(|word| &word.text).eq(phrase)
                && here.enumerate().all(|(index, word)| follows(index, word));
            if same {
                found.push(Found { line: first.line, phrase: phrase.join(" "), instead });
            }
        }
    }
    found
}

/// The text line by line, in lower case, with nothing in the lines that are not prose.
fn lines_of_prose(kind: Kind, text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut of_head = false;
    let mut in_head = true;
    let mut prose = Vec::new();
    for line in text.lines() {
        let line = match kind {
            Kind::Hints if line.starts_with('#') => "",
            Kind::Markdown | Kind::Hints => line,
            Kind::Head => {
                in_head &= !line.starts_with("--- ");
                if !line.starts_with("  ") {
                    of_head = line.starts_with("Says: ") || line.starts_with("Why: ");
                }
                if in_head && of_head { line } else { "" }
            }
            Kind::Rust => {
                let comment = line.trim_start();
                let comment = comment.strip_prefix("//!").or_else(|| comment.strip_prefix("///"));
                comment.unwrap_or_default()
            }
        };
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        let shown =
            if in_code || fence || line.trim_start().starts_with("{{#") { "" } else { line };
        prose.push(shown.to_lowercase());
    }
    prose
}

/// The lines with code, the targets of links and the names of checks replaced.
fn without_names(lines: &[String], names: &[String]) -> String {
    let mut text = String::new();
    for (index, part) in lines.join("\n").split('`').enumerate() {
        if index % 2 == 0 {
            text += part;
        } else {
            text += CODE;
            text.extend(part.matches('\n'));
        }
    }
    let mut without_targets = String::new();
    for (index, part) in text.split("](").enumerate() {
        let label =
            if index == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) };
        without_targets += label;
        without_targets.push(']');
    }
    for name in names {
        without_targets = without_targets.replace(name.as_str(), "·");
    }
    without_targets
}

struct Word {
    line: usize,
    text: String,
    /// Only white space is between it and the word before.
    follows: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut follows = true;
        for piece in line.split_whitespace() {
            let is_word = |c: char| c.is_alphanumeric() || "_-'`…".contains(c);
            let bare = piece.trim_matches(|c| !is_word(c));
            let clean_start = piece.starts_with(bare);
            words.push(Word {
                line: index + 1,
                text: bare.to_owned(),
                follows: follows && clean_start,
            });
            follows = piece.ends_with(bare);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../banned-words.toml");

    fn found(kind: Kind, names: &[&str], text: &str) -> Vec<String> {
        let banned = parse(LIST).expect("the list can be read");
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        find(&banned, &names, kind, text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_word_of_the_list_is_found_where_it_is_planted() {
        for Banned { phrase, instead } in parse(LIST).expect("the list can be read") {
            let phrase = phrase.join(" ");
            let planted =
                format!("A line.\n\nAnd then {phrase}, as\nit is.\n").replace('…', "HTTP");
            let expected = format!("3: \"{phrase}\": write \"{instead}\" or the like");
            assert!(found(Kind::Markdown, &[], &planted).contains(&expected), "{phrase}");
        }
    }

    #[test]
    fn a_phrase_goes_over_the_end_of_a_line() {
        let said = "1: \"another one\": write \"a different one\" or the like";
        assert_eq!(found(Kind::Markdown, &[], "Take *another\none*.\n"), [said]);
        assert_eq!(found(Kind::Rust, &[], "/// Take another\n/// one.\nfn another() {}\n"), [said]);
    }

    #[test]
    fn code_names_and_addresses_are_left_alone() {
        let text = "A `blank`, [a link](blank.md), *takes the token as it came*.\n\
            ```text\nblank\n```\n{{#failures no-blank blank}}\n";
        assert_eq!(found(Kind::Markdown, &["takes the token as it came"], text), [""; 0]);
        assert_eq!(found(Kind::Rust, &[], "let blank = 1; // blank\n"), [""; 0]);
        assert_eq!(found(Kind::Hints, &[], "## Takes the token as it came\n"), [""; 0]);
    }

    #[test]
    fn words_that_punctuation_parts_are_no_phrase() {
        assert_eq!(found(Kind::Markdown, &[], "One is in another. One is not.\n"), [""; 0]);
    }

    #[test]
    fn a_head_is_read_and_its_diff_is_not() {
        let patch = "Check: x_blank\nSays: You split at a\n  blank.\nEvidence: in f: blank\n\n--- a/x\n+blank\n";
        assert_eq!(found(Kind::Head, &[], patch), ["3: \"blank\": write \"space\" or the like"]);
    }
}
