//! What a page points at: links, images and files, whether Markdown or raw HTML names them.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};

use crate::page::{self, Page};

/// Folders of the repository whose files a page may name in code: `steps/03-bearer-token/src/main.rs`.
const FOLDERS: [&str; 5] = ["book/", "docs/", "solutions/", "steps/", "xtask/"];

/// Something that a page points at, and the line where it does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) target: String,
    pub(crate) line: usize,
}

/// What a page points at.
#[derive(Debug, Default)]
pub(crate) struct Pointers {
    /// Targets of links and images, as they are written.
    pub(crate) links: Vec<Pointer>,
    /// Files of the repository that are named in code.
    pub(crate) files: Vec<Pointer>,
}

pub(crate) fn of(page: &Page) -> Pointers {
    let mut pointers = Pointers::default();
    let mut raw: Option<(usize, String)> = None;
    for (event, range) in page::parse(&page.markdown).into_offset_iter() {
        let line = page.line(range.start);
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                pointers.links.push(Pointer { target: dest_url.into_string(), line });
            }
            Event::Code(code) if is_file(&code) => {
                pointers.files.push(Pointer { target: code.into_string(), line });
            }
            // One tag may take several lines of a block.
            Event::Start(Tag::HtmlBlock) => raw = Some((range.start, String::new())),
            Event::Html(html) => {
                if let Some((_, block)) = &mut raw {
                    block.push_str(&html);
                }
            }
            Event::End(TagEnd::HtmlBlock) => {
                if let Some((start, block)) = raw.take() {
                    let found = in_html(&block);
                    pointers.links.extend(found.into_iter().map(|(before, target)| Pointer {
                        target,
                        line: page.line(start) + before,
                    }));
                }
            }
            Event::InlineHtml(html) => pointers
                .links
                .extend(in_html(&html).into_iter().map(|(_, target)| Pointer { target, line })),
            _ => {}
        }
    }
    pointers
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
    let tokenizer = Tokenizer::new(Targets(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // A script would only make it pause.
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

struct Targets(RefCell<Vec<(usize, String)>>);

impl TokenSink for Targets {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        if let TagToken(tag) = token {
            let target = |name: &str| matches!(name, "href" | "src" | "poster");
            for attribute in tag.attrs.iter().filter(|attribute| target(&attribute.name.local)) {
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

    fn found(markdown: &str) -> Pointers {
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
