//! One failing check for the terminal: the request, what was expected, and what was received.
//!
//! ```text
//!   GET /items/secret
//!   authorization: Basic b2xhOm9sYQ==
//!
//!   expected  401 Unauthorized
//!             www-authenticate: Bearer
//!             {"detail":"Not authenticated"}
//!   got       200 OK
//!             {"message":"This is a protected route!"}
//! ```

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use protocol::{
    exchange::{Exchange, Request, Response},
    finding::{self, JsonDifference},
    invisible::harmless,
    said::Said,
};
use serde::Serialize;
use serde_json::Value;

use crate::verdict::CheckResult;

/// What was expected; in a learner's code, ours.
pub const EXPECTED: Style = AnsiColor::Green.on_default();
/// What was received; in a learner's code, theirs.
pub const GOT: Style = AnsiColor::Red.on_default();

/// A body of so many characters is shown in one line.
const LONGEST_LINE: usize = 160;

/// So many lines of a longer body, or places at which two bodies differ, are shown.
const MOST_LINES: usize = 12;

/// So many lines of anything else.
const MOST_WORDS: usize = 40;

/// And so many characters of a line: a token is shown whole.
const MOST_CHARACTERS: usize = 2000;

/// A failing check, in the lines that terminal and panel show.
#[derive(Debug, Default, Serialize)]
pub struct Comparison {
    /// The request; none if the check is not about one.
    pub request: Vec<String>,
    /// What was expected.
    pub expected: Vec<String>,
    /// What was received.
    pub got: Vec<String>,
    /// The places at which two bodies differ that are too long to be shown.
    pub places: Vec<String>,
}

impl Comparison {
    /// What the check expected and got, with nothing in it that a terminal would obey; nothing if it passed.
    pub fn of(check: &CheckResult) -> Self {
        let Self { request, expected, got, places } = Self::as_said(check);
        let shown = |lines: Vec<String>| {
            lines.iter().map(|line| cut(&harmless(line), MOST_CHARACTERS)).collect()
        };
        Self {
            request: shown(request),
            expected: shown(expected),
            got: shown(got),
            places: shown(places),
        }
    }

    fn as_said(check: &CheckResult) -> Self {
        let (Some(expected), Some(actual)) = (check.expected_as_drawn(), check.actual_as_drawn())
        else {
            return Self::default();
        };
        let (wanted, got) = (expected.exchange(), actual.exchange());
        let shown = got.as_ref().or(wanted.as_ref());
        let request = shown.map(|shown| request(&shown.request)).unwrap_or_default();
        if let (Some(wanted), Some(got)) = (&wanted, &got) {
            return Self { request, ..two_responses(&wanted.response, &got.response) };
        }
        let expected = lines_of(&expected, wanted.as_ref());
        Self { request, expected, got: lines_of(&actual, got.as_ref()), places: Vec::new() }
    }

    /// Adds it to the text for a terminal.
    pub(super) fn write(&self, text: &mut String) {
        add(text, &self.request, "  ");
        if !self.request.is_empty() {
            text.push('\n');
        }
        side(text, EXPECTED, "expected", &self.expected);
        side(text, GOT, "got", &self.got);
        add(text, &self.places, "  ");
    }
}

fn lines_of(said: &Said, exchange: Option<&Exchange>) -> Vec<String> {
    match exchange {
        Some(exchange) => response(&exchange.response, |_| true),
        None => first_lines(said.text().trim_end(), MOST_WORDS),
    }
}

fn two_responses(wanted: &Response, got: &Response) -> Comparison {
    // The same media type on both sides says nothing.
    let shown = |name: &str| name != "content-type" || wanted.header(name) != got.header(name);
    let of_both = |wanted: &Response, got: &Response, places| Comparison {
        request: Vec::new(),
        expected: response(wanted, shown),
        got: response(got, shown),
        places,
    };
    match long_difference(wanted, got) {
        None => of_both(wanted, got, Vec::new()),
        Some(differences) => {
            let without_body = |of: &Response| Response { body: String::new(), ..of.clone() };
            of_both(&without_body(wanted), &without_body(got), places(&differences))
        }
    }
}

/// Where two JSON bodies differ, if one of them is too long to be shown whole.
fn long_difference(wanted: &Response, got: &Response) -> Option<Vec<JsonDifference>> {
    let json = |body: &str| serde_json::from_str::<Value>(body).ok();
    let (expected, actual) = (json(&wanted.body)?, json(&got.body)?);
    let long = [&expected, &actual].iter().any(|body| body.to_string().len() > LONGEST_LINE);
    long.then(|| finding::differences(&expected, &actual))
}

