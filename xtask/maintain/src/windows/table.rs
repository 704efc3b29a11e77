//! What was seen under wine, and what cannot be seen there, as a page.

use xtask::{course::Step, verdict::Verdict};

/// What was seen.
pub(crate) struct Seen {
    /// The solutions' verdicts on this machine.
    pub(crate) here: Vec<Verdict>,
    /// Those of the same programs under wine.
    pub(crate) wine: Vec<Verdict>,
    /// How many of the runner's unit tests passed.
    pub(crate) tests: usize,
    /// Seconds from a save to its verdict.
    pub(crate) save: f64,
    /// What it was seen with: a line each.
    pub(crate) versions: Vec<String>,
    /// The day, as `2026-11-28`.
    pub(crate) date: String,
}

/// What neither wine nor a compiler can show.
const NOT_SEEN: [(&str, &str); 8] = [
    (
        "Microsoft's compiler and linker",
        "learners have the target `x86_64-pc-windows-msvc`, and this is another",
    ),
    ("an antivirus", "it may hold a new program for seconds, or refuse it"),
    (
        "NTFS",
        "files lie on Linux: no file is locked while it is open, and names differ in more than their case",
    ),
    (
        "the Windows Terminal",
        "colours, keys and Ctrl-C in a real console, and what happens when its window is closed",
    ),
    ("cmd.exe and PowerShell", "no line is pasted into a real one: they are parsed by grammars"),
    ("long paths", "Windows refuses more than 260 characters where long paths are not allowed"),
    (
        "the runner's tests of whole calls",
        "each copies a checkout, and many end processes by signals: only its unit tests run",
    ),
    ("time", "wine and a shared machine say nothing of how long it takes on Windows"),
];

/// The page, in Markdown.
pub(crate) fn page(steps: &[Step], seen: &Seen) -> String {
    let mut page = format!(
        "# Checked under wine\n\n\
         Made by `cargo xtask windows` on {}. The solutions and the command line are compiled for Windows and run as Windows\n\
         programs under wine, on Linux. Nobody has seen them on Windows itself.\n\n\
         | step | checks passed on Linux | under wine |\n|---|--:|--:|\n",
        seen.date
    );
    for step in steps {
        let count = |verdicts: &[Verdict]| {
            let verdict = verdicts.iter().find(|verdict| verdict.step == step.slug);
            verdict.map_or("not judged".to_owned(), passed)
        };
        page += &format!("| {} | {} | {} |\n", step.slug, count(&seen.here), count(&seen.wine));
    }
    page += &format!(
        "\nUnder wine {} of the runner's unit tests pass, and {:.1} s go by from a save to its verdict.\n\n",
        seen.tests, seen.save
    );
    for line in &seen.versions {
        page += &format!("- {line}\n");
    }
    page += "\n## What wine cannot show\n\n| what | why |\n|---|---|\n";
    for (what, why) in NOT_SEEN {
        page += &format!("| {what} | {why} |\n");
    }
    page
}

fn passed(verdict: &Verdict) -> String {
    let passed = verdict.checks.iter().filter(|check| check.passed).count();
    format!("{passed} of {}", verdict.checks.len())
}
