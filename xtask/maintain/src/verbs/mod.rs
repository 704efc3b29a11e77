//! The maintainers' verbs: one file each. Their names, and a line on each, are in xtask's list of all verbs.

use xtask::{
    course::Course,
    trouble::Trouble,
    verbs::{self, verb::Verb},
};

mod anki;
mod bench;
mod bundle;
mod cases;
mod ci;
mod clients;
mod deny;
mod fastapi;
mod lines;
mod links;
mod load;
mod mistakes;
mod mutants;
mod new;
mod pdf;
mod rebase;
mod screenshots;
mod snapshots;
mod soak;
mod starters;
mod steady;
mod systems;
mod windows;
mod words;
mod workflows;

/// Every verb that xtask's list has for maintainers.
pub(crate) fn all() -> Vec<Verb> {
    let verb = |(name, about)| {
        let (help, run) = named(name)?;
        Some(Verb { name, about, help, run })
    };
    verbs::MAINTAINERS.into_iter().filter_map(verb).collect()
}

type Run = fn(&Course, lexopt::Parser) -> Result<u8, Trouble>;

fn named(name: &str) -> Option<(&'static str, Run)> {
    Some(match name {
        "ci" => (ci::HELP, ci::run as Run),
        "bench" => (bench::HELP, bench::run),
        "cases" => (cases::HELP, cases::run),
        "new" => (new::HELP, new::run),
        "anki" => (anki::HELP, anki::run),
        "clients" => (clients::HELP, clients::run),
        "deny" => (deny::HELP, deny::run),
        "fastapi" => (fastapi::HELP, fastapi::run),
        "load" => (load::HELP, load::run),
        "lines" => (lines::HELP, lines::run),
        "links" => (links::HELP, links::run),
        "steady" => (steady::HELP, steady::run),
        "bundle" => (bundle::HELP, bundle::run),
        "mistakes" => (mistakes::HELP, mistakes::run),
        "rebase" => (rebase::HELP, rebase::run),
        "mutants" => (mutants::HELP, mutants::run),
        "screenshots" => (screenshots::HELP, screenshots::run),
        "pdf" => (pdf::HELP, pdf::run),
        "starters" => (starters::HELP, starters::run),
        "soak" => (soak::HELP, soak::run),
        "snapshots" => (snapshots::HELP, snapshots::run),
        "workflows" => (workflows::HELP, workflows::run),
        "systems" => (systems::HELP, systems::run),
        "windows" => (windows::HELP, windows::run),
        "words" => (words::HELP, words::run),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_of_the_list_is_here() {
        for (name, _) in verbs::MAINTAINERS {
            assert!(named(name).is_some(), "`{name}` is in the list, and nothing runs it");
        }
    }
}
