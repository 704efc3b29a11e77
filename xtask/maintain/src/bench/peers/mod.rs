//! Our waits beside those of other people's tools, in one run on one machine, written to a page of the book.

mod by_hand;
mod change;
mod clone;
pub(crate) mod counts;
mod figures;
mod install;
pub(crate) mod machine;
mod ours;
mod page;
mod rustlings;
mod saves;

use xtask::{course::Course, files, trouble::Trouble};

use crate::bench::{
    copy::Bench,
    peers::{
        clone::FirstMinute,
        counts::Counts,
        install::{RUNNER, RUSTLINGS},
        machine::Machine,
        page::Page,
        rustlings::Exercises,
        saves::Saves,
    },
};

/// Measures everything and writes `book/src/peers.md`.
pub(crate) fn measure(course: &Course, counts: Counts) -> Result<(), Trouble> {
    let folder = course.temporary().join("peers");
    files::create_folder(&folder)?;
    let machine = Machine::look()?;
    println!("Installing the peers, and compiling a copy of the workshop");
    let rustlings = RUSTLINGS.install(&folder)?;
    let runner = RUNNER.install(&folder)?;
    let bench = Bench::set_up(course)?;
    let exercises = Exercises::set_up(&rustlings)?;
    let saves = Saves::measure(&bench, &exercises, &runner, counts.saves)?;
    let first = FirstMinute::measure(course, &folder, counts.colds)?;
    let page = Page { machine, counts, saves, first };
    files::write(&course.root.join("book/src/peers.md"), page.to_string().as_bytes())?;
    println!("Written: book/src/peers.md");
    Ok(())
}
