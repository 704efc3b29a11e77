//! Text with colours, in rows of a window.

/// What is to be shown in one place of a row, with the colours that begin before it.
struct Cell<'a> {
    colours: Vec<&'a str>,
    shown: char,
}

/// What ends all colours.
const PLAIN: &str = "\x1b[0m";

/// The text in rows of at most so many columns. What is left of a line begins below its first word.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut rows = Vec::new();
    let mut colours = String::new();
    for line in text.lines() {
        let cells = cells(line);
        let indent = cells.iter().take_while(|cell| cell.shown == ' ').count().min(width / 2);
        let mut rest = &cells[..];
        let mut before = 0;
        loop {
            let (row, left) = rest.split_at(end_of_row(rest, width - before));
            rows.push(painted(row, before, &mut colours));
            rest = left;
            if rest.is_empty() {
                break;
            }
            before = indent;
        }
    }
    rows
}

/// The first line of the text, cut off with a sign where it is wider.
pub(super) fn cut(text: &str, width: usize) -> String {
    let mut cells = cells(text.lines().next().unwrap_or_default());
    if cells.iter().map(|cell| columns(cell.shown)).sum::<usize>() > width {
        let end = fitting(&cells, width.saturating_sub(1));
        cells.truncate(end);
        if width > 0 {
            cells.push(Cell { colours: Vec::new(), shown: '…' });
        }
    }
    painted(&cells, 0, &mut String::new())
}

/// How many columns the text takes.
pub(super) fn columns_of(text: &str) -> usize {
    cells(text).iter().map(|cell| columns(cell.shown)).sum()
}

/// Where the row ends: after its last space, if it has one in its second half.
fn end_of_row(cells: &[Cell<'_>], width: usize) -> usize {
    let most = fitting(cells, width).max(1).min(cells.len());
    if most == cells.len() {
        return most;
    }
    let space = cells[..most].iter().rposition(|cell| cell.shown == ' ');
    space.map(|space| space + 1).filter(|end| *end > most / 2).unwrap_or(most)
}

/// So many of the cells fit.
fn fitting(cells: &[Cell<'_>], width: usize) -> usize {
    let mut taken = 0;
    let fits = |cell: &&Cell<'_>| {
        taken += columns(cell.shown);
        taken <= width
    };
    cells.iter().take_while(fits).count()
}

/// The row as a terminal takes it; `colours` are those that reach over its ends.
fn painted(cells: &[Cell<'_>], indent: usize, colours: &mut String) -> String {
    let mut row = " ".repeat(indent);
    row.push_str(colours);
    for cell in cells {
        for colour in &cell.colours {
            row.push_str(colour);
            if matches!(*colour, PLAIN | "\x1b[m") {
                colours.clear();
            } else {
                colours.push_str(colour);
            }
        }
        if cell.shown != END {
            row.push(cell.shown);
        }
    }
    let mut row = row.trim_end_matches(' ').to_owned();
    if !colours.is_empty() {
        row.push_str(PLAIN);
    }
    row
}

/// In place of a character at the end of a line, so that the colours before it are kept.
const END: char = '\0';

fn cells(line: &str) -> Vec<Cell<'_>> {
    let (mut cells, mut colours) = (Vec::new(), Vec::new());
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        if let Some(colour) = colour_at(rest) {
            colours.push(colour);
            rest = &rest[colour.len()..];
            continue;
        }
        rest = &rest[next.len_utf8()..];
        match next {
            '\t' => (0..4).for_each(|_| {
                cells.push(Cell { colours: std::mem::take(&mut colours), shown: ' ' });
            }),
            _ if next.is_control() => {}
            shown => cells.push(Cell { colours: std::mem::take(&mut colours), shown }),
        }
    }
    if !colours.is_empty() {
        cells.push(Cell { colours, shown: END });
    }
    cells
}

/// `ESC [ 1 ; 31 m`, if the text begins with such.
fn colour_at(text: &str) -> Option<&str> {
    let code = text.strip_prefix("\x1b[")?;
    let end = code.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    code[end..].starts_with('m').then(|| &text[..=2 + end])
}

/// How wide a terminal shows it: East Asian characters and emoji take two columns, marks on a letter none.
fn columns(shown: char) -> usize {
    match u32::from(shown) {
        0 | 0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_fits_is_as_it_was() {
        assert_eq!(wrapped("  ok    Tasks\n\nOpen: x", 16), ["  ok    Tasks", "", "Open: x"]);
        assert_eq!(wrapped("exactly.", 8), ["exactly."]);
    }

    #[test]
    fn a_long_line_is_broken_at_a_space_and_goes_on_below_its_first_word() {
        assert_eq!(wrapped("  one two three", 10), ["  one two", "  three"]);
        assert_eq!(wrapped("a_word_without_a_space", 10), ["a_word_wit", "hout_a_spa", "ce"]);
    }

    #[test]
    fn colours_reach_over_the_ends_of_rows_and_end_with_each() {
        let text = "\x1b[1m\x1b[31mOne two\x1b[0m end";
        let expected = ["\x1b[1m\x1b[31mOne\x1b[0m", "\x1b[1m\x1b[31mtwo\x1b[0m", "end"];
        assert_eq!(wrapped(text, 4), expected);
        assert_eq!(cut(text, 6), "\x1b[1m\x1b[31mOne t…\x1b[0m");
    }

    #[test]
    fn what_is_wide_takes_two_columns_and_what_is_no_colour_none() {
        assert_eq!(wrapped("日本語", 4), ["日本", "語"]);
        assert_eq!(columns_of("e\u{301}\x1b[2K\u{7}"), 4, "a sequence that is no colour is text");
        assert_eq!(cut("日本", 3), "日…");
        assert_eq!(wrapped("a\tb", 80), ["a    b"]);
    }

    #[test]
    fn no_window_is_too_narrow() {
        assert_eq!(wrapped("日b", 1), ["日", "b"]);
        assert_eq!(wrapped("    ab", 0).len(), 6);
        assert_eq!(cut("ab", 1), "…");
        assert_eq!(cut("ab", 0), "");
    }
}
