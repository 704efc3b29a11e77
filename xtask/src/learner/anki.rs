//! Questions as a text that Anki imports: a note for each, which a second import updates and does not double.

use std::hash::Hasher;

use crate::course::{
    Step,
    questions::{Choice, Question},
};

/// What Anki reads before the notes.
const HEAD: &str = "\
#separator:tab
#html:true
#notetype:Basic
#guid column:1
#deck column:2
";

/// The text of a file for Anki.
pub fn text<'q>(questions: impl IntoIterator<Item = (&'q Step, &'q Question)>) -> String {
    let note = |(step, question): (&Step, &Question)| {
        let deck = format!("Protect an API in Rust::{:02} {}", step.number, step.title);
        let fields = [guid(step, question), html(&deck), front(question), back(question)];
        fields.map(|field| field.replace(['\t', '\n'], " ")).join("\t") + "\n"
    };
    HEAD.to_owned() + &questions.into_iter().map(note).collect::<String>()
}

/// The same as long as the question is.
fn guid(step: &Step, question: &Question) -> String {
    let mut hasher = Fnv::default();
    hasher.write(question.text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes());
    hasher.write(question.request.as_deref().unwrap_or_default().as_bytes());
    format!("{}-{:016x}", step.slug, hasher.finish())
}

/// FNV-1a: the standard library's hash may change with the next Rust, and a note would be there twice.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn front(question: &Question) -> String {
    let request = question.request.as_ref();
    let request =
        request.map(|request| format!("<pre>{}</pre>", escaped(request).replace('\n', "<br>")));
    let choices = question.choices.iter().map(|choice| format!("<li>{}</li>", html(&choice.text)));
    format!(
        "{}{}<ul>{}</ul>",
        html(&question.text),
        request.unwrap_or_default(),
        choices.collect::<String>()
    )
}

fn back(question: &Question) -> String {
    let right = question.choices.iter().find(|choice| choice.right);
    let answer =
        |right: &Choice| format!("<b>{}</b><br>{}", html(&right.text), html(&right.explanation));
    right.map(answer).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The Markdown of our questions: code, bold, emphasis, links (only their words) and paragraphs.
fn html(markdown: &str) -> String {
    let mut html = String::new();
    for (index, part) in markdown.trim().split('`').enumerate() {
        if index % 2 == 1 {
            html.push_str(&format!("<code>{}</code>", escaped(part)));
        } else {
            let part = escaped(&without_targets(part));
            let part = in_pairs(&in_pairs(&part, "**", "b"), "*", "i");
            html.push_str(&part.replace("\n\n", "<br><br>"));
        }
    }
    html
}

/// `[words](target)` is `words`.
fn without_targets(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, (words, after))) = rest.split_once("](").and_then(|(before, after)| {
        let (before, words) = before.rsplit_once('[')?;
        Some((before, (words, after.split_once(')')?.1)))
    }) {
        kept.push_str(before);
        kept.push_str(words);
        rest = after;
    }
    kept + rest
}

/// What is between two of these signs becomes an element.
fn in_pairs(text: &str, sign: &str, element: &str) -> String {
    let parts: Vec<&str> = text.split(sign).collect();
    if parts.len().is_multiple_of(2) {
        return text.to_owned();
    }
    let tag = |(index, part): (usize, &&str)| match index {
        0 => (*part).to_owned(),
        index if index % 2 == 1 => format!("<{element}>{part}"),
        _ => format!("</{element}>{part}"),
    };
    parts.iter().enumerate().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html_and_code_is_left_alone() {
        assert_eq!(
            html("Why **401**, `a*b<c>*` and *not* 403?"),
            "Why <b>401</b>, <code>a*b&lt;c&gt;*</code> and <i>not</i> 403?"
        );
        assert_eq!(
            html("See [the page](a.md#b), [x](y).\n\nMore & more"),
            "See the page, x.<br><br>More &amp; more"
        );
        assert_eq!(html("2 * 3"), "2 * 3");
    }
}
