//! `cargo xtask recall`: three questions on what was solved.

use std::{
    io,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use lexopt::Arg::Long;

use crate::{
    course::{
        Course, Step,
        questions::{self, Choice, Question},
    },
    files,
    learner::{anki, progress::Progress},
    trouble::Trouble,
    verbs::verb::Verb,
};

/// `cargo xtask recall`.
pub(super) const VERB: Verb = Verb {
    name: "recall",
    about: "three questions on the steps that you have solved",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask recall [--anki FILE [--all]]

Three questions of the book, drawn from the steps that you have solved: type a letter, or
what is asked for, then Enter. An empty line ends it.

  --anki FILE   write all questions of these steps to FILE instead, for Anki
                (File, Import). Importing a newer file updates the notes
  --all         those of every step, solved or not";

/// How many are asked.
const COUNT: usize = 3;

/// Asks, or exports.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut file, mut all) = (None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("anki") => file = Some(arguments.value()?),
            Long("all") => all = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let progress = Progress::load(course)?;
    let mut known = Vec::new();
    for step in course.steps.iter().filter(|step| all || progress.is_solved(step)) {
        known.extend(questions::of(course, step)?.into_iter().map(|question| (step, question)));
    }
    if known.is_empty() {
        return Err(Trouble::Usage(
            "no step is solved yet, and the questions are about those that are. Next:  cargo xtask learn".to_owned(),
        ));
    }
    match file {
        Some(file) => export(Path::new(&file), &known),
        None if all => Err(Trouble::Arguments("--all belongs to --anki".to_owned())),
        None => ask_some(known),
    }
}

fn export(file: &Path, known: &[(&Step, Question)]) -> Result<u8, Trouble> {
    let text = anki::text(known.iter().map(|(step, question)| (*step, question)));
    files::write(file, text.as_bytes())?;
    println!("{} notes are in {}. In Anki: File, Import.", known.len(), file.display());
    Ok(0)
}

fn ask_some(mut known: Vec<(&Step, Question)>) -> Result<u8, Trouble> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut draw = Draw(now.map_or(1, |since| u64::from(since.subsec_nanos()) | 1));
    let (mut asked, mut right) = (0, 0);
    while asked < COUNT && !known.is_empty() {
        let (step, question) = known.swap_remove(draw.below(known.len()));
        println!("Step {}: {}\n", step.number, in_a_terminal(&question.text));
        if let Some(request) = &question.request {
            println!("  {}\n", request.replace('\n', "\n  "));
        }
        let answered = if question.typed {
            ask_typed(&question.choices)?
        } else {
            ask_lettered(question.choices, &mut draw)?
        };
        let Some(is_right) = answered else { break };
        asked += 1;
        right += usize::from(is_right);
    }
    println!("{right} of {asked} right.");
    Ok(0)
}

/// Whether the choice whose letter was typed is right; none at the end.
fn ask_lettered(mut choices: Vec<Choice>, draw: &mut Draw) -> Result<Option<bool>, Trouble> {
    draw.shuffle(&mut choices);
    let lettered: Vec<(String, &Choice)> = ('A'..).map(String::from).zip(&choices).collect();
    for (letter, choice) in &lettered {
        println!("  {letter}. {}", in_a_terminal(&choice.text).replace('\n', "\n     "));
    }
    println!();
    let last = lettered.last().map_or("A", |(letter, _)| letter);
    loop {
        println!("Your answer, A to {last}:");
        let Some(typed) = read_line()? else { return Ok(None) };
        let begins = |(letter, _): &&(String, &Choice)| typed.to_uppercase().starts_with(letter);
        if let Some((_, choice)) = lettered.iter().find(begins) {
            explain(Some(choice), &lettered);
            return Ok(Some(choice.right));
        }
    }
}

/// Whether what was typed is the right answer; none at the end.
fn ask_typed(choices: &[Choice]) -> Result<Option<bool>, Trouble> {
    println!("Your answer:");
    let Some(typed) = read_line()? else { return Ok(None) };
    let named: Vec<(String, &Choice)> =
        choices.iter().map(|choice| (format!("`{}`", choice.text.trim()), choice)).collect();
    let choice = choices.iter().find(|choice| choice.text.trim().eq_ignore_ascii_case(&typed));
    explain(choice, &named);
    Ok(Some(choice.is_some_and(|choice| choice.right)))
}

/// A line without the spaces around it; none at an empty line, or at the end of the input.
fn read_line() -> Result<Option<String>, Trouble> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| Trouble::io("read", Path::new("the keyboard"), &error))?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

/// Says why the answer is right or wrong, if it is one that was thought of, and which is right.
fn explain(chosen: Option<&Choice>, named: &[(String, &Choice)]) {
    let explanation = in_a_terminal(chosen.map_or("", |choice| &choice.explanation));
    if chosen.is_some_and(|choice| choice.right) {
        println!("\nYes. {explanation}\n");
        return;
    }
    // Most explanations of a wrong answer begin with that word themselves.
    let no = if explanation.starts_with("No") { "" } else { "No. " };
    println!("\n{no}{explanation}\n");
    for (name, choice) in named.iter().filter(|(_, choice)| choice.right) {
        println!("{name} is right. {}\n", in_a_terminal(&choice.explanation));
    }
}

/// The book's words without what makes them bold.
fn in_a_terminal(text: &str) -> String {
    text.trim().replace("**", "")
}

/// Numbers that look random (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0 % end).unwrap_or_default()
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}
