//! The questions of a step's page: its predictions, and those of *Explain it back*.
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
//!   401 means: authenticate.
//! {{/question}}
//! ```
//!
//! A prediction is written in the same way between `{{#predict STEP/SNAPSHOT}}` and `{{/predict}}`, and is about the
//! request of that snapshot; without one, its text says what it is about. With `typed=status` or `typed=header` in the
//! directive the answer is typed. Other questions of a page are about the code beside them, and are left out here.

use std::path::Path;

use protocol::snapshot::Snapshot;

use crate::{
    course::{Course, Step},
    files,
    trouble::Trouble,
};

/// The heading of a page's last questions.
const EXPLAIN: &str = "## Explain it back";

/// A question that needs no page beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// As Markdown.
    pub text: String,
    /// The request that it is about, if it is a prediction of a response.
    pub request: Option<String>,
    /// Whether the answer is typed, since the choices would give it away.
    pub typed: bool,
    /// In the author's order; one is right.
    pub choices: Vec<Choice>,
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The line that it begins in.
    pub line: usize,
    /// Whether it is the right one.
    pub right: bool,
    /// As Markdown.
    pub text: String,
    /// Why it is right, or wrong.
    pub explanation: String,
}

/// The questions of the step's page, in its order.
pub fn of(course: &Course, step: &Step) -> Result<Vec<Question>, Trouble> {
    let path = course.root.join("book").join("src").join(format!("{}.md", step.slug));
    let steps = course.root.join("steps");
    parse(&files::read(&path)?, &steps)
        .map_err(|(line, why)| Trouble::ours(&path, format!("line {line}: {why}")))
}

/// The error has its line, from 1.
fn parse(page: &str, steps: &Path) -> Result<Vec<Question>, (usize, String)> {
    let (mut questions, mut explains) = (Vec::new(), false);
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        explains = explains && !line.starts_with("## ") || line.trim() == EXPLAIN;
        let arguments = |directive| line.strip_prefix(directive)?.strip_suffix("}}");
        let question = arguments("{{#question").filter(|_| explains);
        let Some(arguments) = arguments("{{#predict").or(question) else { continue };
        let typed = arguments.contains("typed=");
        let place = arguments.split_whitespace().find(|argument| argument.contains('/'));
        let is_end = |line: &str| line.starts_with("{{/");
        let block = lines.by_ref().map(|(_, line)| line).take_while(|line| !is_end(line));
        let block: Vec<&str> = block.collect();
        let begin = block.iter().position(|line| line.starts_with("- ")).unwrap_or(block.len());
        let (text, list) = block.split_at(begin);
        let (choices, wrong) = choices(list, index + 2 + begin);
        if let Some(wrong) = wrong.into_iter().next() {
            return Err(wrong);
        }
        if choices.iter().filter(|choice| choice.right).count() != 1 {
            return Err((index + 1, "one answer has to be right".to_owned()));
        }
        let request = match place {
            Some(place) => Some(request(steps, place).ok_or_else(|| {
                (index + 1, format!("there is no snapshot `{place}` of an exchange"))
            })?),
            None => None,
        };
        let text = text.join("\n").trim().to_owned();
        questions.push(Question { text, request, typed, choices });
    }
    Ok(questions)
}

/// The request of the snapshot `STEP/NAME`.
fn request(steps: &Path, place: &str) -> Option<String> {
    let (slug, name) = place.split_once('/')?;
    let path = steps.join(slug).join("tests").join("snapshots").join(format!("{name}.snap"));
    Some(Snapshot::parse(&files::read(&path).ok()?)?.exchange.request.to_string())
}

/// Reads a list of choices, the first line of which has this number; and what is wrong with it, by line.
pub fn choices(list: &[&str], begin: usize) -> (Vec<Choice>, Vec<(usize, String)>) {
    let (mut choices, mut wrong) = (Vec::<Choice>::new(), Vec::new());
    let mut explains = false;
    for (line, text) in (begin..).zip(list) {
        let wrong_one = text.strip_prefix("- [ ] ").map(|text| (text, false));
        let right_one = || text.strip_prefix("- [x] ").map(|text| (text, true));
        if let Some((text, right)) = wrong_one.or_else(right_one) {
            let (text, explanation) = (text.to_owned(), String::new());
            choices.push(Choice { line, right, text, explanation });
            explains = false;
        } else if let Some(choice) = choices.last_mut()
            && (text.trim().is_empty() || text.starts_with("  "))
        {
            explains = explains || text.trim().is_empty();
            let part = if explains { &mut choice.explanation } else { &mut choice.text };
            part.push('\n');
            part.push_str(text.get(2..).unwrap_or_default());
        } else {
            let message = "an answer begins with `- [ ] ` or, if it is right, `- [x] `; what explains it \
                           comes after an empty line, indented by two spaces";
            wrong.push((line, message.to_owned()));
        }
    }
    (choices, wrong)
}

/// FNV-1a: a number that looks random, and is the same on every machine and with every version of Rust. Answers that
/// are kept depend on it, and notes that are imported twice.
pub fn lasting_hash(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_about_code_beside_them_are_left_out() {
        let page = "\
{{#question}}
Which line?

- [x] this

  yes
{{/question}}

## Explain it back

{{#question}}
Why?

- [ ] A,
  or so

  No.
- [x] B

  Because.
{{/question}}
{{#question typed=status}}
Which?

- [x] 401

  Yes.
{{/question}}
## Recap
{{#question}}
{{/question}}
";
        let questions = parse(page, Path::new("steps")).expect("it is well-formed");
        let [question, typed] = questions.as_slice() else { panic!("{questions:#?}") };
        assert_eq!((question.text.as_str(), &question.request), ("Why?", &None));
        assert!(typed.typed && !question.typed);
        let texts: Vec<&str> = question.choices.iter().map(|choice| choice.text.trim()).collect();
        assert_eq!(texts, ["A,\nor so", "B"]);
        assert_eq!(question.choices[1].explanation.trim(), "Because.");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |page: &str| parse(page, Path::new("steps")).map_err(|(line, _)| line);
        let page = "## Explain it back\n{{#question}}\nWhy?\n- [ ] a\n\n  n\n- no\n{{/question}}\n";
        assert_eq!(wrong(page), Err(7));
        assert_eq!(wrong(&page.replace("- no\n", "")), Err(2), "none is right");
        assert_eq!(wrong("{{#predict a/b}}\nQ\n- [x] a\n\n  y\n{{/predict}}\n"), Err(1));
    }

    #[test]
    fn each_page_of_this_course_has_its_predictions_and_last_questions() {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        for step in &course.steps {
            let page = course.root.join("book/src").join(format!("{}.md", step.slug));
            let page = files::read(&page).unwrap_or_else(|trouble| panic!("{trouble}"));
            let predictions = page.lines().filter(|line| line.starts_with("{{#predict")).count();
            let questions = of(&course, step).unwrap_or_else(|trouble| panic!("{trouble}"));
            let is_prediction = |question: &&Question| question.text.starts_with("**");
            assert_eq!(
                questions.iter().filter(is_prediction).count(),
                predictions,
                "{}",
                step.slug
            );
            assert!(questions.len() > predictions, "{}", step.slug);
        }
    }
}
