//! A question's choices: what an author writes as a task list becomes answers that fold open, and that a script turns
//! into radio buttons. A reader's answer is kept by the ids that are made here.

use xtask::course::questions::{self, Choice, lasting_hash};

use crate::{directives::typed::Typed, html::escaped_attribute, markdown::inline_html};

/// What is wrong, and in which line of the block, from 0.
pub(crate) type Wrong = (usize, String);

/// Words of a question that its id begins with.
const WORDS_OF_ID: usize = 6;

/// A question, ready for its page.
pub(super) struct Asked {
    /// What is above the choices.
    pub(super) question: String,
    /// The same as long as the question is: `which-line-refuses-it-1f0c66ab`.
    pub(super) id: String,
    /// The choices in the order that was drawn, each folded; or what explains the answer that is typed.
    pub(super) folded: String,
    /// The answer that is right.
    pub(super) right: String,
}

/// Reads a question about the exchange `about` on `page`, which may be none, and draws the order of its choices.
pub(super) fn ask(
    page: &str,
    about: &str,
    typed: Option<Typed>,
    block: &[&str],
) -> Result<Asked, Vec<Wrong>> {
    let begin = block.iter().position(|line| line.starts_with("- ")).unwrap_or(block.len());
    let (question, list) = block.split_at(begin);
    let (mut choices, mut wrong) = questions::choices(list, begin);
    let question = question.join("\n").trim().to_owned();
    if question.is_empty() {
        wrong.push((0, "there is no question above the answers".to_owned()));
    }
    if wrong.is_empty() {
        wrong = judge(&choices, typed);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let asked = in_one_line(&question);
    // The end of a text changes few bits of its hash, so what differs comes first.
    let place = |choice: &Choice| lasting_hash(&[&in_one_line(&choice.text), page, about, &asked]);
    choices.sort_by_cached_key(place);
    let id = format!("{}-{:08x}", first_words(&question), short(&[page, about, &asked]));
    let right = choices.iter().find(|choice| choice.right);
    let right = right.map_or(String::new(), |choice| choice.text.trim().to_owned());
    let folded = match typed {
        Some(_) => fold_together(&choices),
        None => ('A'..).zip(&choices).map(|(letter, choice)| fold(letter, choice)).collect(),
    };
    Ok(Asked { question, id, folded, right })
}

fn judge(choices: &[Choice], typed: Option<Typed>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        if let Some(why) = typed.and_then(|typed| typed.why_not(choice.text.trim())) {
            wrong.push((choice.line, why));
        }
        if choice.explanation.trim().is_empty() {
            wrong.push((choice.line, format!("the answer `{}` is not explained", choice.text)));
        }
        let same = |other: &Choice| in_one_line(&other.text) == in_one_line(&choice.text);
        if choices[..index].iter().any(same) {
            wrong.push((choice.line, format!("the answer `{}` is there twice", choice.text)));
        }
    }
    let right: Vec<&Choice> = choices.iter().filter(|choice| choice.right).collect();
    match right.as_slice() {
        [_] if choices.len() < 2 && typed.is_none() => {
            wrong.push((0, "there is only one answer".to_owned()))
        }
        [_] => {}
        [] => wrong.push((0, "no answer is right: mark one with `- [x] `".to_owned())),
        [_, second, ..] => {
            wrong.push((second.line, format!("a second right answer: `{}`", second.text)));
        }
    }
    wrong
}

fn fold(letter: char, choice: &Choice) -> String {
    let id = short(&[&in_one_line(&choice.text)]);
    let (mark, yes) = if choice.right { (" data-right", "**Yes.** ") } else { ("", "") };
    // Markdown is not read between HTML tags.
    let (text, explanation) = (inline_html(&choice.text), choice.explanation.trim());
    format!(
        "<details data-choice=\"{id:08x}\"{mark}><summary>{letter}. {text}</summary>\n\n\
         {yes}{explanation}\n\n</details>\n"
    )
}

