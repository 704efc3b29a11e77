//! Whether a mistake can be seen in the learner's source, and on which line.
//!
//! A mistake's head has `Evidence: [in SCOPE:] PATTERN`, which the source must match, and `Lacks: [in SCOPE:] PATTERN`,
//! which it must not. All of them must hold. SCOPE is `secret` or `BearerToken::from_request_parts`, a function with its
//! attributes, signature and body, or of a handler or a guard these and the functions that it calls; or `struct Login`,
//! which means an enum as well.
//!
//! A PATTERN is Rust, compared token by token:
//!
//! | in a pattern | matches |
//! |---|---|
//! | `$_` | one token, but no bracket |
//! | `$$` | any tokens, or none; never half a pair of brackets |
//! | `$!fn` | one token, a bracket too, but not `fn` |
//! | `$(a \| b c \|)` | `a`, or `b c`, or nothing |
//! | `"$$/token"` | a string that ends so |
//!
//! A closure's bars would part a choice: `$(map_err(|_| X) | y)` has them within brackets, where they do not.

use std::{collections::HashSet, path::PathBuf};

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
    /// Every token of all files, as text.
    words: HashSet<String>,
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
        let words = files.iter().flat_map(|(_, tokens)| tokens).map(|token| token.text.clone());
        Self { words: words.collect(), files }
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
        let lacks_words = |clue: &Clue| clue.wanted && !clue.pattern.is_made_of(&program.words);
        if self.clues.iter().any(lacks_words) {
            return None;
        }
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
mod tests;
