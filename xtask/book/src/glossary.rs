//! The glossary's terms, linked from their first use on each page.
//!
//! ```markdown
//! ## Status 401
//!
//! <!-- also: 401 -->
//! ```
//!
//! A heading of the second level is a term; what stands after `also:` are other words for it. Where a page
//! uses such a word in another sense, it says so once, and only links written by hand count there:
//!
//! ```markdown
//! <!-- plain: scope, form -->
//! ```

use std::collections::HashSet;

use mdbook_markdown::pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::page::{self, Page, Problem};

/// The page that explains the terms.
pub(crate) const PAGE: &str = "glossary.md";

/// A heading of the glossary.
pub(crate) struct Term {
    heading: String,
    line: usize,
    /// What its heading becomes in HTML.
    id: String,
    /// Each way to say it, as words in small letters.
    ways: Vec<Vec<String>>,
}

/// The terms of the glossary's Markdown.
pub(crate) fn terms(markdown: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (line, text) in (1..).zip(markdown.lines()) {
        if let Some(heading) = text.strip_prefix("## ") {
            let heading = heading.trim().to_owned();
            let id = heading.to_lowercase().replace(' ', "-");
            let ways = vec![words(&heading)];
            terms.push(Term { heading, line, id, ways });
        } else if let Some(note) = text.strip_prefix("<!-- also: ")
            && let Some(term) = terms.last_mut()
        {
            let ways = note.trim_end_matches(" -->").split(", ");
            term.ways.extend(ways.map(words));
        }
    }
    terms
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// Links the first use of each term on the page, unless a link stands there already, and notes in `used`
/// what is linked.
pub(crate) fn link(terms: &[Term], page: &mut Page, used: &mut HashSet<String>) -> Vec<Problem> {
    let (plain, problems) = plain(terms, page);
    let mut linked = HashSet::new();
    let mut links = Vec::new();
    for part in parts(&page.markdown) {
        match part {
            Part::Link(target) => {
                if let Some(id) = target.strip_prefix(PAGE).and_then(|rest| rest.strip_prefix('#'))
                {
                    linked.insert(id.to_owned());
                }
            }
            Part::Text(start, _) if page.is_made(start) => {}
            Part::Text(start, end) => {
                for (at, length, term) in uses(terms, &page.markdown[start..end]) {
                    if !plain.contains(&term.id) && linked.insert(term.id.clone()) {
                        links.push((start + at, "[".to_owned()));
                        links.push((start + at + length, format!("]({PAGE}#{})", term.id)));
                    }
                }
            }
        }
    }
    page.insert(&links);
    used.extend(linked);
    problems
}

/// The terms that the page uses in another sense.
fn plain(terms: &[Term], page: &Page) -> (HashSet<String>, Vec<Problem>) {
    let (mut plain, mut problems) = (HashSet::new(), Vec::new());
    for (at, mark) in page.markdown.match_indices("<!-- plain: ") {
        let (said, _) = page.markdown[at + mark.len()..].split_once("-->").unwrap_or_default();
        for word in said.trim().split(", ") {
            match terms.iter().find(|term| term.ways[0] == words(word)) {
                Some(term) => {
                    plain.insert(term.id.clone());
                }
                None => problems.push(Problem {
                    page: page.name.clone(),
                    line: page.line(at),
                    message: format!("`{word}` is no term of the glossary"),
                }),
            }
        }
    }
    (plain, problems)
}

/// Terms that no page has used.
pub(crate) fn unused(terms: &[Term], used: &HashSet<String>) -> Vec<Problem> {
    let unused = terms.iter().filter(|term| !used.contains(&term.id));
    let problem = |term: &Term| Problem {
        page: PAGE.to_owned(),
        line: term.line,
        message: format!("no page uses the term `{}`: use it, or take it out", term.heading),
    };
    unused.map(problem).collect()
}

/// What a page consists of, as far as terms matter.
enum Part<'p> {
    /// The target of a link.
    Link(CowStr<'p>),
    /// Plain text, from byte to byte, over the ends of lines.
    Text(usize, usize),
}

fn parts(markdown: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    // How many headings, links, code blocks and the like are open.
    let mut closed = 0;
    for (event, range) in page::parse(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                parts.push(Part::Link(dest_url));
                closed += 1;
            }
            Event::Start(
                Tag::Heading { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::TableHead,
            ) => closed += 1,
            Event::End(
                TagEnd::Heading(_)
                | TagEnd::Image
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::TableHead
                | TagEnd::Link,
            ) => closed -= 1,
            Event::InlineHtml(html) if html.starts_with("<a ") => closed += 1,
            Event::InlineHtml(html) if html.starts_with("</a>") => closed -= 1,
            Event::Text(_) | Event::SoftBreak if closed == 0 => match parts.last_mut() {
                Some(Part::Text(_, end)) if markdown[*end..range.start].trim().is_empty() => {
                    *end = range.end;
                }
                _ => parts.push(Part::Text(range.start, range.end)),
            },
            _ => {}
        }
    }
    parts
}

