//! What a watch shows, and how: drawn in place, or in lines.

use std::{borrow::Cow, sync::mpsc::Sender, time::Duration};

use crate::{
    course::{Course, Step, Whose},
    process::{
        ahead, cargo_output,
        progress::{self, News},
    },
    screen::{layout, plain, state::State, terminal::Terminal},
    session::keys::Key,
    trouble::Trouble,
    verbs::watch::{events::Event, stage::Stage},
    verdict::{
        Verdict,
        report::{self, Report},
    },
};

pub(super) struct Display {
    /// None where lines are printed.
    drawn: Option<Drawn>,
    keys_need_enter: bool,
    /// Whether lines for editors are among those that are printed.
    for_editors: bool,
    stage: Stage,
    /// Whether a judgement has begun whose end was not printed.
    is_open: bool,
    /// Where the server is.
    server: String,
    /// What the learner's class has said last.
    class: Option<String>,
}

struct Drawn {
    terminal: Terminal,
    _progress: progress::Guard,
    notice: Option<Notice>,
    scroll: usize,
    /// Whether the end of the text stays in view, however long it gets.
    follows: bool,
    /// So many rows can be scrolled at once.
    window: usize,
}

/// What is shown in place of the report.
enum Notice {
    Words(String),
    /// What cargo itself says, as it goes on.
    Cargo,
}

impl Display {
    /// Draws where that is possible and nobody wants it `plain`; events of the terminal and of cargo go to `sender`.
    pub(super) fn open(plain: bool, keys_need_enter: bool, sender: &Sender<Event>) -> Self {
        let tell = |event: fn(News) -> Event| {
            let sender = sender.clone();
            move |news| {
                // The receiver is gone at the end.
                sender.send(event(news)).ok();
            }
        };
        let turned = sender.clone();
        let turned = move || {
            turned.send(Event::Turned).ok();
        };
        let terminal = if plain || keys_need_enter { None } else { Terminal::open(turned) };
        let drawn = terminal.map(|terminal| Drawn {
            terminal,
            _progress: progress::tell(tell(Event::News)),
            notice: None,
            scroll: 0,
            follows: false,
            window: 1,
        });
        Self {
            for_editors: drawn.is_none() && plain::are_wanted(plain),
            drawn,
            keys_need_enter,
            stage: Stage::Judged,
            is_open: false,
            server: String::new(),
            class: None,
        }
    }

    /// Whether how the step stands is in view all the time.
    pub(super) fn is_drawn(&self) -> bool {
        self.drawn.is_some()
    }

    /// Shows how the step stood the last time, until the first judgement has ended: what is to be drawn is returned, and
    /// lines are printed.
    pub(super) fn last_verdict(&self, course: &Course, step: &Step) -> Option<Verdict> {
        let last = Verdict::load(course, step, Whose::Learner)?;
        if self.is_drawn() {
            return Some(last);
        }
        println!("The last verdict on step {}, while it is judged again:", step.number);
        anstream::println!("{}", report::how_it_stands(&last));
        None
    }

