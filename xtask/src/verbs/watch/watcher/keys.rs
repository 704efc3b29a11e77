//! What each key does.

use crate::{
    class::taking_part,
    learner::progress::Progress,
    session::keys::Key,
    trouble::Trouble,
    verbs::{hint, watch::watcher::Watcher},
    verdict::{Outcome, report},
};

impl Watcher<'_, '_> {
    pub(super) fn key(&mut self, key: Key) -> Result<(), Trouble> {
        if self.display.scroll(key) {
            return Ok(());
        }
        match key {
            Key::Letter('h') => self.hint(),
            Key::Letter('a') => {
                self.display.class_says(taking_part::turn_hand(self.course)?);
                Ok(())
            }
            Key::Letter('c') => {
                self.display.show_cargo();
                Ok(())
            }
            Key::Letter('l') => self.list(),
            Key::Letter('n') => self.next(),
            Key::Letter('r') => self.judge(true),
            _ => {
                self.display.server_is(self.server.in_words());
                self.display.settle(&self.step);
                Ok(())
            }
        }
    }

    fn next(&mut self) -> Result<(), Trouble> {
        let Some(next) = self.course.after(&self.step) else {
            self.display.tell(format!("Step {} is the last one.", self.step.number));
            return Ok(());
        };
        self.go_to(next)?;
        self.judge(true)
    }

    fn hint(&mut self) -> Result<(), Trouble> {
        let words = match &self.verdict {
            Some(verdict) if verdict.outcome == Outcome::Solved => hint::all(&self.step)?,
            Some(verdict) if let Some(failure) = verdict.focused() => {
                hint::next(self.course, &self.step, verdict, failure)?
            }
            _ => format!(
                "No check has failed yet: save a file of step {}, or press r.",
                self.step.number
            ),
        };
        self.display.tell(words);
        Ok(())
    }

    fn list(&mut self) -> Result<(), Trouble> {
        let progress = Progress::load(self.course)?;
        let mut words = String::new();
        for step in &self.course.steps {
            let solved = if progress.is_solved(step) { "solved" } else { "" };
            let here = if step.number == self.step.number { ">" } else { " " };
            words.push_str(&format!("{here} {:>2}  {:28}{solved}\n", step.number, step.title));
        }
        if let Some(verdict) = self.verdict.as_ref().filter(|_| !self.display.is_drawn()) {
            words.push_str(&format!("\n{}", report::how_it_stands(verdict)));
        }
        self.display.tell(words);
        Ok(())
    }
}
