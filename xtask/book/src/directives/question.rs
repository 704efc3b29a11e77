//! A why-question: what an author writes as a task list becomes answers that fold open.
//!
//! ```markdown
//! {{#question}}
//! Why 401 and not 403?
//!
//! - [ ] 401 is for tokens, 403 is for passwords.
//!
//!   No. Neither says anything about the kind of credential.
//!
//! - [x] Because we do not know yet who is asking.
//!
//!   401 means: make yourself known.
//! {{/question}}
//! ```
//!
//! The right answer's explanation is shown as `Yes. 401 means …`.

use crate::markdown::inline_html;

/// What is wrong, and in which line of the block, from 0.
pub(crate) type Wrong = (usize, String);

struct Choice {
    line: usize,
    right: bool,
    text: String,
    explanation: String,
}

/// The lines between the two directives, as Markdown with the answers folded.
pub(crate) fn fold(block: &[&str]) -> Result<String, Vec<Wrong>> {
    let (question, folded) = parts(block)?;
    Ok(format!("<div class=\"question\">\n\n{question}\n\n{folded}</div>\n"))
}

/// What stands above the choices, and the choices folded.
pub(super) fn parts(block: &[&str]) -> Result<(String, String), Vec<Wrong>> {
    let begin = block.iter().position(|line| line.starts_with("- ")).unwrap_or(block.len());
    let (question, list) = block.split_at(begin);
    let (answers, mut wrong) = read(list, begin);
    let question = question.join("\n").trim().to_owned();
    if question.is_empty() {
        wrong.push((0, "there is no question above the answers".to_owned()));
    }
    if wrong.is_empty() {
        wrong = judge(&answers);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok((question, ('A'..).zip(&answers).map(|(letter, answer)| one(letter, answer)).collect()))
}

fn read(list: &[&str], begin: usize) -> (Vec<Choice>, Vec<Wrong>) {
    let (mut answers, mut wrong) = (Vec::<Choice>::new(), Vec::new());
    let mut explains = false;
    for (line, text) in (begin..).zip(list) {
        let wrong_one = text.strip_prefix("- [ ] ").map(|text| (text, false));
        let right_one = || text.strip_prefix("- [x] ").map(|text| (text, true));
        if let Some((text, right)) = wrong_one.or_else(right_one) {
            let (text, explanation) = (text.to_owned(), String::new());
            answers.push(Choice { line, right, text, explanation });
            explains = false;
        } else if let Some(answer) = answers.last_mut()
            && (text.trim().is_empty() || text.starts_with("  "))
        {
            explains = explains || text.trim().is_empty();
            let part = if explains { &mut answer.explanation } else { &mut answer.text };
            part.push('\n');
            part.push_str(text.get(2..).unwrap_or_default());
        } else {
            let message = "an answer begins with `- [ ] ` or, if it is right, `- [x] `; what explains it \
                           comes after an empty line, indented by two spaces";
            wrong.push((line, message.to_owned()));
        }
    }
    (answers, wrong)
}

fn judge(answers: &[Choice]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for answer in answers.iter().filter(|answer| answer.explanation.trim().is_empty()) {
        wrong.push((answer.line, format!("the answer `{}` is not explained", answer.text)));
    }
    let right: Vec<&Choice> = answers.iter().filter(|answer| answer.right).collect();
    match right.as_slice() {
        [_] if answers.len() < 2 => wrong.push((0, "there is only one answer".to_owned())),
        [_] => {}
        [] => wrong.push((0, "no answer is right: mark one with `- [x] `".to_owned())),
        [_, second, ..] => {
            wrong.push((second.line, format!("a second right answer: `{}`", second.text)));
        }
    }
    wrong
}

fn one(letter: char, answer: &Choice) -> String {
    let yes = if answer.right { "**Yes.** " } else { "" };
    // Markdown is not read between HTML tags.
    let (text, explanation) = (inline_html(&answer.text), answer.explanation.trim());
    format!("<details><summary>{letter}. {text}</summary>\n\n{yes}{explanation}\n\n</details>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(markdown: &str) -> Vec<&str> {
        markdown.lines().collect()
    }

    #[test]
    fn answers_are_folded_and_lettered() {
        let block =
            "Why `a`?\n\n- [ ] A `Vec<u8>`,\n  or so.\n\n  No.\n\n- [x] B.\n\n  It\n  is.\n";
        let folded = fold(&lines_of(block)).expect("it is well-formed");
        for part in [
            "<div class=\"question\">\n\nWhy `a`?\n",
            "<summary>A. A <code>Vec&lt;u8&gt;</code>, or so.</summary>\n\nNo.\n\n</details>",
            "<summary>B. B.</summary>\n\n**Yes.** It\nis.\n\n</details>",
        ] {
            assert!(folded.contains(part), "`{part}` is not in:\n{folded}");
        }
    }

    #[track_caller]
    fn is_wrong(block: &str, line: usize, message: &str) {
        let wrong = fold(&lines_of(block)).expect_err("it is wrong");
        let named = wrong.iter().any(|(at, what)| *at == line && what.contains(message));
        assert!(named && wrong.len() == 1, "{wrong:#?}");
    }

    #[test]
    fn what_is_wrong_with_a_question_is_said_with_its_line() {
        is_wrong("Q\n- [ ] A\n\n  no\n- [ ] B\n\n  no\n", 0, "no answer is right");
        is_wrong("Q\n- [x] A\n\n  yes\n- [x] B\n\n  yes\n", 4, "a second right answer: `B`");
        is_wrong("Q\n- [ ] A\n- [x] B\n\n  yes\n", 1, "the answer `A` is not explained");
        is_wrong("Q\n- [ ] A\n\n  no\n- [x] B\n", 4, "the answer `B` is not explained");
        is_wrong("Q\n- [x] A\n\n  yes\n", 0, "only one answer");
        is_wrong("- [ ] A\n\n  no\n- [x] B\n\n  yes\n", 0, "no question");
        is_wrong("Q\n- [ ] A\n\nno\n- [x] B\n\n  yes\n", 3, "indented by two spaces");
        is_wrong("Q\n- [y] A\n- [x] B\n\n  yes\n", 1, "begins with `- [ ] `");
        is_wrong("Q\n", 0, "no answer is right");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wrong = fold(&lines_of("Q\n- [ ] A\n- [ ] B\n")).expect_err("it is wrong");
        assert_eq!(wrong.len(), 3, "{wrong:#?}");
    }
}
