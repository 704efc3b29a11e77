//! Whether a mistake can be seen in the learner's source, and on which line.
//!
//! A mistake's head has `Evidence: [in SCOPE:] PATTERN`, which the source must match, and `Lacks: [in SCOPE:] PATTERN`,
//! which it must not. All of them must hold. SCOPE is `secret` or `BearerToken::from_request_parts`, a function with its
//! attributes, signature and body; or `struct Login`, which means an enum as well.
//!
//! A PATTERN is Rust, compared token by token:
//!
//! | in a pattern | matches |
//! |---|---|
//! | `$_` | one token, but no bracket |
//! | `$$` | any tokens, or none; never half a pair of brackets |
//! | `$(a \| b c \|)` | `a`, or `b c`, or nothing |
//! | `"$$/token"` | a string that ends so |
//!
//! A closure's bars would part a choice: `$(map_err(|_| X) | y)` has them within brackets, where they do not.

use std::path::PathBuf;

use crate::{
    course::source::Source,
    tutor::{
        constants,
        pattern::Pattern,
        scope::{Item, Scope},
        tokens::{self, Token},
    },
};

/// What must be seen of a mistake, and what must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    clues: Vec<Clue>,
}

/// Where it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Relative to the package's folder: `src/main.rs`.
    pub file: PathBuf,
    /// From 1.
    pub line: u32,
}