    /// How long it may stay as it is: a drawn clock goes on.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.drawn.as_ref()?;
        Some(self.stage.patience())
    }

    /// A judgement begins.
    pub(super) fn begins(&mut self, step: &Step) {
        self.stage = Stage::begin();
        self.is_open = true;
        if self.for_editors {
            println!("{}", plain::begin(step));
        }
    }

    pub(super) fn hear(&mut self, news: News) {
        self.stage.hear(news);
    }

    /// What the quick checks have said.
    pub(super) fn so_far(&mut self, words: String) {
        self.stage.so_far(words);
    }

    /// A judgement has ended.
    pub(super) fn judged(&mut self, report: &Report<'_>) -> Result<(), Trouble> {
        self.stage = Stage::Judged;
        if let Some(drawn) = &mut self.drawn {
            drawn.put(None);
        } else {
            anstream::println!("{}", report.render());
        }
        if self.for_editors {
            for problem in plain::problems(report.step, report.verdict)? {
                println!("{problem}");
            }
            println!("{}", plain::end(report.step, Some(report.verdict)));
        }
        self.is_open = false;
        Ok(())
    }

    /// There is no verdict, or nothing can follow it.
    pub(super) fn trouble(&mut self, step: &Step, trouble: &Trouble) {
        let words = format!("{trouble}\nFix this and save, or press r.");
        if self.drawn.is_some() {
            self.tell(words);
        } else {
            anstream::eprintln!("{words}");
        }
        if std::mem::take(&mut self.is_open) {
            self.stage = Stage::Trouble;
            if self.for_editors {
                println!("{}", plain::end(step, None));
            }
        }
    }

    /// What a key has asked for.
    pub(super) fn tell(&mut self, words: String) {
        match &mut self.drawn {
            Some(drawn) => drawn.put(Some(Notice::Words(words))),
            None => anstream::println!("{}", words.trim_end_matches('\n')),
        }
    }

    /// What cargo itself has said; where it is drawn, what it says from now on as well.
    pub(super) fn show_cargo(&mut self) {
        match &mut self.drawn {
            Some(drawn) => drawn.put(Some(Notice::Cargo)),
            None => println!("{}", cargo_output::words()),
        }
    }

    /// Where the server is now.
    pub(super) fn server_is(&mut self, words: String) {
        self.server = words;
    }

    /// What the learner's class says, in one line.
    pub(super) fn class_says(&mut self, words: String) {
        if self.drawn.is_none() {
            println!("{words}");
        }
        self.class = Some(words);
    }

    /// What a key does that moves the text; whether it does.
    pub(super) fn scroll(&mut self, key: Key) -> bool {
        let Some(Drawn { scroll, window, follows, .. }) = &mut self.drawn else { return false };
        *scroll = match key {
            Key::Down | Key::Letter('j') => scroll.saturating_add(1),
            Key::Up | Key::Letter('k') => scroll.saturating_sub(1),
            Key::PageDown => scroll.saturating_add((*window).max(2) - 1),
            Key::PageUp => scroll.saturating_sub((*window).max(2) - 1),
            Key::Letter(_) => return false,
        };
        *follows = false;
        true
    }

    /// Back to the report; in lines, what is watched and which keys there are.
    pub(super) fn settle(&mut self, step: &Step) {
        if let Some(drawn) = &mut self.drawn {
            drawn.put(None);
            // Another program may have written there.
            drawn.terminal.forget();
            return;
        }
        if let Some(built) = ahead::progress() {
            println!("The other steps are still compiling: {built}. You need not wait.");
        }
        if let Some(packages) = ahead::failed() {
            println!("Cargo could not build {packages} ahead: c shows why.");
        }
        let enter = if self.keys_need_enter { ", then Enter" } else { "" };
        println!(
            "Watching steps/{}; {}\nKeys: h hint, l list, n next, r run again, c cargo, q quit{enter}",
            step.slug, self.server
        );
    }

    /// The server has said where it is, after it was started for the verdict in view.
    pub(super) fn started(&mut self, step: &Step, server: String) {
        self.server = server;
        match &mut self.drawn {
            // It may have written there; what a key has shown meanwhile stays.
            Some(drawn) => drawn.terminal.forget(),
            None => self.settle(step),
        }
    }

    /// Time has passed.
    pub(super) fn tick(&mut self) {
        // Other systems send no signal for a size that can be waited for.
        if let Some(drawn) = self.drawn.as_mut().filter(|_| cfg!(not(target_os = "linux"))) {
            drawn.terminal.measure();
        }
    }

    /// The window has another size, or shows something else.
    pub(super) fn turned(&mut self) {
        if let Some(drawn) = &mut self.drawn {
            drawn.terminal.measure();
            drawn.terminal.forget();
        }
    }

    pub(super) fn draw(&mut self, step: &Step, report: Option<Report<'_>>) {
        let phase = self.stage.phase();
        let Some(drawn) = &mut self.drawn else { return };
        let notice = drawn.notice.as_ref().map(Notice::words);
        let state = State {
            step,
            report,
            phase,
            notice: notice.as_deref(),
            page: report::page_if_served(step),
            server: &self.server,
            class: self.class.as_deref(),
            ahead: ahead::progress(),
            not_built: ahead::failed(),
            scroll: if drawn.follows { usize::MAX } else { drawn.scroll },
        };
        let shown = layout::rows(&state, drawn.terminal.size());
        (drawn.scroll, drawn.window) = (shown.scroll, shown.window);
        drawn.terminal.draw(shown.rows);
    }

    /// Leaves the screen, and prints what is to remain.
    pub(super) fn close(&mut self, report: Option<&Report<'_>>) {
        if self.drawn.take().is_some()
            && let Some(report) = report
        {
            anstream::println!("{}", report.render());
        }
    }
}

impl Drawn {
    /// Shows this from now on, or the report.
    fn put(&mut self, notice: Option<Notice>) {
        // The newest is at the end of what goes on.
        self.follows = matches!(notice, Some(Notice::Cargo));
        (self.notice, self.scroll) = (notice, 0);
    }
}

impl Notice {
    fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Words(words) => Cow::Borrowed(words),
            Self::Cargo => Cow::Owned(cargo_output::words()),
        }
    }
}
