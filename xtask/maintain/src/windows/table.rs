//! What was seen under wine, and what cannot be seen there, as a page of the book.

use xtask::{course::Step, verdict::Verdict};

use crate::{bench::peers::machine::Machine, windows::systems};

/// What was seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// The solutions' verdicts on this machine.
    pub(crate) here: Vec<Verdict>,
    /// Those of the same programs under wine.
    pub(crate) wine: Vec<Verdict>,
    /// How many of the runner's unit tests passed.
    pub(crate) tests: usize,
    /// How many programs were linked for a Mac.
    pub(crate) linked: usize,
    /// Seconds from a save to its verdict.
    pub(crate) save: f64,
    /// What it was seen with: a line each.
    pub(crate) versions: Vec<String>,
}

/// What neither wine nor a compiler can show.
const NOT_SEEN: [(&str, &str); 10] = [
    (
        "Microsoft's compiler and linker",
        "rustup installs `x86_64-pc-windows-msvc`. What runs here is `x86_64-pc-windows-gnu`; for the other the code is compiled, \
         and nothing is linked",
    ),
    (
        "macOS",
        "nothing is run there; three steps are linked, and the command line is not, since no linker here has Apple's frameworks",
    ),
    ("curl, and so what is reported to a class", "Windows has it since 2018, and wine has not"),
    ("antivirus software", "it may hold a new program for seconds, or refuse to start it"),
    (
        "NTFS",
        "the files are on Linux, where an open file is not locked, and names may differ in nothing but their case",
    ),
    (
        "the Windows Terminal",
        "colours, keys and Ctrl-C in a real console, and what happens when its window is closed",
    ),
    (
        "`cmd.exe` and PowerShell",
        "no line is pasted into a real one; `cargo xtask lines` parses them with grammars",
    ),
    ("long paths", "Windows may refuse paths of more than 260 characters"),
    (
        "the runner's tests of whole calls",
        "each works on a checkout, and many end processes with Unix signals; only its unit tests run",
    ),
    ("timing", "wine on a shared machine shows nothing about how long Windows takes"),
];

/// The page, in Markdown.
pub(crate) fn page(steps: &[Step], seen: &Seen, machine: &Machine) -> String {
    let Machine { date, words, load, .. } = machine;
    let mut page = format!(
        "# Checked under wine\n\n\
         This workshop is made on Linux, and many learners have Windows or a Mac. `cargo xtask windows --write` checks as much of that as Linux\n\
         can, and wrote this page on {date}. The command line, the starters and the solutions are compiled for Windows, and\n\
         [wine](https://www.winehq.org) runs them as Windows programs. This page does not claim that they work on Windows itself.\n\n\
         | solution | checks passed on Linux | under wine |\n|---|--:|--:|\n"
    );
    for step in steps {
        let count = |verdicts: &[Verdict]| {
            let verdict = verdicts.iter().find(|verdict| verdict.step == step.slug);
            verdict.map_or("not judged".to_owned(), passed)
        };
        page += &format!("| `{}` | {} | {} |\n", step.slug, count(&seen.here), count(&seen.wine));
    }
    page += &format!(
        "\nUnder wine, each starter fails its new checks and no others, {} unit tests of the runner pass, and `hint`, `solution --apply`,\n\
         `reset`, `reset --undo`, `run`, `status` and `doctor` do what they should. From a save to its verdict takes {:.1} s there, on\n\
         {words}, with a load average of {load} when the run began.\n\n\
         Everything that learners compile passes `cargo check` without a warning for `{}`. For a Mac\n\
         [zig](https://ziglang.org) also links {} programs: of the first step, one in the middle and the last, with their solutions\n\
         and checks.\n\n",
        seen.tests,
        seen.save,
        systems::TARGETS.join("` and `"),
        seen.linked
    );
    for line in &seen.versions {
        page += &format!("- {line}\n");
    }
    page += "\n## What this cannot show\n\n| what | why |\n|---|---|\n";
    for (what, why) in NOT_SEEN {
        page += &format!("| {what} | {why} |\n");
    }
    page
}

fn passed(verdict: &Verdict) -> String {
    let passed = verdict.checks.iter().filter(|check| check.passed).count();
    format!("{passed} of {}", verdict.checks.len())
}
