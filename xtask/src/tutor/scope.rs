//! A part of a program: a function with its attributes, signature and body, a handler or a guard with the functions that
//! it calls, a layer, or a struct or enum.

use std::ops::Range;

use crate::tutor::tokens::{Token, closing};

/// A part of a file: an item of this kind and name, perhaps in the `impl` of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    keywords: &'static [&'static str],
    of: Option<String>,
    name: String,
}

/// What our solutions call the handlers of these paths; others may call them otherwise.
const HANDLERS: [(&str, &str); 5] = [
    ("items", "\"/items\""),
    ("secret", "\"/items/secret\""),
    ("token", "\"/token\""),
    ("me", "\"/users/me\""),
    ("own_items", "\"/users/me/items\""),
];

/// The method of a guard.
const GUARD: &str = "from_request_parts";

/// What `in layer:` means: the functions that take a `Next`.
const LAYER: &str = "layer";

/// What our solutions call their guards.
const GUARDS: [&str; 2] = ["BearerToken", "CurrentUser"];

/// A part of a file.
pub(super) struct Item {
    /// The token that says what it is: `fn`, `struct`.
    pub(super) keyword: usize,
    /// From its first attribute to its end.
    pub(super) all: Range<usize>,
}

impl Scope {
    /// Reads `secret`, `BearerToken::from_request_parts` or `struct Login`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
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

    /// The items of this name. The work of a handler or a guard may be done by functions that it calls, so these follow it.
    pub(super) fn find(&self, tokens: &[Token]) -> Vec<Item> {
        let named = items(tokens, self.keywords, &self.name);
        if self.keywords != ["fn"] {
            named
        } else if self.name == LAYER {
            layers_or_all(tokens)
        } else if self.name == GUARD {
            with_callees(tokens, self.guards(tokens, named))
        } else if HANDLERS.iter().any(|(name, _)| *name == self.name) {
            let named = self.of_its_type(tokens, named);
            with_callees(tokens, handlers(tokens, &self.name, named))
        } else {
            self.of_its_type(tokens, named)
        }
    }

    /// The methods of its type, if it names one.
    fn of_its_type(&self, tokens: &[Token], mut named: Vec<Item>) -> Vec<Item> {
        if let Some(of) = &self.of {
            let bodies = impls_of(tokens, of);
            named.retain(|item| bodies.iter().any(|body| body.contains(&item.keyword)));
        }
        named
    }

    /// The guards of its type. Where there are none: guards that have other names than ours, or layers.
    fn guards(&self, tokens: &[Token], mut named: Vec<Item>) -> Vec<Item> {
        if named.is_empty() {
            return layers(tokens);
        }
        if self.of.as_ref().is_none_or(|of| !impls_of(tokens, of).is_empty()) {
            return self.of_its_type(tokens, named);
        }
        let ours: Vec<Range<usize>> =
            GUARDS.into_iter().flat_map(|guard| impls_of(tokens, guard)).collect();
        named.retain(|item| !ours.iter().any(|body| body.contains(&item.keyword)));
        named
    }
}

/// The handlers of this name. Where there are none: the handler of the same path.
fn handlers(tokens: &[Token], ours: &str, named: Vec<Item>) -> Vec<Item> {
    if !named.is_empty() {
        return named;
    }
    handler(tokens, ours).map(|name| items(tokens, &["fn"], name)).unwrap_or_default()
}

/// The layers. Where there are none, the guard before some routes is an extractor, and it can be anywhere.
fn layers_or_all(tokens: &[Token]) -> Vec<Item> {
    let layers = layers(tokens);
    if layers.is_empty() { vec![Item { keyword: 0, all: 0..tokens.len() }] } else { layers }
}

/// The items of these kinds and this name.
fn items(tokens: &[Token], keywords: &[&str], name: &str) -> Vec<Item> {
    let named = (1..tokens.len()).filter(|at| tokens[*at].text == name).map(|at| at - 1);
    let items = named.filter(|at| keywords.contains(&tokens[*at].text.as_str()));
    items.map(|at| item(tokens, at)).collect()
}

