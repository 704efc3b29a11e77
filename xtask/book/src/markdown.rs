//! Markdown as mdBook reads it; nothing else here reads any.

use std::{collections::HashSet, ops::Range};

use mdbook_markdown::{
    MarkdownOptions, new_cmark_parser,
    pulldown_cmark::{Event, Parser, Tag, html},
};

/// The events of Markdown as mdBook reads it.
pub(crate) fn parse(markdown: &str) -> Parser<'_> {
    let mut options = MarkdownOptions::default();
    options.smart_punctuation = false;
    new_cmark_parser(markdown, &options)
}

/// One paragraph as HTML, without its tags and in one line.
pub(crate) fn inline_html(markdown: &str) -> String {
    let mut paragraph = String::new();
    html::push_html(&mut paragraph, parse(markdown));
    paragraph.trim().trim_start_matches("<p>").trim_end_matches("</p>").replace('\n', " ")
}

/// The lines that belong to a code block, its fences included; the first line has the index 0.
pub(crate) fn lines_of_code(markdown: &str) -> HashSet<usize> {
    let starts: Vec<usize> =
        markdown.split_inclusive('\n').scan(0, |next, line| Some(start(next, line))).collect();
    let line_at = |offset: usize| starts.partition_point(|start| *start <= offset) - 1;
    let blocks = parse(markdown).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(_)) => Some(range),
        _ => None,
    });
    let lines = |Range { start, end }: Range<usize>| line_at(start)..=line_at(end.max(1) - 1);
    blocks.flat_map(lines).collect()
}

/// Where this line starts; `next` becomes the start of the line after it.
fn start(next: &mut usize, line: &str) -> usize {
    let start = *next;
    *next += line.len();
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_code(markdown: &str, expected: &[usize]) {
        let mut lines: Vec<usize> = lines_of_code(markdown).into_iter().collect();
        lines.sort_unstable();
        assert_eq!(lines, expected, "{markdown}");
    }

    #[test]
    fn a_fence_is_closed_by_one_at_least_as_long_of_its_kind_with_nothing_after_it() {
        is_code("a\n```text\nb\n```\nc\n", &[1, 2, 3]);
        is_code("````md\n```\nb\n```\n````\nc\n", &[0, 1, 2, 3, 4]);
        is_code("```\nb\n````\nc\n", &[0, 1, 2]);
        is_code("~~~\n```\n~~~\nc\n", &[0, 1, 2]);
        is_code("```\n``` x\n```\nc\n", &[0, 1, 2]);
    }

    #[test]
    fn code_without_an_end_and_code_in_a_list_are_code() {
        is_code("```\nb", &[0, 1]);
        is_code("- a\n\n  ```\n  b\n  ```\n\nc\n", &[2, 3, 4]);
        is_code("\n", &[]);
        is_code("", &[]);
    }
}
