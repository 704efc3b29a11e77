//! From a state and the size of a window to rows of text: a head, how the tasks stand, the failure to look at first, and
//! a foot with the keys.
//!
//! ```text
//! Step 3: An extractor is a guard                        [##########....] 25 of 27
//! 2 of 27 checks fail
//!
//!   ok    Tasks 1 and 2
//!   FAIL  Task 3  Let the right requests in    16 of 18
//!   ok    7 checks that passed from the start
//!
//! refuses another scheme: your server let this request in.
//! …
//! -- 12 more rows: j, k, arrows, PageUp, PageDown --
//! your server: http://127.0.0.1:3000
//! h hint  l list  n next step  r run again  c cargo  j/k scroll  q quit
//! ```

use crate::{
    process::window::Size,
    screen::{
        state::{Phase, State},
        summary,
        wrap::{columns_of, cut, wrapped},
    },
    verdict::report,
};

/// What a window shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// As many rows as the window has, with colours.
    pub rows: Vec<String>,
    /// How far the text is scrolled, which is no further than to its end.
    pub scroll: usize,
    /// So many rows of the text are shown.
    pub window: usize,
}

const KEYS: [&str; 7] =
    ["h hint", "l list", "n next step", "r run again", "c cargo", "j/k scroll", "q quit"];

/// The key that ends a notice: any that means nothing else.
const BACK: &str = "b back";

/// So many rows of the failure are worth more than what could be in their place.
const ENOUGH: usize = 6;

/// And so many are worth more than the names of all checks that fail.
const PLENTY: usize = 16;

/// The rows of the window.
pub fn rows(state: &State<'_>, size: Size) -> Shown {
    let Size { width, height } = size;
    let text = wrapped(&text(state), width);
    let keys = keys(state, width);
    let mut above = vec![head(state, width), cut(&status(state), width)];
    let mut below = Vec::new();
    let left = |above: &[String], below: &[String]| {
        height.saturating_sub(above.len() + below.len() + keys.len())
    };
    let list = list(state, width, left(&above, &below));
    if !list.is_empty() && left(&above, &below) >= list.len() + ENOUGH {
        above.extend(list);
    }
    for line in foot(state) {
        if left(&above, &below) > ENOUGH + 2 {
            below.push(cut(&line, width));
        }
    }
    if left(&above, &below) > ENOUGH {
        above.push(String::new());
    }
    let mut room = left(&above, &below);
    let more = text.len() > room && room > 1;
    if more {
        room -= 1;
    }
    let scroll = state.scroll.min(text.len().saturating_sub(room));
    let mut rows = above;
    rows.extend(text.iter().skip(scroll).take(room).cloned());
    if more {
        let after = text.len() - scroll - room;
        rows.push(cut(&position(scroll, after), width));
    }
    rows.resize(height.saturating_sub(below.len() + keys.len()).max(rows.len()), String::new());
    rows.extend(below);
    rows.extend(keys);
    rows.truncate(height);
    Shown { rows, scroll, window: room }
}

/// The step, and how many of its checks pass.
fn head(state: &State<'_>, width: usize) -> String {
    let title = format!("Step {}: {}", state.step.number, state.step.title);
    let checks = state.report.as_ref().map_or(&[][..], |report| &report.verdict.checks);
    let passed = checks.iter().filter(|check| check.passed).count();
    let count = format!("{passed} of {}", checks.len());
    let cells = width / 4;
    let bar = format!("[{}] {count}", bar(passed, checks.len(), cells));
    let room = |right: &str| width.saturating_sub(columns_of(right) + 2);
    let fits = |right: &&String| room(right) >= columns_of(&title).min(20);
    let right = [bar, count].into_iter().find(|right| fits(&right)).filter(|_| !checks.is_empty());
    match right {
        Some(right) => {
            let title = cut(&title, room(&right));
            let space = width.saturating_sub(columns_of(&title) + columns_of(&right));
            format!("\x1b[1m{title}\x1b[0m{:space$}{right}", "")
        }
        None => format!("\x1b[1m{}\x1b[0m", cut(&title, width)),
    }
}