fn item(tokens: &[Token], keyword: usize) -> Item {
    Item { keyword, all: beginning(tokens, keyword)..end(tokens, keyword) + 1 }
}

/// The functions of axum's `from_fn`: they take what comes next.
fn layers(tokens: &[Token]) -> Vec<Item> {
    let takes_next = |at: &usize| {
        let open = (*at..tokens.len()).find(|at| tokens[*at].text == "(");
        open.is_some_and(|open| {
            tokens[open..closing(tokens, open)].iter().any(|token| token.text == "Next")
        })
    };
    let functions = (0..tokens.len()).filter(|at| tokens[*at].text == "fn");
    functions.filter(takes_next).map(|at| item(tokens, at)).collect()
}

/// These functions, and those of the file that they call, and those that these call. A method of a trait could be any
/// type's, so it is left out.
fn with_callees(tokens: &[Token], mut found: Vec<Item>) -> Vec<Item> {
    let of_traits = impls(tokens, |head| head.iter().any(|token| token.text == "for"));
    let functions: Vec<usize> =
        (1..tokens.len()).filter(|at| tokens[at - 1].text == "fn").collect();
    let mut at = 0;
    while let Some(caller) = found.get(at) {
        let body = caller.keyword + 2..caller.all.end;
        let calls = body.filter(|at| tokens.get(at + 1).is_some_and(|next| next.text == "("));
        let called = |at: usize| {
            let of_a_value = tokens[at - 1].text == ".";
            let named = functions.iter().filter(|name| tokens[**name].text == tokens[at].text);
            let mut named: Vec<Item> = named.map(|name| item(tokens, name - 1)).collect();
            named.retain(|callee| !of_a_value || takes_self(tokens, callee));
            named
        };
        let callees: Vec<Item> = calls.flat_map(called).collect();
        for callee in callees {
            let is_known = found.iter().any(|known| known.keyword == callee.keyword);
            if !is_known && !of_traits.iter().any(|body| body.contains(&callee.keyword)) {
                found.push(callee);
            }
        }
        at += 1;
    }
    found
}

/// Whether the function can be called as `value.name()`.
fn takes_self(tokens: &[Token], function: &Item) -> bool {
    let parameters = tokens[function.keyword..function.all.end].iter().skip(2);
    let mut first = parameters.take_while(|token| ![",", ")"].contains(&token.text.as_str()));
    first.any(|token| token.text == "self")
}

/// The name of the function that is called so in our solutions: the path that it is registered for is the same.
fn handler<'t>(tokens: &'t [Token], ours: &str) -> Option<&'t str> {
    let (_, path) = HANDLERS.iter().find(|(name, _)| *name == ours)?;
    let is_path = |at: &usize| tokens[*at].text == *path;
    (0..tokens.len()).filter(is_path).find_map(|at| {
        let before = at.checked_sub(2).map(|from| &tokens[from..at]);
        let texts: Vec<&str> = before?.iter().map(|token| token.text.as_str()).collect();
        match texts[..] {
            // `#[utoipa::path(get, path = "/items", …)] async fn NAME`
            ["path", "="] => {
                let function = (at..tokens.len()).find(|at| tokens[*at].text == "fn")?;
                Some(tokens.get(function + 1)?.text.as_str())
            }
            // `.route("/items", get(NAME))`
            ["route", "("] => Some(tokens.get(at + 4)?.text.as_str()),
            _ => None,
        }
    })
}

/// The bodies of `impl … for TYPE { … }` and `impl TYPE { … }`.
fn impls_of(tokens: &[Token], of: &str) -> Vec<Range<usize>> {
    impls(tokens, |head| {
        let of_trait = head.iter().position(|token| token.text == "for");
        head[of_trait.map_or(0, |at| at + 1)..].iter().any(|token| token.text == of)
    })
}

/// The bodies of those `impl HEAD { … }` whose head is as wanted.
fn impls(tokens: &[Token], is_wanted: impl Fn(&[Token]) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at].text == "impl") {
        let Some(open) = (at..tokens.len()).find(|index| tokens[*index].text == "{") else {
            continue;
        };
        if is_wanted(&tokens[at + 1..open]) {
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