fn places(differences: &[JsonDifference]) -> Vec<String> {
    let value = |value: &Option<Value>| match value {
        None => "nothing".to_owned(),
        Some(value) => shortened(&value.to_string()),
    };
    let mut lines = Vec::new();
    for JsonDifference { at, expected, got } in differences.iter().take(MOST_LINES) {
        lines.push(format!("at {}", finding::in_words(at)));
        lines.push(format!("  expected  {}", value(expected)));
        lines.push(format!("  got       {}", value(got)));
    }
    if differences.len() > MOST_LINES {
        lines.push(format!("… and {} more places", differences.len() - MOST_LINES));
    }
    lines
}

fn request(request: &Request) -> Vec<String> {
    let mut lines = vec![format!("{} {}", request.method, request.path)];
    lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if !request.body.is_empty() {
        lines.push(String::new());
        lines.extend(body(&request.body));
    }
    lines
}

fn response(response: &Response, shown: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = vec![response.status.clone()];
    let headers = response.headers.iter().filter(|(name, _)| shown(name));
    lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
    if !response.body.is_empty() {
        lines.extend(body(&response.body));
    }
    lines
}

/// JSON in one line if it is short; of anything long the beginning. A check that asks for one place of a document has it in
/// the first line: `(only /paths/~1items)`.
fn body(body: &str) -> Vec<String> {
    let only = body.strip_prefix("(only ").and_then(|rest| rest.split_once(")\n"));
    if let Some((pointer, part)) = only {
        let part = if part == "null" { vec!["nothing".to_owned()] } else { self::body(part) };
        return [vec![format!("at {}", finding::in_words(pointer))], part].concat();
    }
    if let Ok(value) = serde_json::from_str::<Value>(body)
        && value.to_string().len() <= LONGEST_LINE
    {
        return vec![value.to_string()];
    }
    first_lines(body, MOST_LINES).iter().map(|line| shortened(line)).collect()
}

fn first_lines(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().take(most).map(str::to_owned).collect();
    match text.lines().skip(most).count() {
        0 => {}
        1 => lines.push("… 1 line more".to_owned()),
        more => lines.push(format!("… {more} lines more")),
    }
    lines
}

fn shortened(line: &str) -> String {
    cut(line, LONGEST_LINE)
}

fn cut(line: &str, most: usize) -> String {
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn side(text: &mut String, style: Style, label: &str, lines: &[String]) {
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        add(text, &[format!("{style}{label:8}{style:#}  {line}")], "  ");
    }
}

fn add(text: &mut String, lines: &[String], indent: &str) {
    for line in lines {
        writeln!(text, "{}", format!("{indent}{line}").trim_end())
            .expect("a String takes all text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::testing;

    fn shown(expected: &str, actual: &str) -> String {
        let mut text = String::new();
        Comparison::of(&testing::check("one", expected, actual)).write(&mut text);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn two_exchanges_are_shown_side_by_side_below_their_request() {
        let request = "GET /a HTTP/1.1\nauthorization: Basic x\n\nHTTP/1.1 ";
        let json = "\ncontent-type: application/json";
        let expected = format!(
            "{request}401 Unauthorized\nwww-authenticate: Bearer{json}\n\n{{\n  \"a\": 1\n}}"
        );
        let actual = format!("{request}200 OK{json}\n\n{{}}");
        let text = "  GET /a\n  authorization: Basic x\n\n  expected  401 Unauthorized\n            www-authenticate: Bearer\n            {\"a\":1}\n  got       200 OK\n            {}\n";
        assert_eq!(shown(&expected, &actual), text);
    }

    #[test]
    fn of_long_bodies_the_places_that_differ_are_shown() {
        let exchange = |name: &str| {
            let body = serde_json::json!({"long": "x".repeat(200), "name": name});
            format!("GET /a HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{body:#}")
        };
        let text = shown(&exchange("one"), &exchange("two"));
        assert!(
            text.ends_with("  at \"name\"\n    expected  \"one\"\n    got       \"two\"\n"),
            "{text}"
        );
        assert!(!text.contains("xxx"), "{text}");
    }

    #[test]
    fn one_place_of_a_document_is_named_in_words() {
        let exchange = |part: &str| {
            format!(
                "GET /openapi.json HTTP/1.1\n\nHTTP/1.1 200 OK\n\n(only /paths/~1a/get)\n{part}"
            )
        };
        assert_eq!(
            shown(&exchange("{\n  \"b\": 1\n}"), &exchange("null")),
            "  GET /openapi.json\n\n  expected  200 OK\n            at paths > /a > get\n            {\"b\":1}\n  \
             got       200 OK\n            at paths > /a > get\n            nothing\n"
        );
    }

    #[test]
    fn words_are_shown_as_they_are() {
        assert_eq!(
            shown("a token", "none:\nnot one"),
            "  expected  a token\n  got       none:\n            not one\n"
        );
        let exchange = "GET /a HTTP/1.1\n\nHTTP/1.1 200 OK";
        assert_eq!(
            shown("a header", exchange),
            "  GET /a\n\n  expected  a header\n  got       200 OK\n"
        );
    }
}
