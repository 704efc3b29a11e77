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

use std::{ops::Range, path::PathBuf};

use crate::{
    course::source::Source,
    tutor::tokens::{self, Token, closing},
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
    pattern: Vec<Part>,
}

/// A part of a file: an item of this kind and name, perhaps in the `impl` of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    keywords: &'static [&'static str],
    of: Option<String>,
    name: String,
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Token(String),
    AnyToken,
    AnyTokens,
    OneOf(Vec<Vec<Part>>),
}

impl Program {
    /// Reads these files.
    pub fn read(sources: &[Source]) -> Self {
        let each = |source: &Source| (source.path.clone(), tokens::read(&source.text));
        Self { files: sources.iter().map(each).collect() }
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
        self.clues.iter().map(|clue| weight(&clue.pattern)).sum()
    }
}

impl Clue {
    fn parse(wanted: bool, text: &str) -> Result<Self, String> {
        let (scope, text) = match text.strip_prefix("in ").and_then(|text| text.split_once(": ")) {
            Some((scope, text)) => (Some(Scope::parse(scope)?), text),
            None => (None, text),
        };
        let tokens = tokens::read(text);
        let pattern = parts(&tokens)?;
        let is_open = |part: Option<&Part>| part.is_none_or(|part| *part == Part::AnyTokens);
        if is_open(pattern.first()) || is_open(pattern.last()) {
            return Err("a pattern begins and ends with a token".to_owned());
        }
        Ok(Self { wanted, scope, pattern })
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
                let inside = &tokens[item.all.clone()];
                let begins = (0..inside.len()).find(|at| matches(&self.pattern, &inside[*at..]));
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

/// A part of a file.
struct Item {
    /// The token that says what it is: `fn`, `struct`.
    keyword: usize,
    /// From its first attribute to its end.
    all: Range<usize>,
}

impl Scope {
    fn parse(text: &str) -> Result<Self, String> {
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
        };
        let (keywords, of, name): (&'static [&'static str], _, _) =
            match (text.strip_prefix("struct "), text.split_once("::")) {
                (Some(name), _) => (&["struct", "enum"], None, name),
                (None, Some((of, name))) => (&["fn"], Some(of), name),
                (None, None) => (&["fn"], None, text),
            };
        if !is_name(name) || of.is_some_and(|of| !is_name(of)) {
            return Err(format!("`{text}` is no function, method or struct"));
        }
        Ok(Self { keywords, of: of.map(str::to_owned), name: name.to_owned() })
    }

    /// The items of this name.
    fn find(&self, tokens: &[Token]) -> Vec<Item> {
        let impls = self.of.as_ref().map(|of| impls(tokens, of));
        let is_inside = |at: usize| {
            impls.as_ref().is_none_or(|impls| impls.iter().any(|body| body.contains(&at)))
        };
        let is_named = |at: &usize| {
            self.keywords.contains(&tokens[*at].text.as_str())
                && tokens.get(at + 1).is_some_and(|name| name.text == self.name)
                && is_inside(*at)
        };
        let item = |at| Item { keyword: at, all: beginning(tokens, at)..end(tokens, at) + 1 };
        (0..tokens.len()).filter(is_named).map(item).collect()
    }
}

/// The bodies of `impl … for TYPE { … }` and `impl TYPE { … }`.
fn impls(tokens: &[Token], of: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at].text == "impl") {
        let Some(open) = (at..tokens.len()).find(|index| tokens[*index].text == "{") else {
            continue;
        };
        let head = &tokens[at + 1..open];
        let of_trait = head.iter().position(|token| token.text == "for");
        let mut names = head[of_trait.map_or(0, |at| at + 1)..].iter();
        if names.any(|token| token.text == of) {
            found.push(open..closing(tokens, open) + 1);
        }
    }
    found
}

