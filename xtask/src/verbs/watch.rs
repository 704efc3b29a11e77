//! `cargo xtask watch`: a verdict at every save.

use std::{
    io::{self, IsTerminal},
    panic,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, Scope, ScopedJoinHandle},
    time::{Duration, Instant},
};

use crate::{
    class::taking_part,
    course::{Course, Step, Whose, made_of},
    judge::{inputs, judge_until},
    learner::progress::Progress,
    process::{ahead, cancel::Cancel, interrupt, server_copy::ServerCopy},
    session::{alive::Alive, keys::Keys, live_server::LiveServer, saves::Saves, watched},
    trouble::Trouble,
    verbs::{
        hint,
        verb::{Verb, mention_strangers, step_or_current, steps_and_flags},
    },
    verdict::{
        Outcome, Verdict,
        report::{self, Report},
    },
};

/// `cargo xtask watch`.
pub(super) const VERB: Verb = Verb {
    name: "watch",
    about: "check your code at every save, without the book",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask watch [STEP]

Checks the step at every save and keeps its server running on port 3000, with the
code of your last save that compiles. When a step is solved, n goes on, and so does
a save in the next step. Without STEP: the first step that you have not solved.

  Keys: h hint, l list of the steps, n next step, r run again, q quit
  In a class: a raises your hand, and takes it down
  WORKSHOP_POLL=1 looks for saves every second, where the file system does not tell";

/// Editors write a file in several goes; what comes within this time is one save.
const ONE_SAVE: Duration = Duration::from_millis(15);

/// How long a save may take at most: where something writes without a pause, it is judged all the same.
const LONGEST_SAVE: Duration = Duration::from_millis(150);

#[derive(Clone)]
enum Event {
    /// In the step of this slug, if it is a step's file.
    Saved(Option<String>),
    Key(char),
    /// The judgement of this number has ended.
    Judged(usize),
    Interrupted,
}

/// Watches until `q` or Ctrl-C.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, []) = steps_and_flags(course, arguments, [])?;
    watch(course, step_or_current(course, &steps)?)
}

/// Watches, beginning with `step`.
pub(super) fn watch(course: &Course, step: &Step) -> Result<u8, Trouble> {
    let (sender, events) = mpsc::channel();
    let for_saves = sender.clone();
    let steps = course.root.join("steps");
    let folder = steps.clone();
    let saves = Saves::watch(&steps, move |path| {
        if !path.file_name().is_some_and(made_of::is_leftover) {
            let slug = path.strip_prefix(&folder).ok().and_then(|path| path.iter().next());
            let slug = slug.map(|slug| slug.to_string_lossy().into_owned());
            // The receiver ends last.
            for_saves.send(Event::Saved(slug)).ok();
        }
    })?;
    let _guard = interrupt::send(sender.clone(), Event::Interrupted);
    let keys = Keys::listen(sender.clone(), Event::Key);
    let server = LiveServer::on(course, 3000)?;
    if server.port() != 3000 {
        println!("Port 3000 cannot be used here, so your server is on port {}.", server.port());
    }
    if let Some(why) = &saves.polling {
        println!("Looking for saves every second: {why}.");
    }
    mention_strangers(course);
    let place = watched::note(course, step)?;
    thread::scope(|scope| {
        let mut watch = Watch {
            scope,
            course,
            step: step.clone(),
            place,
            sender,
            events,
            keys,
            server,
            verdict: None,
            judging: None,
            count: 0,
            known: None,
        };
        watch.run()
    })
}

struct Watch<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    course: &'env Course,
    step: Step,
    place: Alive,
    sender: Sender<Event>,
    events: Receiver<Event>,
    keys: Keys,
    server: LiveServer,
    verdict: Option<Verdict>,
    judging: Option<Judging<'scope>>,
    /// How many judgements have begun.
    count: usize,
    /// The hash of the files that need no verdict: they have one or get one, or nobody has saved them since.
    known: Option<String>,
}

/// A judgement that is under way.
struct Judging<'scope> {
    cancel: Arc<Cancel>,
    thread: ScopedJoinHandle<'scope, Judged>,
}

type Judged = Result<(Verdict, Option<ServerCopy>), Trouble>;

impl Watch<'_, '_> {
    fn run(&mut self) -> Result<u8, Trouble> {
        self.survive(|watch| watch.judge(true))?;
        let mut next = None;
        loop {
            #[expect(clippy::disallowed_methods, reason = "Ctrl-C is one of these events")]
            let event = match next.take() {
                Some(event) => event,
                None => match self.events.recv() {
                    Ok(event) => event,
                    Err(_) => return Ok(0),
                },
            };
            match event {
                Event::Interrupted => return Err(Trouble::Interrupted),
                Event::Key('q') => return Ok(0),
                Event::Key(key) => self.survive(|watch| watch.key(key))?,
                Event::Judged(number) if number == self.count => {
                    self.survive(Self::judged)?;
                }
                Event::Judged(_) => {}
                Event::Saved(slug) => {
                    let mut saved = vec![slug];
                    next = self.rest_of_the_save(&mut saved);
                    self.survive(|watch| watch.saved(&saved))?;
                }
            }
        }
    }

