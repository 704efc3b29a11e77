//! The loop of a watch: what each save does.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    thread::Scope,
};

use crate::{
    class::taking_part,
    course::{Course, Step, Whose},
    judge::inputs,
    learner::progress::Progress,
    session::{alive::Alive, keys::Key, live_server::LiveServer, watched},
    trouble::Trouble,
    verbs::watch::{
        display::Display,
        events::{Event, rest_of_the_save},
        judging::Judging,
    },
    verdict::{Outcome, Verdict, report::Report},
};

mod keys;

pub(super) struct Watcher<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    course: &'env Course,
    step: Step,
    place: Alive,
    sender: Sender<Event>,
    events: Receiver<Event>,
    server: LiveServer,
    display: Display,
    /// The last one on the step; perhaps on files that were saved since.
    verdict: Option<Verdict>,
    judging: Option<Judging<'scope>>,
    /// How many judgements have begun.
    count: usize,
    /// The hash of the files that need no verdict: they have one or get one, or nobody has saved them since.
    known: Option<String>,
}

impl<'scope, 'env> Watcher<'scope, 'env> {
    pub(super) fn new(
        scope: &'scope Scope<'scope, 'env>,
        course: &'env Course,
        step: &Step,
        server: LiveServer,
        display: Display,
        (sender, events): (Sender<Event>, Receiver<Event>),
    ) -> Result<Self, Trouble> {
        let verdict = display.last_verdict(course, step);
        Ok(Self {
            scope,
            course,
            step: step.clone(),
            place: watched::note(course, step)?,
            sender,
            events,
            server,
            display,
            verdict,
            judging: None,
            count: 0,
            known: None,
        })
    }

    /// Watches until `q` or Ctrl-C.
    pub(super) fn run(mut self) -> Result<u8, Trouble> {
        let ended = self.watch();
        let current = self.verdict.as_ref().filter(|verdict| self.is_current(verdict));
        let report = report(self.course, &self.step, current);
        self.display.close(report.as_ref());
        ended
    }

    /// Whether the verdict is on the files that were seen last.
    fn is_current(&self, verdict: &Verdict) -> bool {
        self.known.as_ref() == Some(&verdict.inputs)
    }

    fn watch(&mut self) -> Result<u8, Trouble> {
        self.survive(|watch| watch.judge(true))?;
        let mut next = None;
        loop {
            let report = report(self.course, &self.step, self.verdict.as_ref());
            self.display.draw(&self.step, report);
            let Some(event) = next.take().or_else(|| self.next_event()) else {
                self.display.server_is(self.server.in_words_now());
                self.display.tick();
                continue;
            };
            match event {
                Event::Interrupted => return Err(Trouble::Interrupted),
                Event::Key(Key::Letter('q')) => return Ok(0),
                Event::Key(key) => self.survive(|watch| watch.key(key))?,
                Event::AskedFor(slug) => self.survive(|watch| watch.asked_for(&slug))?,
                Event::News(news) => self.display.hear(news),
                Event::SoFar(number, words) if number == self.count => self.display.so_far(words),
                Event::Judged(number) if number == self.count => self.survive(Self::judged)?,
                Event::ServerIs(number, words) if number == self.count => {
                    self.display.started(&self.step, words);
                }
                // Of a judgement that was cancelled, or of one before the last.
                Event::SoFar(..) | Event::Judged(_) | Event::ServerIs(..) => {}
                Event::Turned => self.display.turned(),
                Event::Saved(slug) => {
                    let mut saved = vec![slug];
                    next = rest_of_the_save(&self.events, &mut saved);
                    self.survive(|watch| watch.saved(&saved))?;
                }
            }
        }
    }