/// The first token of the item whose keyword is at `at`: its attributes, `pub(crate)`, `async` belong to it.
fn beginning(tokens: &[Token], mut at: usize) -> usize {
    loop {
        let text = |back: usize| at.checked_sub(back).map(|index| tokens[index].text.as_str());
        at = match text(1) {
            Some("async" | "const" | "pub" | "unsafe") => at - 1,
            Some(")") if text(4) == Some("pub") => at - 4,
            Some("]") => {
                let opens =
                    |open: &usize| tokens[*open].text == "[" && closing(tokens, *open) == at - 1;
                match (1..at).rev().find(opens) {
                    Some(open) if tokens[open - 1].text == "#" => open - 1,
                    _ => return at,
                }
            }
            _ => return at,
        };
    }
}

/// The last token of the item whose keyword is at `at`: the end of its braces, or `;`.
fn end(tokens: &[Token], mut at: usize) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => return closing(tokens, at),
            ";" => return at,
            "(" | "[" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    tokens.len().saturating_sub(1)
}

fn parts(tokens: &[Token]) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).map(|token| token.text.as_str());
        let (part, length) = match (token.text.as_str(), next) {
            ("$$", _) => (Part::AnyTokens, 1),
            ("$", Some("_")) => (Part::AnyToken, 2),
            ("$", Some("(")) => {
                let close = closing(tokens, at + 1);
                (Part::OneOf(choices(&tokens[at + 2..close])?), close + 1 - at)
            }
            ("$", _) => return Err("after `$` comes `$`, `_` or `(`".to_owned()),
            (text, _) => (Part::Token(text.to_owned()), 1),
        };
        parts.push(part);
        at += length;
    }
    Ok(parts)
}

/// What is between the bars of `$(a | b c)`.
fn choices(tokens: &[Token]) -> Result<Vec<Vec<Part>>, String> {
    let mut choices = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "|" => {
                choices.push(parts(&tokens[from..at])?);
                at += 1;
                from = at;
            }
            "(" | "[" | "{" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    choices.push(parts(&tokens[from..])?);
    Ok(choices)
}

/// Whether these tokens begin so.
fn matches(pattern: &[Part], tokens: &[Token]) -> bool {
    let Some((part, rest)) = pattern.split_first() else { return true };
    match (part, tokens.split_first()) {
        (Part::Token(wanted), Some((token, others))) => {
            is_like(wanted, &token.text) && matches(rest, others)
        }
        (Part::AnyToken, Some((token, others))) => {
            !is_bracket(&token.text) && matches(rest, others)
        }
        (Part::OneOf(choices), _) => {
            choices.iter().any(|choice| matches(&[choice.as_slice(), rest].concat(), tokens))
        }
        (Part::AnyTokens, first) => {
            matches(rest, tokens)
                || first.is_some_and(|(token, _)| {
                    let skipped = match token.text.as_str() {
                        ")" | "]" | "}" => return false,
                        "(" | "[" | "{" => closing(tokens, 0) + 1,
                        _ => 1,
                    };
                    matches(pattern, &tokens[skipped..])
                })
        }
        (_, None) => false,
    }
}

fn is_bracket(text: &str) -> bool {
    ["(", ")", "[", "]", "{", "}"].contains(&text)
}

/// Whether a token is as wanted; `$$` within a wanted string stands for any text.
fn is_like(wanted: &str, text: &str) -> bool {
    if !wanted.starts_with('"') || !wanted.contains("$$") {
        return wanted == text;
    }
    let mut pieces = wanted.split("$$");
    let Some(mut left) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return left.ends_with(piece);
        }
        let Some(at) = left.find(piece) else { return false };
        left = &left[at + piece.len()..];
    }
    left.is_empty()
}

fn weight(pattern: &[Part]) -> usize {
    let each = |part: &Part| match part {
        Part::Token(_) => 1,
        Part::AnyToken | Part::AnyTokens => 0,
        Part::OneOf(choices) => choices.iter().map(|choice| weight(choice)).min().unwrap_or(0),
    };
    pattern.iter().map(each).sum()
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