/// The source files of a program as tokens.
pub struct Program {
    files: Vec<(PathBuf, Vec<Token>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Clue {
    /// Whether the source must match, or must not.
    wanted: bool,
    scope: Option<Scope>,
    pattern: Pattern,
}

impl Program {
    /// Reads these files: each as it is, and if it has constants, with these written out as well.
    pub fn read(sources: &[Source]) -> Self {
        let mut files = Vec::new();
        for source in sources {
            let tokens = tokens::read(&source.text);
            let written_out = constants::written_out(&tokens);
            files.extend(
                [Some(tokens), written_out]
                    .into_iter()
                    .flatten()
                    .map(|tokens| (source.path.clone(), tokens)),
            );
        }
        Self { files }
    }
}

impl Evidence {
    /// Reads the lines of a head, each `Evidence` or `Lacks` with its text; none if there is no such line.
    pub fn parse<'t>(
        lines: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<Option<Self>, String> {
        let clues = lines
            .map(|(key, text)| {
                Clue::parse(key == "Evidence", text)
                    .map_err(|why| format!("`{key}: {text}`: {why}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if !clues.is_empty() && !clues.iter().any(Clue::has_a_line) {
            return Err(
                "`Lacks:` points to no line: say `in FUNCTION:`, or add `Evidence:`".to_owned()
            );
        }
        Ok((!clues.is_empty()).then_some(Self { clues }))
    }

    /// Where the program shows the mistake, if it does: the first line of what `Evidence` matches, or else of the
    /// function that lacks something.
    pub fn find(&self, program: &Program) -> Option<Place> {
        let (mut matched, mut lacking) = (Vec::new(), Vec::new());
        for clue in &self.clues {
            let looked = clue.look(program);
            match (clue.wanted, &clue.scope) {
                (true, _) => matched.push(looked.found?),
                (false, _) if looked.found.is_some() => return None,
                (false, Some(_)) => lacking.push(looked.at?),
                (false, None) => {}
            }
        }
        matched.into_iter().chain(lacking).next()
    }

    /// How many tokens are given in words: more say more.
    pub fn weight(&self) -> usize {
        self.clues.iter().map(|clue| clue.pattern.weight()).sum()
    }
}

impl Clue {
    fn parse(wanted: bool, text: &str) -> Result<Self, String> {
        let (scope, text) = match text.strip_prefix("in ").and_then(|text| text.split_once(": ")) {
            Some((scope, text)) => (Some(Scope::parse(scope)?), text),
            None => (None, text),
        };
        Ok(Self { wanted, scope, pattern: Pattern::parse(text)? })
    }

    fn has_a_line(&self) -> bool {
        self.wanted || self.scope.is_some()
    }

    fn look(&self, program: &Program) -> Looked {
        let mut at = None;
        for (file, tokens) in &program.files {
            let place = |index: usize| {
                tokens.get(index).map(|token| Place { file: file.clone(), line: token.line })
            };
            for item in self.items(tokens) {
                let begins = self.pattern.find(&tokens[item.all.clone()]);
                at = at.or_else(|| place(item.keyword));
                if let Some(begins) = begins {
                    return Looked { found: place(item.all.start + begins), at };
                }
            }
        }
        Looked { found: None, at }
    }

    /// What is looked at of a file: all of it, or what the scope names.
    fn items(&self, tokens: &[Token]) -> Vec<Item> {
        match &self.scope {
            Some(scope) => scope.find(tokens),
            None => vec![Item { keyword: 0, all: 0..tokens.len() }],
        }
    }
}

/// Where the pattern begins, if it matches; and where was looked first.
struct Looked {
    found: Option<Place>,
    at: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(files: &[(&str, &str)]) -> Program {
        let source = |(path, text): &(&str, &str)| Source {
            path: PathBuf::from(path),
            text: (*text).to_owned(),
        };
        Program::read(&files.iter().map(source).collect::<Vec<_>>())
    }

    fn evidence(lines: &[&str]) -> Result<Evidence, String> {
        let pairs = lines.iter().filter_map(|line| line.split_once(": "));
        Evidence::parse(pairs).map(|found| found.expect("a clue"))
    }

    #[track_caller]
    fn line(lines: &[&str], source: &str) -> Option<u32> {
        let found = evidence(lines).unwrap_or_else(|why| panic!("{why}"));
        found.find(&program(&[("src/main.rs", source)])).map(|place| place.line)
    }

    const SOURCE: &str = "\
use axum::Json;

#[utoipa::path(get, path = \"/items\")]
pub(crate) async fn items(n: [u8; 2]) -> Json<Vec<Item>> {
    // let token = secret;
    Json(vec![Item { id: 1 }])
}

#[derive(Debug, Clone)]
struct Login {
    password: String,
}

impl Read for Login {
    fn read(&self) -> bool {
        self.password == \"wonderland\" || self.ask(&[1, 2], |x| x + 1)
    }
}

impl Read for Other {
    fn read(&self) -> bool { false }
}
";

    #[test]
    fn what_is_written_otherwise_is_the_same() {
        assert_eq!(line(&["Evidence: Json ( vec! [ Item { id : 1 , } ] )"], SOURCE), Some(6));
        assert_eq!(line(&["Evidence: let token = secret"], SOURCE), None, "a comment");
        assert_eq!(line(&["Evidence: use axum::Json;"], &SOURCE.replace('\n', "\r\n")), Some(1));
    }

    #[test]
    fn a_scope_is_an_item_with_its_attributes() {
        assert_eq!(line(&["Evidence: in items: path = \"/items\""], SOURCE), Some(3));
        assert_eq!(line(&["Evidence: in items: Clone"], SOURCE), None);
        assert_eq!(line(&["Evidence: in struct Login: Clone"], SOURCE), Some(9));
        assert_eq!(line(&["Evidence: in struct Login: impl"], SOURCE), None);
        assert_eq!(line(&["Evidence: in read: false"], SOURCE), Some(21));
        assert_eq!(line(&["Evidence: in Login::read: false"], SOURCE), None);
        assert_eq!(line(&["Evidence: in Login::read: self.password"], SOURCE), Some(16));
    }

    #[test]
    fn an_item_may_have_another_name() {
        let handler = "#[utoipa::path(get, path = \"/items/secret\")]\nasync fn hush() { open() }";
        assert_eq!(line(&["Evidence: in secret: open()"], handler), Some(2));
        assert_eq!(line(&["Evidence: in token: open()"], handler), None, "it has another path");
        let route = "fn app() { x.route(\"/items/secret\", get(hush)) }\nfn hush() { open() }";
        assert_eq!(line(&["Evidence: in secret: open()"], route), Some(2));
        let guard = "impl FromRequestParts for Pass {\nfn from_request_parts() { open() } }";
        assert_eq!(line(&["Evidence: in BearerToken::from_request_parts: open()"], guard), Some(2));
        let both = format!("impl BearerToken {{}} {guard}");
        assert_eq!(line(&["Evidence: in BearerToken::from_request_parts: open()"], &both), None);
    }

    #[test]
    fn a_constant_may_stand_for_a_literal() {
        let source = "const SCHEME: &str = \"Bearer \";\nfn f() { x.strip_prefix(SCHEME) }";
        assert_eq!(line(&["Evidence: strip_prefix(\"Bearer \")"], source), Some(2));
        assert_eq!(line(&["Evidence: strip_prefix(SCHEME)"], source), Some(2));
    }

    #[test]
    fn a_gap_never_leaves_its_brackets() {
        assert_eq!(line(&["Evidence: self.ask($$)"], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: ask($$, |$_| $$ 1)"], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: ask(1"], SOURCE), None, "brackets are not skipped");
        assert_eq!(
            line(&["Evidence: Json($$) }"], SOURCE),
            Some(6),
            "and then the end of the function"
        );
        assert_eq!(line(&["Evidence: Item { $$ fn"], SOURCE), None);
        assert_eq!(line(&["Evidence: $_.password $_ \"wonder$$\""], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: \"$$land\""], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: \"$$other$$\""], SOURCE), None);
    }

    #[test]
    fn one_of_several_is_enough() {
        assert_eq!(line(&["Evidence: self.password $(!= | ==) $_"], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: self.$(token | ask(&[1, 2], $$))"], SOURCE), Some(16));
        assert_eq!(line(&["Evidence: pub$((crate) |) async"], SOURCE), Some(4));
        assert_eq!(line(&["Evidence: self.$(token | name)"], SOURCE), None);
    }

    #[test]
    fn what_lacks_is_told_by_its_function() {
        assert_eq!(line(&["Lacks: in items: BearerToken"], SOURCE), Some(4));
        assert_eq!(line(&["Lacks: in items: Json"], SOURCE), None);
        assert_eq!(line(&["Lacks: in nowhere: Json"], SOURCE), None, "there is no such function");
        assert_eq!(line(&["Lacks: in read: false"], SOURCE), None, "one of them has it");
        assert_eq!(
            line(&["Lacks: in items: BearerToken", "Evidence: password: String"], SOURCE),
            Some(11)
        );
        assert_eq!(line(&["Evidence: password: String", "Lacks: argon2"], SOURCE), Some(11));
        assert_eq!(line(&["Evidence: password: String", "Lacks: wonder"], SOURCE), Some(11));
        assert_eq!(line(&["Evidence: password: String", "Lacks: \"wonder$$\""], SOURCE), None);
    }

    #[test]
    fn all_files_are_read() {
        let files =
            program(&[("src/main.rs", "mod guard;"), ("src/guard.rs", "\nfn guard() { open() }")]);
        let found = evidence(&["Evidence: in guard: open()"]).expect("evidence").find(&files);
        assert_eq!(found, Some(Place { file: PathBuf::from("src/guard.rs"), line: 2 }));
        assert_eq!(
            evidence(&["Evidence: mod guard", "Lacks: open"]).expect("evidence").find(&files),
            None
        );
    }

    #[test]
    fn a_pattern_that_means_nothing_is_refused() {
        for wrong in [
            "Evidence: $$ x",
            "Evidence: x $$",
            "Evidence: ",
            "Evidence: $x",
            "Evidence: in a b: x",
            "Lacks: x",
        ] {
            assert!(evidence(&[wrong]).is_err(), "{wrong}");
        }
        assert_eq!(Evidence::parse(std::iter::empty()), Ok(None));
    }

    #[test]
    fn half_written_code_is_read_as_far_as_it_goes() {
        assert_eq!(line(&["Evidence: in app: route"], "fn app( {\n  route(\"/"), Some(2));
        assert_eq!(line(&["Evidence: in app: x"], "fn app"), None);
    }
}
