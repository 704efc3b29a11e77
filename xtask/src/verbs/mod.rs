//! What can be asked for: one file for each verb of a learner, and the names of the maintainers'.

use crate::verbs::verb::Verb;

pub mod verb;

mod break_in;
mod class;
mod doctor;
mod hint;
mod learn;
mod recall;
mod report;
mod reset;
mod run;
mod solution;
mod status;
mod update;
mod verify;
mod watch;

/// What a learner can ask for, in the order of the list.
pub const LEARNERS: [Verb; 14] = [
    learn::VERB,
    watch::VERB,
    verify::VERB,
    hint::VERB,
    run::VERB,
    reset::VERB,
    solution::VERB,
    break_in::VERB,
    recall::VERB,
    status::VERB,
    class::VERB,
    doctor::VERB,
    report::VERB,
    update::VERB,
];

/// What a maintainer can ask for: the name, and one line on it. `xtask/maintain` has a file for each.
pub const MAINTAINERS: [(&str, &str); 25] = [
    ("ci", "everything that must hold, in one command; or what one step needs"),
    ("new", "the next step, whole from the start: solution, starter, checks, hints, page"),
    ("bench", "how long a learner waits, as ratios against bare cargo"),
    ("cases", "programs by strangers: what is each of them told?"),
    ("clients", "the solutions, tried with clients that other people wrote (needs PyPI)"),
    ("anki", "the questions of `recall`, imported by Anki itself (needs PyPI)"),
    ("deny", "the licences and sources of dependencies, and known vulnerabilities (needs PyPI)"),
    ("fastapi", "FastAPI's tutorial, judged by our checks (needs PyPI)"),
    ("load", "a load test of the solutions, beside the same API in FastAPI (needs PyPI and wrk)"),
    ("lines", "does every command line mean the same in every shell? (needs PyPI)"),
    ("links", "do links that leave the book still lead somewhere? (needs the network)"),
    ("steady", "do the checks say the same at every run, on a machine that is busy?"),
    ("soak", "saves of every kind: is every verdict of the file on the disk, and nothing left?"),
    ("bundle", "one archive for a room without a network (--try: prove it, on Linux)"),
    ("mistakes", "every plausible wrong solution is caught by the check that should"),
    ("rebase", "carry the patches on solutions over to the solutions as they are now"),
    ("mutants", "one small fault at a time in the solutions: do the checks see it?"),
    ("screenshots", "take the book's pictures again, from running solutions (needs Chromium)"),
    ("pdf", "the book on paper (needs Chromium)"),
    ("starters", "make the starters from the solutions (--check: only compare)"),
    ("snapshots", "rewrite what the checks expect, from the solutions"),
    ("workflows", "GitHub's workflows: their schema, and what is unsafe in them (needs PyPI)"),
    ("windows", "what learners run, as Windows programs under wine (needs Debian's packages)"),
    ("systems", "what learners compile, checked for macOS and Windows (needs Debian's packages)"),
    ("words", "how long the chapters are, and the steps"),
];
