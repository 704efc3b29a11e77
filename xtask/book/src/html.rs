//! HTML: what it holds, as a browser's tokenizer reads it, and how text is written in it.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CommentToken, StartTag, TagToken, Token, TokenSink, TokenSinkResult,
        Tokenizer, TokenizerOpts,
        states::RawKind::{Rawtext, Rcdata, ScriptData},
    },
};

/// Something in HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it is.
    pub(crate) part: Part,
    /// The number of lines before it.
    pub(crate) lines_before: usize,
}

/// What can be looked for in HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The value of an attribute that was asked for.
    Attribute(String),
    /// What is between `<!--` and `-->`.
    Comment(String),
}

/// The values of these attributes, whatever element has them, and all comments, in order.
pub(crate) fn parts(html: &str, attributes: &[&str]) -> Vec<Found> {
    // Whole listings are HTML with neither.
    let is_set = |after: &str| after.trim_start().starts_with('=');
    let has = |name: &str| html.match_indices(name).any(|(at, _)| is_set(&html[at + name.len()..]));
    if !html.contains("<!--") && !attributes.iter().any(|name| has(name)) {
        return Vec::new();
    }
    let sink = Looking { attributes, found: RefCell::default() };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // A script would only make it pause.
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

struct Looking<'n> {
    attributes: &'n [&'n str],
    found: RefCell<Vec<Found>>,
}

impl TokenSink for Looking<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let lines_before = usize::try_from(line).unwrap_or_default().saturating_sub(1);
        let add = |part| self.found.borrow_mut().push(Found { part, lines_before });
        match token {
            TagToken(tag) if tag.kind == StartTag => {
                let named =
                    tag.attrs.iter().filter(|it| self.attributes.contains(&&*it.name.local));
                named.for_each(|it| add(Part::Attribute(it.value.to_string())));
                // What is in these is text, even where it looks like a tag.
                match &*tag.name {
                    _ if tag.self_closing => {}
                    "script" => return TokenSinkResult::RawData(ScriptData),
                    "style" => return TokenSinkResult::RawData(Rawtext),
                    "title" | "textarea" => return TokenSinkResult::RawData(Rcdata),
                    _ => {}
                }
            }
            CommentToken(text) => add(Part::Comment(text.to_string())),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Text as it is written in HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text as it is written in an attribute, in one line: an empty one would end the HTML in Markdown.
pub(crate) fn escaped_attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;").replace('\n', "&#10;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(html: &str) -> Vec<String> {
        let parts = parts(html, &["id"]).into_iter();
        let values = parts.filter_map(|found| match found.part {
            Part::Attribute(value) => Some(value),
            Part::Comment(_) => None,
        });
        values.collect()
    }

    #[test]
    fn an_attribute_is_found_however_it_is_written_and_nowhere_else() {
        let html = "<h2 id=\"a\">x id=\"b\"</h2><p ID = 'c'><i data-id=\"d\" id=e>";
        assert_eq!(attributes(html), ["a", "c", "e"]);
        let inside = "<!-- <p id=\"a\"> --><script>'<p id=\"b\">'</script><p id=\"c\">";
        assert_eq!(attributes(inside), ["c"]);
        assert_eq!(attributes("<p id=\"a&amp;b\">"), ["a&b"]);
    }

    #[test]
    fn a_comment_is_found_with_its_line() {
        let comment = Part::Comment(" plain: form ".to_owned());
        let found = parts("<p>\n<!-- plain: form -->\n</p>", &[]);
        assert_eq!(found, [Found { part: comment, lines_before: 1 }]);
    }

    #[test]
    fn an_attribute_takes_one_line() {
        assert_eq!(escaped_attribute("<\"&\n>"), "&lt;&quot;&amp;&#10;&gt;");
    }
}
