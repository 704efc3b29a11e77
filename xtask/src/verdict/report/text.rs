//! The text of a report as it grows, and its colours.

use std::fmt::{Arguments, Write};

use anstyle::{AnsiColor, Style};

pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const QUIET: Style = Style::new().dimmed();
pub(super) const STRONG: Style = Style::new().bold();

/// Adds a line.
pub(super) fn say(text: &mut String, line: Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes all text");
}