    /// Trouble is reported, and the watch goes on; only Ctrl-C ends it.
    fn survive(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        match act(self) {
            Err(trouble @ (Trouble::Environment(_) | Trouble::Usage(_))) => {
                anstream::eprintln!("{trouble}\nFix this and save, or press r.");
                Ok(())
            }
            other => other,
        }
    }

    fn key(&mut self, key: char) -> Result<(), Trouble> {
        match key {
            'h' => self.hint(),
            'a' => {
                println!("{}", taking_part::turn_hand(self.course)?);
                Ok(())
            }
            'l' => self.list(),
            'n' => self.next(),
            'r' => self.judge(true),
            _ => {
                self.footer();
                Ok(())
            }
        }
    }

    /// Takes in what belongs to the same save, and gives the next event that does not.
    fn rest_of_the_save(&mut self, saved: &mut Vec<Option<String>>) -> Option<Event> {
        let until = Instant::now() + LONGEST_SAVE;
        while Instant::now() < until {
            match self.events.recv_timeout(ONE_SAVE) {
                Ok(Event::Saved(slug)) => saved.push(slug),
                Ok(other) => return Some(other),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }

    /// Judges the step; or the next one, if this one is solved and the learner has begun there.
    fn saved(&mut self, slugs: &[Option<String>]) -> Result<(), Trouble> {
        let is_saved = |step: &Step| slugs.iter().flatten().any(|slug| *slug == step.slug);
        let solved =
            self.verdict.as_ref().is_some_and(|verdict| verdict.outcome == Outcome::Solved);
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
        let cancel = Arc::new(Cancel::default());
        let (course, step, ended) = (self.course, self.step.clone(), self.sender.clone());
        let (number, cancelled) = (self.count, cancel.clone());
        let thread = self.scope.spawn(move || {
            let judged = judge_until(course, &step, &cancelled);
            // The receiver is gone after `q`.
            ended.send(Event::Judged(number)).ok();
            judged
        });
        self.judging = Some(Judging { cancel, thread });
        Ok(())
    }

    /// Ends the judgement that is under way, if one is, with all that it has started.
    fn cancel(&mut self) {
        if let Some(Judging { cancel, thread }) = self.judging.take() {
            cancel.ask();
            // Whatever it came to, it is of files that are no longer there.
            drop(joined(thread));
        }
    }

    /// Shows what the judgement has come to.
    fn judged(&mut self) -> Result<(), Trouble> {
        let Some(Judging { thread, .. }) = self.judging.take() else { return Ok(()) };
        let (verdict, server) = joined(thread)?;
        // A file may have been saved before it was compiled.
        self.known = Some(verdict.inputs.clone());
        if io::stdout().is_terminal() {
            anstream::print!("\x1b[2J\x1b[H");
        }
        let report = Report {
            course: self.course,
            step: &self.step,
            whose: Whose::Learner,
            verdict: &verdict,
        };
        anstream::println!("{}", report.render());
        if let Some(server) = server {
            self.server.restart(&self.step, server)?;
        }
        let solved = verdict.outcome == Outcome::Solved;
        let verdict = self.verdict.insert(verdict).clone();
        self.footer();
        if solved {
            Progress::solve(self.course, &self.step)?;
        }
        if let Some(news) = taking_part::after_verdict(self.course, &self.step, &verdict)? {
            println!("{news}");
        }
        Ok(())
    }

    fn next(&mut self) -> Result<(), Trouble> {
        let Some(next) = self.course.after(&self.step) else {
            println!("Step {} is the last one.", self.step.number);
            return Ok(());
        };
        self.go_to(next)?;
        self.judge(true)
    }

    fn go_to(&mut self, step: &Step) -> Result<(), Trouble> {
        self.place = watched::note(self.course, step)?;
        self.step = step.clone();
        self.verdict = None;
        Ok(())
    }

    fn hint(&mut self) -> Result<(), Trouble> {
        let focused = |verdict| Some((verdict, Verdict::focused(verdict)?));
        let Some((verdict, failure)) = self.verdict.as_ref().and_then(focused) else {
            println!(
                "No check has failed yet: save a file of step {}, or press r.",
                self.step.number
            );
            return Ok(());
        };
        hint::print_next(self.course, &self.step, verdict, failure)
    }

    fn list(&self) -> Result<(), Trouble> {
        let progress = Progress::load(self.course)?;
        for step in &self.course.steps {
            let solved = if progress.is_solved(step) { "solved" } else { "" };
            let here = if step.number == self.step.number { ">" } else { " " };
            println!("{here} {:>2}  {:28}{solved}", step.number, step.title);
        }
        if let Some(verdict) = &self.verdict {
            anstream::print!("\n{}", report::how_it_stands(verdict));
        }
        Ok(())
    }

    fn footer(&self) {
        if let Some(built) = ahead::progress() {
            println!("The other steps are still compiling: {built}. You need not wait.");
        }
        let enter = if self.keys.need_enter() { ", then Enter" } else { "" };
        println!(
            "Watching steps/{}; {}\nKeys: h hint, l list, n next, r run again, q quit{enter}",
            self.step.slug,
            self.server.in_words()
        );
    }
}

/// What runs ends before `watch` does.
impl Drop for Watch<'_, '_> {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn joined(thread: ScopedJoinHandle<'_, Judged>) -> Judged {
    thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))
}
