//! How the step stands: the groups of a step with tasks, else its checks one by one.

use anstyle::Style;

use super::{
    text::{BAD, GOOD, QUIET, say},
    wrap::WIDTH,
};
use crate::{
    course::hints::words,
    verdict::{
        Verdict,
        groups::{self, Group, State},
    },
};

/// Columns before what a line is about: `  FAIL  `.
const INDENT: usize = 8;

/// Columns between what a line is about and what is to say besides.
const GAP: usize = 4;

pub(super) fn write(text: &mut String, verdict: &Verdict) {
    if verdict.tasks.is_empty() {
        one_by_one(text, verdict);
    } else {
        in_groups(text, &groups::of(verdict), |_| Vec::new());
    }
}

/// The same with the names of the checks that fail below each task that is begun.
pub(super) fn write_with_checks(text: &mut String, verdict: &Verdict) {
    if verdict.tasks.is_empty() {
        return one_by_one(text, verdict);
    }
    in_groups(text, &groups::of(verdict), |group| {
        let failing = verdict.failing().filter(|check| check.task == group.task);
        let named = failing.filter(|check| group.task.is_some() && !verdict.is_expected(check));
        named.map(|check| words(&check.name)).collect()
    });
}

fn in_groups(text: &mut String, groups: &[Group], names: impl Fn(&Group) -> Vec<String>) {
    let fits = |words: usize, note: &str| INDENT + words + GAP + note.chars().count() <= WIDTH;
    let noted = groups.iter().filter_map(|group| Some((group, group.note.as_ref()?)));
    let widths = noted.map(|(group, note)| (group.words.chars().count(), note));
    let width = widths.filter(|(words, note)| fits(*words, note)).map(|(words, _)| words).max();
    let width = width.unwrap_or(0);
    for group @ Group { state, words, note, .. } in groups {
        let begin = format!("  {}  {words}", coloured(*state));
        let padding = width.saturating_sub(words.chars().count());
        match note {
            None => say(text, format_args!("{begin}")),
            Some(note) if fits(width.max(words.chars().count()), note) => {
                say(text, format_args!("{begin}{:padding$}{:GAP$}{note}", "", ""));
            }
            Some(note) => say(text, format_args!("{begin}\n{:INDENT$}{note}", "")),
        }
        for name in names(group) {
            say(text, format_args!("{:INDENT$}  {name}", ""));
        }
    }
}

fn coloured(state: State) -> String {
    let style: Style = match state {
        State::Ok => GOOD,
        State::Todo => QUIET,
        State::Fail => BAD,
    };
    format!("{style}{:4}{style:#}", state.word())
}

/// The checks of this step, and those of earlier steps that fail; the others in one line.
fn one_by_one(text: &mut String, verdict: &Verdict) {
    let mut among_edges = false;
    for check in verdict.listed() {
        if check.is_edge() && !among_edges {
            among_edges = true;
            say(text, format_args!("  {QUIET}Sharp edges{QUIET:#}"));
        }
        let Group { state, words, note, .. } = Group::check(check);
        let before = note.map(|note| format!("   ({note})")).unwrap_or_default();
        say(text, format_args!("  {}  {words}{before}", coloured(state)));
    }
    if let Some(Group { state, words, .. }) = groups::from_the_start(verdict) {
        say(text, format_args!("  {}  {words}", coloured(state)));
    }
}