/// Full only if all pass, and empty only if none does.
fn bar(passed: usize, all: usize, cells: usize) -> String {
    let full = match passed {
        0 => 0,
        _ if passed == all => cells,
        _ => (passed * cells / all).clamp(1, cells.saturating_sub(1).max(1)).min(cells),
    };
    format!("{}{}", "#".repeat(full), ".".repeat(cells.saturating_sub(full)))
}

/// What is under way, or how it has come out.
fn status(state: &State<'_>) -> String {
    let verdict = state.report.as_ref().map(|report| report.verdict);
    let outcome = || verdict.map_or_else(String::new, summary::of);
    let words = match &state.phase {
        Phase::Compiling { seconds, does: None } => format!("compiling, {seconds} s"),
        Phase::Compiling { seconds, does: Some(does) } => {
            // Cargo's own word for it is the same.
            let does = does.strip_prefix("Compiling ").unwrap_or(does);
            format!("compiling, {seconds} s: {does}")
        }
        Phase::Checking { said: Some(said), .. } => format!("checking: {said}"),
        Phase::Checking { seconds: 0, .. } => "checking".to_owned(),
        Phase::Checking { seconds, .. } => format!("checking, {seconds} s"),
        Phase::Judged => outcome(),
        Phase::Trouble => summary::CANNOT_BE_CHECKED.to_owned(),
    };
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// How the tasks stand, with the names of the checks that fail where there is room for them.
fn list(state: &State<'_>, width: usize, room: usize) -> Vec<String> {
    let Some(verdict) = state.report.as_ref().map(|report| report.verdict) else {
        return Vec::new();
    };
    let rows = |list: String| {
        let mut rows = wrapped(&list, width);
        if !rows.is_empty() {
            rows.insert(0, String::new());
        }
        rows
    };
    let with_names = rows(report::how_it_stands_with_checks(verdict));
    if with_names.len() + PLENTY <= room {
        return with_names;
    }
    rows(report::how_it_stands(verdict))
}

/// What can be scrolled.
fn text(state: &State<'_>) -> String {
    match (state.notice, &state.report) {
        (Some(notice), _) => notice.trim_end().to_owned(),
        (None, Some(report)) => report.body().trim_end().to_owned(),
        (None, None) => format!(
            "Your first verdict on this step is being made.\n\nYour file:  {}",
            state.step.main_rs().display()
        ),
    }
}

/// The most important line comes first.
fn foot(state: &State<'_>) -> impl Iterator<Item = String> {
    let server = Some(state.server.to_owned()).filter(|server| !server.is_empty());
    let failed = state
        .not_built
        .as_ref()
        .map(|packages| format!("cargo could not build {packages} ahead: c shows why"));
    let page = state.page.as_ref().map(|page| format!("the page:    {page}"));
    let ahead = state
        .ahead
        .as_ref()
        .map(|built| format!("the other steps are still compiling: {built}; you need not wait"));
    [state.class.map(str::to_owned), server, failed, page, ahead].into_iter().flatten()
}

/// The keys, none of which is broken where it fits.
fn keys(state: &State<'_>, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for key in state.notice.map(|_| BACK).into_iter().chain(KEYS) {
        match rows.last_mut() {
            Some(row) if columns_of(row) + 2 + columns_of(key) <= width => {
                row.push_str(&format!("  {key}"));
            }
            _ => rows.push(cut(key, width)),
        }
    }
    rows
}

fn position(before: usize, after: usize) -> String {
    let where_to = match (before, after) {
        (before, 0) => format!("{before} rows above"),
        (0, after) => format!("{after} more rows"),
        (before, after) => format!("{before} rows above, {after} more"),
    };
    format!("-- {where_to}: j, k, arrows, PageUp, PageDown --")
}

#[cfg(test)]
mod tests;
