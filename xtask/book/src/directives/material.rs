//! The course as directives read it: what several of them need is read once.

use std::sync::OnceLock;

use xtask::course::Course;

use crate::directives::{
    departures::{self, Row},
    mistakes::{self, OnRecord},
};

/// The course, and what was read of it.
pub struct Material<'c> {
    pub(crate) course: &'c Course,
    bank: OnceLock<Result<Vec<OnRecord<'c>>, String>>,
    departures: OnceLock<Result<Vec<Row>, String>>,
}

impl<'c> Material<'c> {
    /// The course, nothing of which is read yet.
    pub fn new(course: &'c Course) -> Self {
        Self { course, bank: OnceLock::new(), departures: OnceLock::new() }
    }

    /// The bank of mistakes.
    pub(super) fn bank(&self) -> Result<&[OnRecord<'c>], String> {
        self.bank.get_or_init(|| mistakes::bank(self.course)).as_deref().map_err(String::clone)
    }

    /// Where FastAPI differs.
    pub(super) fn departures(&self) -> Result<&[Row], String> {
        let read = self.departures.get_or_init(|| departures::rows(self.course));
        read.as_deref().map_err(String::clone)
    }
}