    /// The next one, or none when it is time to draw again.
    fn next_event(&self) -> Option<Event> {
        match self.display.patience() {
            Some(patience) => match self.events.recv_timeout(patience) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Event::Interrupted),
            },
            #[expect(clippy::disallowed_methods, reason = "Ctrl-C is one of these events")]
            None => self.events.recv().ok().or(Some(Event::Interrupted)),
        }
    }

    /// Trouble is reported, and the watch goes on; only Ctrl-C ends it.
    fn survive(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        match act(self) {
            Err(trouble @ (Trouble::Environment(_) | Trouble::Usage(_))) => {
                self.display.trouble(&self.step, &trouble);
                Ok(())
            }
            other => other,
        }
    }

    /// Judges the step; or the next one, if this one is solved and the learner has begun there.
    fn saved(&mut self, slugs: &[Option<String>]) -> Result<(), Trouble> {
        let is_saved = |step: &Step| slugs.iter().flatten().any(|slug| *slug == step.slug);
        let current = self.verdict.as_ref().filter(|verdict| self.is_current(verdict));
        let solved = current.is_some_and(|verdict| verdict.outcome == Outcome::Solved);
        match self.course.after(&self.step).filter(|next| is_saved(next)) {
            Some(next) if solved && !is_saved(&self.step) => {
                self.go_to(next)?;
                self.judge(true)
            }
            _ => self.judge(false),
        }
    }

    /// Begins to judge the files as they are, if they are others than those that were judged last or are being judged.
    fn judge(&mut self, fresh: bool) -> Result<(), Trouble> {
        let inputs = inputs::hash(self.course, &self.step, Whose::Learner)?;
        if !fresh && self.known.as_ref() == Some(&inputs) {
            return Ok(());
        }
        self.known = Some(inputs);
        self.cancel();
        self.count += 1;
        self.display.begins(&self.step);
        let number = self.count;
        // The receiver is gone after `q`.
        let tell = |sender: Sender<Event>| move |event| drop(sender.send(event));
        let (heard, ended) = (tell(self.sender.clone()), tell(self.sender.clone()));
        self.judging = Some(Judging::begin(
            self.scope,
            self.course,
            self.step.clone(),
            move |so_far| heard(Event::SoFar(number, so_far.in_words())),
            move || ended(Event::Judged(number)),
        ));
        Ok(())
    }

    /// Ends the judgement that is under way, if one is.
    fn cancel(&mut self) {
        if let Some(judging) = self.judging.take() {
            judging.cancel();
        }
    }

    /// Shows what the judgement has come to.
    fn judged(&mut self) -> Result<(), Trouble> {
        let Some(judging) = self.judging.take() else { return Ok(()) };
        let (verdict, server) = judging.joined()?;
        // A file may have been saved before it was compiled.
        self.known = Some(verdict.inputs.clone());
        let verdict = self.verdict.insert(verdict);
        let solved = verdict.outcome == Outcome::Solved;
        let report =
            Report { course: self.course, step: &self.step, whose: Whose::Learner, verdict };
        self.display.judged(&report)?;
        self.display.draw(&self.step, Some(report));
        if let Some(server) = server {
            self.server.restart(&self.step, server)?;
        }
        let (sender, number) = (self.sender.clone(), self.count);
        self.server.tell_where(move |words| drop(sender.send(Event::ServerIs(number, words))));
        if solved {
            Progress::solve(self.course, &self.step)?;
        }
        // Nobody who waits for a verdict waits for the class as well.
        if let Some(verdict) = &self.verdict
            && let Some(news) = taking_part::after_verdict(self.course, &self.step, verdict)?
        {
            self.display.class_says(news);
        }
        Ok(())
    }

    fn asked_for(&mut self, slug: &str) -> Result<(), Trouble> {
        if self.step.slug == slug {
            return Ok(());
        }
        self.go_to(self.course.step(slug)?)?;
        self.judge(true)
    }

    fn go_to(&mut self, step: &Step) -> Result<(), Trouble> {
        self.place = watched::note(self.course, step)?;
        self.step = step.clone();
        self.verdict = self.display.last_verdict(self.course, step);
        Ok(())
    }
}

/// What runs ends before `watch` does.
impl Drop for Watcher<'_, '_> {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn report<'a>(
    course: &'a Course,
    step: &'a Step,
    verdict: Option<&'a Verdict>,
) -> Option<Report<'a>> {
    Some(Report { course, step, whose: Whose::Learner, verdict: verdict? })
}
