//! What tokens look like: `$_`, `$$`, `$!fn`, `$(a | b)`, and Rust as it is.

use std::collections::HashSet;

use crate::tutor::tokens::{self, Token, closing};

/// A list of tokens and of what stands for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Token(String),
    AnyToken,
    AnyTokens,
    /// One token, a bracket too, but not this one.
    AnyBut(String),
    OneOf(Vec<Vec<Part>>),
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts = parts(&tokens::read(text))?;
        let is_open = |part: Option<&Part>| part.is_none_or(|part| *part == Part::AnyTokens);
        if is_open(parts.first()) || is_open(parts.last()) {
            return Err("a pattern begins and ends with a token".to_owned());
        }
        Ok(Self(parts))
    }

    /// Where it matches first.
    pub(super) fn find(&self, tokens: &[Token]) -> Option<usize> {
        (0..tokens.len()).find(|at| matches(&self.0, None, &tokens[*at..]))
    }

    /// Whether each token that it cannot do without is one of these: if not, it matches nowhere.
    pub(super) fn is_made_of(&self, words: &HashSet<String>) -> bool {
        self.0.iter().all(|part| match part {
            Part::Token(wanted) => words.contains(wanted) || is_gapped(wanted),
            _ => true,
        })
    }

    /// How many tokens are given in words.
    pub(super) fn weight(&self) -> usize {
        weight(&self.0)
    }
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
            ("$", Some("!")) if at + 2 < tokens.len() => {
                (Part::AnyBut(tokens[at + 2].text.clone()), 3)
            }
            ("$", _) => return Err("after `$` comes `$`, `_`, `!` or `(`".to_owned()),
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

/// What has to follow a choice.
struct Rest<'p> {
    pattern: &'p [Part],
    then: Option<&'p Rest<'p>>,
}

/// Whether these tokens begin so, and then go on as they should.
fn matches(pattern: &[Part], then: Option<&Rest>, tokens: &[Token]) -> bool {
    let Some((part, rest)) = pattern.split_first() else {
        return then.is_none_or(|next| matches(next.pattern, next.then, tokens));
    };
    match (part, tokens.split_first()) {
        (Part::Token(wanted), Some((token, others))) => {
            is_like(wanted, &token.text) && matches(rest, then, others)
        }
        (Part::AnyToken, Some((token, others))) => {
            !is_bracket(&token.text) && matches(rest, then, others)
        }
        (Part::AnyBut(unwanted), Some((token, others))) => {
            *unwanted != token.text && matches(rest, then, others)
        }
        (Part::OneOf(choices), _) => {
            let then = Rest { pattern: rest, then };
            choices.iter().any(|choice| matches(choice, Some(&then), tokens))
        }
        (Part::AnyTokens, first) => {
            matches(rest, then, tokens)
                || first.is_some_and(|(token, _)| {
                    let skipped = match token.text.as_str() {
                        ")" | "]" | "}" => return false,
                        "(" | "[" | "{" => closing(tokens, 0) + 1,
                        _ => 1,
                    };
                    matches(pattern, then, &tokens[skipped..])
                })
        }
        (_, None) => false,
    }
}

fn is_bracket(text: &str) -> bool {
    ["(", ")", "[", "]", "{", "}"].contains(&text)
}

/// Whether it is a string that stands for several.
fn is_gapped(wanted: &str) -> bool {
    wanted.starts_with('"') && wanted.contains("$$")
}

/// Whether a token is as wanted; `$$` within a wanted string stands for any text.
fn is_like(wanted: &str, text: &str) -> bool {
    if !is_gapped(wanted) {
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
        Part::AnyToken | Part::AnyTokens | Part::AnyBut(_) => 0,
        Part::OneOf(choices) => choices.iter().map(|choice| weight(choice)).min().unwrap_or(0),
    };
    pattern.iter().map(each).sum()
}
