//! `recall` asks about steps that are solved, and exports its questions for Anki.

use std::{io::Write, process::Stdio};

use xtask::{course::questions, files};

use crate::support::{checkout::Checkout, output::Output};

/// The same letter for each of three questions.
fn answered(checkout: &Checkout, letter: &str) -> Output {
    let mut command = checkout.command(&["recall"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut recall = command.spawn().expect("it can be started");
    let mut input = recall.stdin.take().expect("it is piped");
    input.write_all(format!("?\n{letter}\n{letter}\n{letter}\n").as_bytes()).expect("it reads");
    drop(input);
    Output::new(&recall.wait_with_output().expect("it ends"))
}

#[test]
fn three_questions_are_asked_and_each_answer_is_explained() {
    let checkout = Checkout::new();
    checkout.xtask(&["recall"]).exits(2).says("no step is solved yet");
    checkout.save_solution();
    checkout.xtask(&["verify", "1"]).exits(0);
    let (course, step) = (checkout.course(), checkout.step());
    let questions = questions::of(&course, &step).expect("the page has questions");
    let output = answered(&checkout, "a");
    output.exits(0).says_times("Step 1: ", 3).says(" of 3 right.").never_says("**");
    // A `?` is no letter, so it is asked again; where the answer is typed, it is a wrong one.
    let prompts = output.text.matches("Your answer").count();
    assert!((3..=4).contains(&prompts), "{}", output.text);
    let printed = |text: &str| text.trim().replace("**", "");
    let asked = questions.iter().filter(|question| output.text.contains(&printed(&question.text)));
    let asked: Vec<_> = asked.collect();
    assert_eq!(asked.len(), 3, "{}", output.text);
    for question in asked {
        let right = question.choices.iter().find(|choice| choice.right).expect("one is right");
        output.says(printed(&right.explanation));
    }
    let yes = output.text.matches("\nYes. ").count();
    output.says(format!("{yes} of 3 right."));
    checkout.xtask(&["recall"]).exits(0).says("0 of 0 right.");
}

#[test]
fn the_questions_of_solved_steps_are_exported_for_anki() {
    let checkout = Checkout::new();
    let file = checkout.root.join("notes.txt");
    checkout.xtask(&["recall", "--anki", "notes.txt"]).exits(2);
    checkout.xtask(&["recall", "--all"]).exits(2).says("--all belongs to --anki");
    checkout
        .xtask(&["recall", "--anki", "notes.txt", "--all"])
        .exits(0)
        .says(" notes are in notes.txt");
    let text = files::read(&file).expect("it was written");
    let (head, notes) = text.split_at(text.find("\n01-").expect("there are notes of step 1") + 1);
    assert!(head.starts_with("#separator:tab\n#html:true\n"), "{head}");
    let mut guids: Vec<&str> = Vec::new();
    for note in notes.lines() {
        let fields: Vec<&str> = note.split('\t').collect();
        assert!(fields.len() == 4 && fields[1].starts_with("Protect an API in Rust::"), "{note}");
        assert!(!guids.contains(&fields[0]), "`{}` is there twice", fields[0]);
        guids.push(fields[0]);
    }
    let course = checkout.course();
    let count = |step| questions::of(&course, step).expect("the page has questions").len();
    assert_eq!(guids.len(), course.steps.iter().map(count).sum::<usize>());
}
