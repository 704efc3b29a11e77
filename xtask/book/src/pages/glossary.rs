//! The glossary's terms, linked from their first use on each page.
//!
//! ```markdown
//! ## Status 401
//!
//! <!-- also: 401 -->
//! ```
//!
//! A heading of the second level is a term; what comes after `also:` are other words for it. Where a page
//! uses such a word in another sense, it says so once, and only links written by hand count there:
//!
//! ```markdown
//! <!-- plain: scope, form -->
//! ```

use std::collections::{HashMap, HashSet};

use crate::pages::{
    links::{Contents, Label},
    page::{Page, Problem},
};

/// The page that explains the terms.
pub(crate) const PAGE: &str = "glossary.md";

/// The glossary's terms.
#[derive(Default)]
pub(crate) struct Terms {
    list: Vec<Term>,
    /// Which term, and which way to say it, may begin with a word.
    by_first_word: HashMap<String, Vec<(usize, usize)>>,
}

/// A heading of the glossary.
struct Term {
    heading: String,
    line: usize,
    /// What its heading becomes in HTML.
    id: String,
    /// Each way to say it, as words in lower case.
    ways: Vec<Vec<String>>,
}

/// The terms, from the glossary's own contents.
pub(crate) fn terms(glossary: &Contents) -> Terms {
    let mut list: Vec<Term> = Vec::new();
    for Label { text, line } in &glossary.headings {
        let (heading, id) = (text.clone(), text.to_lowercase().replace(' ', "-"));
        let ways = vec![words(&heading)];
        list.push(Term { heading, line: *line, id, ways });
    }
    for Label { text, line } in &glossary.comments {
        if let Some(others) = text.strip_prefix("also: ")
            && let Some(term) = list.iter_mut().rev().find(|term| term.line < *line)
        {
            term.ways.extend(others.split(", ").map(words));
        }
    }
    let mut by_first_word: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (index, term) in list.iter().enumerate() {
        for (way, words) in term.ways.iter().enumerate() {
            by_first_word.entry(words[0].clone()).or_default().push((index, way));
        }
    }
    Terms { list, by_first_word }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// Links the first use of each term on the page, unless there is a link already, and notes in `used`
/// what is linked.
pub(crate) fn link(
    terms: &Terms,
    page: &mut Page,
    contents: &Contents,
    used: &mut HashSet<String>,
) -> Vec<Problem> {
    let (plain, problems) = plain(terms, &page.name, contents);
    let mut by_hand = contents.links.iter().peekable();
    let mut linked = HashSet::new();
    let mut links = Vec::new();
    for text in &contents.texts {
        while let Some(link) = by_hand.next_if(|link| link.is_before(text.start)) {
            linked.extend(term_of(&link.target));
        }
        if page.is_made(text.start) {
            continue;
        }
        for (at, length, term) in terms.uses(&page.markdown[text.clone()]) {
            if !plain.contains(&term.id) && linked.insert(term.id.clone()) {
                let start = text.start + at;
                links.push((start, "[".to_owned()));
                links.push((start + length, format!("]({PAGE}#{})", term.id)));
            }
        }
    }
    linked.extend(by_hand.filter_map(|link| term_of(&link.target)));
    page.insert(&links);
    used.extend(linked);
    problems
}

fn term_of(target: &str) -> Option<String> {
    target.strip_prefix(PAGE)?.strip_prefix('#').map(str::to_owned)
}

/// The terms that the page uses in another sense.
fn plain(terms: &Terms, page: &str, contents: &Contents) -> (HashSet<String>, Vec<Problem>) {
    let (mut plain, mut problems) = (HashSet::new(), Vec::new());
    for Label { text, line } in &contents.comments {
        for word in text.strip_prefix("plain: ").into_iter().flat_map(|said| said.split(", ")) {
            match terms.list.iter().find(|term| term.ways[0] == words(word)) {
                Some(term) => {
                    plain.insert(term.id.clone());
                }
                None => problems.push(Problem {
                    page: page.to_owned(),
                    line: *line,
                    message: format!("`{word}` is no term of the glossary"),
                }),
            }
        }
    }
    (plain, problems)
}

/// Terms that no page has used.
pub(crate) fn unused(terms: &Terms, used: &HashSet<String>) -> Vec<Problem> {
    let unused = terms.list.iter().filter(|term| !used.contains(&term.id));
    let problem = |term: &Term| Problem {
        page: PAGE.to_owned(),
        line: term.line,
        message: format!("no page uses the term `{}`: use it, or take it out", term.heading),
    };
    unused.map(problem).collect()
}

impl Terms {
    /// Where terms are in the text: from which byte, how many bytes, which one. The longest term wins.
    fn uses(&self, text: &str) -> Vec<(usize, usize, &Term)> {
        let mut uses = Vec::new();
        let mut free = 0;
        for (at, word) in words_of(text) {
            if at < free {
                continue;
            }
            let found = self.beginning_with(word).filter_map(|(term, way)| {
                let way = &self.list[term].ways[way];
                Some((length(way, &text[at..])?, &self.list[term]))
            });
            if let Some((length, term)) = found.max_by_key(|(length, _)| *length) {
                uses.push((at, length, term));
                free = at + length;
            }
        }
        uses
    }

    fn beginning_with(&self, word: &str) -> impl Iterator<Item = (usize, usize)> {
        let word = word.to_lowercase();
        let ways = ["", "s", "es"].into_iter().filter_map(move |plural| {
            let first = word.strip_suffix(plural)?;
            self.by_first_word.get(first)
        });
        ways.flatten().copied()
    }
}

/// The words of the text, each with the byte where it begins; `sub-scheme` and `/items` are no words.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inside = |next: char| next.is_alphanumeric() || "-_/".contains(next);
    let mut next = 0;
    text.split_inclusive(move |next| !inside(next)).map(move |piece| {
        let at = next;
        next += piece.len();
        (at, piece.trim_end_matches(|next| !inside(next)))
    })
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
    use crate::pages::links;

    const GLOSSARY: &str = "# Glossary\n\n## Scheme\n\nA word.\n\n## Security scheme\n\nTwo.\n\n\
                            ## Status 401\n\n<!-- also: 401 -->\n\nWho?\n";

    fn glossary() -> Terms {
        terms(&links::contents(&Page::plain(PAGE, GLOSSARY)))
    }

    fn link_in(page: &mut Page) -> Vec<Problem> {
        let contents = links::contents(page);
        link(&glossary(), page, &contents, &mut HashSet::new())
    }

    fn linked(markdown: &str) -> String {
        let mut page = Page::plain("page.md", markdown);
        assert_eq!(link_in(&mut page), []);
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
        let problems = link_in(&mut page);
        assert!(problems[0].line == 2 && problems[0].message.contains("`lost` is no term"));
    }

    #[test]
    fn a_link_moves_no_line() {
        let mut page = Page::plain("page.md", "401\n\nend\n");
        link_in(&mut page);
        let end = page.markdown.find("end").expect("it is there");
        assert_eq!(page.line(end), 3);
    }

    #[test]
    fn a_term_that_nobody_uses_is_reported() {
        let used = HashSet::from(["scheme".to_owned(), "status-401".to_owned()]);
        let problems = unused(&glossary(), &used);
        assert!(problems.len() == 1 && problems[0].line == 7, "{problems:#?}");
    }
}
