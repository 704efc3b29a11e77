//! What stands on a page, read once: where its links, images and file names lead, whether Markdown or raw HTML
//! has them, and its plain text.

use std::{cell::RefCell, ops::Range};

use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};
use mdbook_markdown::pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::page::{self, Page};

/// Folders of the repository whose files a page may name in code: `steps/03-bearer-token/src/main.rs`.
const FOLDERS: [&str; 5] = ["book/", "docs/", "solutions/", "steps/", "xtask/"];

/// Attributes that lead somewhere.
const TARGETS: [&str; 3] = ["href", "src", "poster"];

/// Something that a page points at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) target: String,
    /// The line of the page's file.
    pub(crate) line: usize,
    /// Where it begins in the expanded Markdown.
    offset: usize,
}

/// What stands on a page.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Targets of links and images, as they are written, and where each begins in the expanded Markdown.
    pub(crate) links: Vec<Pointer>,
    /// Files of the repository that are named in code.
    pub(crate) files: Vec<Pointer>,
    /// Plain text in no heading, link or code, from byte to byte of the expanded Markdown, over the ends of
    /// lines.
    pub(crate) texts: Vec<Range<usize>>,
}

pub(crate) fn of(page: &Page) -> Contents {
    let markdown = page.markdown.as_str();
    let mut contents = Contents::default();
    let mut raw: Option<(usize, String)> = None;
    // How many headings, links, code blocks and the like are open.
    let mut closed = 0;
    for (event, range) in page::parse(markdown).into_offset_iter() {
        let pointer = |target: CowStr| {
            let (offset, target) = (range.start, target.into_string());
            Pointer { target, line: page.line(offset), offset }
        };
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                contents.links.push(pointer(dest_url));
                closed += 1;
            }
            Event::Start(Tag::HtmlBlock) => {
                // One tag may take several lines of a block.
                raw = Some((range.start, String::new()));
                closed += 1;
            }
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::TableHead) => closed += 1,
            Event::End(TagEnd::HtmlBlock) => {
                let (start, block) = raw.take().unwrap_or_default();
                let line = page.line(start);
                contents.links.extend(in_html(&block).into_iter().map(|(before, target)| {
                    Pointer { target, line: line + before, offset: start }
                }));
                closed -= 1;
            }
            Event::End(
                TagEnd::Link
                | TagEnd::Image
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::TableHead,
            ) => closed -= 1,
            Event::Html(html) => {
                if let Some((_, block)) = &mut raw {
                    block.push_str(&html);
                }
            }
            Event::InlineHtml(html) => {
                closed += i32::from(html.starts_with("<a ")) - i32::from(html.starts_with("</a>"));
                let targets = in_html(&html).into_iter();
                contents.links.extend(targets.map(|(_, target)| pointer(target.into())));
            }
            Event::Code(code) if is_file(&code) => contents.files.push(pointer(code)),
            Event::Text(_) | Event::SoftBreak if closed == 0 => match contents.texts.last_mut() {
                Some(text) if markdown[text.end..range.start].trim().is_empty() => {
                    text.end = range.end;
                }
                _ => contents.texts.push(range),
            },
            _ => {}
        }
    }
    contents
}

/// `steps/NN-slug` is a pattern, what has a blank in it is a command, and `book/html` is what this makes.
fn is_file(code: &str) -> bool {
    let inside = FOLDERS.iter().any(|folder| code.starts_with(folder));
    inside
        && !code.starts_with("book/html")
        && !code.contains("NN")
        && !code.contains(char::is_whitespace)
}

/// Whether the link leaves the book.
pub(crate) fn is_external(link: &str) -> bool {
    link.contains("://") || link.starts_with("mailto:")
}

/// The targets in HTML, each with the number of lines before it.
fn in_html(html: &str) -> Vec<(usize, String)> {
    // Whole listings are HTML without a single link.
    let is_set = |after: &str| after.trim_start().starts_with('=');
    let has = |name: &str| html.match_indices(name).any(|(at, _)| is_set(&html[at + name.len()..]));
    if !TARGETS.iter().any(|name| has(name)) {
        return Vec::new();
    }
    let tokenizer = Tokenizer::new(Targets(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // A script would only make it pause.
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

struct Targets(RefCell<Vec<(usize, String)>>);

impl Pointer {
    /// Whether it stands before that byte.
    pub(crate) fn is_before(&self, offset: usize) -> bool {
        self.offset < offset
    }
}

impl TokenSink for Targets {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        if let TagToken(tag) = token {
            let attributes = tag.attrs.iter();
            for attribute in attributes.filter(|it| TARGETS.contains(&&*it.name.local)) {
                let before = usize::try_from(line).unwrap_or_default().saturating_sub(1);
                self.0.borrow_mut().push((before, attribute.value.to_string()));
            }
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(markdown: &str) -> Contents {
        of(&Page::plain("page.md", markdown))
    }

    #[test]
    fn links_images_and_raw_html_are_found_with_their_lines() {
        let markdown = "[a](a.md)\n\n![b](b.svg)\n<div>\n<img\n  src=\"c.png\">\n</div>\n\nso <a href='d.md'>d</a> \
                        <https://e.org>\n\n| t |\n|---|\n| [f](f.md) |\n";
        let links: Vec<(String, usize)> =
            found(markdown).links.into_iter().map(|link| (link.target, link.line)).collect();
        let expected = [
            ("a.md", 1),
            ("b.svg", 3),
            ("c.png", 6),
            ("d.md", 9),
            ("https://e.org", 9),
            ("f.md", 13),
        ];
        assert_eq!(links, expected.map(|(target, line)| (target.to_owned(), line)));
    }

    #[test]
    fn files_named_in_code_are_found() {
        let files = found(
            "`steps/a/src/main.rs`, `steps/NN-slug`, `xtask/x y`, `book/html/`, `src/main.rs`, and\n`book/b`",
        );
        let named: Vec<&str> = files.files.iter().map(|file| file.target.as_str()).collect();
        assert_eq!(named, ["steps/a/src/main.rs", "book/b"]);
    }

    #[test]
    fn code_blocks_hold_no_links() {
        assert_eq!(found("```html\n<a href=\"x\">[a](b)</a>\n```\n").links, []);
    }
}
