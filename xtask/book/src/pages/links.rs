//! What is on a page, read once: its headings, where its links, images and file names lead, whether Markdown or
//! raw HTML has them, its comments and its plain text.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::{
    html::{self, Part},
    markdown,
    pages::page::Page,
};

/// Folders of the repository whose files a page may name in code: `steps/03-bearer-token/src/main.rs`.
const FOLDERS: [&str; 4] = ["book/", "solutions/", "steps/", "xtask/"];

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

/// A heading, or a comment in HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Label {
    /// Its text, without spaces around it.
    pub(crate) text: String,
    /// The line of the page's file.
    pub(crate) line: usize,
}

/// What is on a page.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Headings of the second level.
    pub(crate) headings: Vec<Label>,
    /// Comments in HTML.
    pub(crate) comments: Vec<Label>,
    /// Targets of links and images, as they are written, and where each begins in the expanded Markdown.
    pub(crate) links: Vec<Pointer>,
    /// Files of the repository that are named in code.
    pub(crate) files: Vec<Pointer>,
    /// Plain text in no heading, link or code, from byte to byte of the expanded Markdown, over the ends of
    /// lines.
    pub(crate) texts: Vec<Range<usize>>,
}

/// Reads the page.
pub(crate) fn contents(page: &Page) -> Contents {
    let markdown = page.markdown.as_str();
    let mut contents = Contents::default();
    let mut raw: Option<(usize, String)> = None;
    let mut heading: Option<String> = None;
    // How many headings, links, code blocks and the like are open.
    let mut closed = 0;
    for (event, range) in markdown::parse(markdown).into_offset_iter() {
        let pointer = |target: CowStr| {
            let (offset, target) = (range.start, target.into_string());
            Pointer { target, line: page.line(offset), offset }
        };
        if let (Some(heading), Event::Text(text) | Event::Code(text)) = (&mut heading, &event) {
            heading.push_str(text);
        }
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
            Event::Start(Tag::Heading { level, .. }) => {
                heading = (level == HeadingLevel::H2).then(String::new);
                closed += 1;
            }
            Event::Start(Tag::CodeBlock(_) | Tag::TableHead) => closed += 1,
            Event::End(TagEnd::HtmlBlock) => {
                let (start, block) = raw.take().unwrap_or_default();
                contents.add_html(&block, page, start);
                closed -= 1;
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(text) = heading.take() {
                    let text = text.trim().to_owned();
                    contents.headings.push(Label { text, line: page.line(range.start) });
                }
                closed -= 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::TableHead) => {
                closed -= 1;
            }
            Event::Html(html) => {
                if let Some((_, block)) = &mut raw {
                    block.push_str(&html);
                }
            }
            Event::InlineHtml(html) => {
                closed += i32::from(html.starts_with("<a ")) - i32::from(html.starts_with("</a>"));
                contents.add_html(&html, page, range.start);
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

impl Contents {
    /// Adds what HTML that begins at `offset` leads to and says.
    fn add_html(&mut self, html: &str, page: &Page, offset: usize) {
        for found in html::parts(html, &TARGETS) {
            let line = page.line(offset) + found.lines_before;
            match found.part {
                Part::Attribute(target) => self.links.push(Pointer { target, line, offset }),
                Part::Comment(text) => {
                    self.comments.push(Label { text: text.trim().to_owned(), line });
                }
            }
        }
    }
}

/// `steps/NN-slug` is a pattern, what has a space in it is a command, and `book/html` is what this makes.
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

impl Pointer {
    /// Whether it is before that byte.
    pub(crate) fn is_before(&self, offset: usize) -> bool {
        self.offset < offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(markdown: &str) -> Contents {
        contents(&Page::plain("page.md", markdown))
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

    #[test]
    fn headings_and_comments_are_found_with_their_lines() {
        let page =
            "## `a` b\n\n<!-- c: d -->\n\n```md\n## e\n<!-- f -->\n```\n### g\n\nh <!-- i -->\n";
        let Contents { headings, comments, .. } = found(page);
        assert_eq!(headings, [Label { text: "a b".to_owned(), line: 1 }]);
        let label = |text: &str, line| Label { text: text.to_owned(), line };
        assert_eq!(comments, [label("c: d", 3), label("i", 11)]);
    }
}