/// Where terms stand in the text: from which byte, how many bytes, which one. The longest term wins.
fn uses<'t>(terms: &'t [Term], text: &str) -> Vec<(usize, usize, &'t Term)> {
    let mut uses = Vec::new();
    let mut free = 0;
    for (at, first) in text.char_indices() {
        let inside =
            text[..at].ends_with(|before: char| before.is_alphanumeric() || "-_/".contains(before));
        if at < free || inside || !first.is_alphanumeric() {
            continue;
        }
        let ways = terms.iter().flat_map(|term| term.ways.iter().map(move |way| (term, way)));
        let found = ways.filter_map(|(term, way)| Some((length(way, &text[at..])?, term)));
        if let Some((length, term)) = found.max_by_key(|(length, _)| *length) {
            uses.push((at, length, term));
            free = at + length;
        }
    }
    uses
}

/// How many bytes of the text say these words, in the plural too.
fn length(way: &[String], text: &str) -> Option<usize> {
    let mut rest = text;
    for (index, word) in way.iter().enumerate() {
        if index > 0 {
            let next = rest.trim_start();
            rest = (next.len() < rest.len()).then_some(next)?;
        }
        let head = rest.get(..word.len())?;
        rest = head.eq_ignore_ascii_case(word).then(|| &rest[word.len()..])?;
    }
    for plural in ["s", "es", ""] {
        if let Some(after) = rest.strip_prefix(plural)
            && !after.starts_with(|next: char| next.is_alphanumeric() || "-_/".contains(next))
        {
            return Some(text.len() - after.len());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY: &str = "# Glossary\n\n## Scheme\n\nA word.\n\n## Security scheme\n\nTwo.\n\n\
                            ## Status 401\n\n<!-- also: 401 -->\n\nWho?\n";

    fn linked(markdown: &str) -> String {
        let mut page = Page::plain("page.md", markdown);
        let problems = link(&terms(GLOSSARY), &mut page, &mut HashSet::new());
        assert_eq!(problems, []);
        page.markdown
    }

    #[test]
    fn the_first_use_is_linked_and_the_longest_term_wins() {
        assert_eq!(
            linked("# Schemes\n\nA security\nscheme, two Schemes, a scheme: 401.\n"),
            "# Schemes\n\nA [security\nscheme](glossary.md#security-scheme), two \
             [Schemes](glossary.md#scheme), a scheme: [401](glossary.md#status-401).\n"
        );
    }

    #[test]
    fn code_links_headings_and_parts_of_words_are_left_alone() {
        for markdown in [
            "`scheme`\n",
            "```text\nscheme\n```\n",
            "## A scheme\n",
            "[a scheme](x.md)\n",
            "schemeless sub-scheme 4010\n",
            "<b>\nscheme\n</b>\n",
            "so <a href=\"x\">scheme</a>\n",
        ] {
            assert_eq!(linked(markdown), markdown);
        }
    }

    #[test]
    fn a_link_by_hand_counts_and_another_sense_is_said() {
        for markdown in
            ["[word](glossary.md#scheme), and scheme\n", "<!-- plain: scheme -->\n\nA scheme.\n"]
        {
            assert_eq!(linked(markdown), markdown);
        }
        let mut page = Page::plain("page.md", "a\n<!-- plain: scheme, lost -->\n");
        let problems = link(&terms(GLOSSARY), &mut page, &mut HashSet::new());
        assert!(problems[0].line == 2 && problems[0].message.contains("`lost` is no term"));
    }

    #[test]
    fn a_link_moves_no_line() {
        let mut page = Page::plain("page.md", "401\n\nend\n");
        link(&terms(GLOSSARY), &mut page, &mut HashSet::new());
        let end = page.markdown.find("end").expect("it is there");
        assert_eq!(page.line(end), 3);
    }

    #[test]
    fn a_term_that_nobody_uses_is_told() {
        let used = HashSet::from(["scheme".to_owned(), "status-401".to_owned()]);
        let told = unused(&terms(GLOSSARY), &used);
        assert!(told.len() == 1 && told[0].line == 7, "{told:#?}");
    }
}