/// What explains an answer that is typed: one fold, the right answer first.
fn fold_together(choices: &[Choice]) -> String {
    let (right, wrong): (Vec<&Choice>, _) = choices.iter().partition(|choice| choice.right);
    let part = |choice: &&Choice| {
        let answer = choice.text.trim();
        let (mark, not) = if choice.right { (" data-right", "") } else { ("", "Not ") };
        let (value, explanation) = (escaped_attribute(answer), choice.explanation.trim());
        format!(
            "<div data-answer=\"{value}\"{mark}>\n\n**{not}`{answer}`.** {explanation}\n\n</div>\n"
        )
    };
    let parts: String = right.iter().chain(&wrong).map(part).collect();
    format!("<details class=\"answer\"><summary>The answer</summary>\n\n{parts}\n</details>\n")
}

/// The same wherever an author breaks lines.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_words(question: &str) -> String {
    let letters = |letter: char| !letter.is_ascii_alphanumeric();
    let words = question.split(letters).filter(|word| !word.is_empty()).take(WORDS_OF_ID);
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// Short enough for a page, long enough for the choices of a question and the questions of a page.
fn short(texts: &[&str]) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "these are its lower bits")]
    let short = lasting_hash(texts) as u32;
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asked(page: &str, block: &str) -> Asked {
        let block: Vec<&str> = block.lines().collect();
        ask(page, "", None, &block).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
    }

    /// The texts of the choices in their order, and the place of the right one.
    fn order(asked: &Asked) -> (Vec<&str>, usize) {
        let lines = asked.folded.lines().filter(|line| line.starts_with("<details"));
        let lines: Vec<&str> = lines.collect();
        let right = lines.iter().position(|line| line.contains(" data-right>"));
        let texts = lines.iter().filter_map(|line| line.split("<summary>").nth(1)).collect();
        (texts, right.expect("one is right"))
    }

    #[test]
    fn choices_are_folded_and_lettered_after_they_are_drawn() {
        let block = "Why `a`?\n\n- [ ] A `Vec<u8>`,\n  or so.\n\n  Not\n  so.\n\n- [x] It.\n\n  It\n  is.\n";
        let asked = asked("page", block);
        let (mut texts, _) = order(&asked);
        assert!(texts[0].starts_with("A. ") && texts[1].starts_with("B. "), "{texts:?}");
        for text in &mut texts {
            *text = &text[3..];
        }
        texts.sort_unstable();
        assert_eq!(texts, ["A <code>Vec&lt;u8&gt;</code>, or so.</summary>", "It.</summary>"]);
        for part in ["</summary>\n\nNot\nso.\n\n</details>", "\n\n**Yes.** It\nis.\n\n</details>"] {
            assert!(asked.folded.contains(part), "`{part}` is not in:\n{}", asked.folded);
        }
        assert_eq!(asked.question, "Why `a`?");
    }

    #[test]
    fn the_order_is_the_same_for_everybody_and_does_not_depend_on_the_author_s() {
        let one = asked("page", "Q?\n- [ ] a\n\n  n\n- [x] b\n\n  y\n- [ ] c\n\n  n\n");
        let other = asked("page", "Q?\n\n- [x] b\n\n  y, that\n- [ ] c\n\n  n\n- [ ] a\n\n  n\n");
        assert_eq!((order(&one), &one.id), (order(&other), &other.id));
    }

    #[test]
    fn answers_that_are_kept_stay_valid_with_another_version_of_rust() {
        assert_eq!(asked("page", "Why?\n- [ ] a\n\n  n\n- [x] b\n\n  y\n").id, "why-ac5af2ac");
    }

    #[test]
    fn a_changed_question_or_page_has_a_different_id_and_a_line_break_does_not_matter() {
        let id = |page, question| {
            asked(page, &format!("{question}\n- [ ] a\n\n  n\n- [x] b\n\n  y\n")).id
        };
        let first = id("page", "Why **401** and not\n403 at all?");
        assert!(first.starts_with("why-401-and-not-403-at-") && first.len() == 31, "{first}");
        assert_eq!(first, id("page", "Why **401** and\nnot 403 at all?"));
        assert_ne!(first, id("page", "Why **401** and not 403?"));
        assert_ne!(first, id("other", "Why **401** and not 403 at all?"));
    }

    #[test]
    fn no_letter_is_right_more_often_than_others() {
        let mut count = [0; 3];
        for number in 0..300 {
            let block = format!("Q {number}?\n- [ ] a\n\n  n\n- [x] b\n\n  y\n- [ ] c\n\n  n\n");
            count[order(&asked("page", &block)).1] += 1;
        }
        assert!(count.iter().all(|count| (75..125).contains(count)), "{count:?}");
    }

    #[test]
    fn nothing_of_a_typed_answer_is_visible_and_the_right_one_comes_first() {
        let block = "Which?\n\n- [ ] 403\n\n  It asks for nothing.\n\n- [x] 401\n\n  It asks.\n";
        let typed = |block: &str| {
            let block: Vec<&str> = block.lines().collect();
            ask("page", "", Some(Typed::Status), &block)
        };
        let asked = typed(block).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
        assert_eq!(
            asked.folded,
            "<details class=\"answer\"><summary>The answer</summary>\n\n\
             <div data-answer=\"401\" data-right>\n\n**`401`.** It asks.\n\n</div>\n\
             <div data-answer=\"403\">\n\n**Not `403`.** It asks for nothing.\n\n</div>\n\n</details>\n"
        );
        assert_eq!(asked.right, "401");
        assert!(typed("Which?\n- [x] 401\n\n  yes\n").is_ok(), "one answer is enough");
        let wrong = typed("Which?\n- [x] Unauthorized\n\n  yes\n").err();
        assert!(wrong.is_some_and(|wrong| wrong.len() == 1 && wrong[0].0 == 1));
    }

    #[track_caller]
    fn is_wrong(block: &str, line: usize, message: &str) {
        let block: Vec<&str> = block.lines().collect();
        let Err(wrong) = ask("page", "", None, &block) else { panic!("nothing is wrong with it") };
        let named = wrong.iter().any(|(at, what)| *at == line && what.contains(message));
        assert!(named && wrong.len() == 1, "{wrong:#?}");
    }

    #[test]
    fn what_is_wrong_with_a_question_is_said_with_its_line() {
        is_wrong("Q\n- [ ] A\n\n  no\n- [ ] B\n\n  no\n", 0, "no answer is right");
        is_wrong("Q\n- [x] A\n\n  yes\n- [x] B\n\n  yes\n", 4, "a second right answer: `B`");
        is_wrong("Q\n- [ ] A\n- [x] B\n\n  yes\n", 1, "the answer `A` is not explained");
        is_wrong("Q\n- [ ] A\n\n  no\n- [x] B\n", 4, "the answer `B` is not explained");
        is_wrong("Q\n- [ ] A\n\n  no\n- [x] A\n\n  yes\n", 4, "the answer `A` is there twice");
        is_wrong("Q\n- [x] A\n\n  yes\n", 0, "only one answer");
        is_wrong("- [ ] A\n\n  no\n- [x] B\n\n  yes\n", 0, "no question");
        is_wrong("Q\n- [ ] A\n\nno\n- [x] B\n\n  yes\n", 3, "indented by two spaces");
        is_wrong("Q\n- [y] A\n- [x] B\n\n  yes\n", 1, "begins with `- [ ] `");
        is_wrong("Q\n", 0, "no answer is right");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let block = ["Q", "- [ ] A", "- [ ] B"];
        let Err(wrong) = ask("page", "", None, &block) else { panic!("nothing is wrong with it") };
        assert_eq!(wrong.len(), 3, "{wrong:#?}");
    }
}
