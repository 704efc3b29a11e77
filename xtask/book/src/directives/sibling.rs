//! A sibling of a step: a small complete program in the solution's `examples/`, with the same idea on other material.

use std::path::PathBuf;

use protocol::exchange::{Request, Response};
use xtask::{
    course::{
        Course, Step, Whose,
        marks::{self, View},
    },
    files,
};

use crate::{
    directives::{lookup, snippet},
    example,
    html::escaped,
};

/// So many lines can still be read as one thing.
const LINES: usize = 60;

/// So much of a body is shown in a table, in characters.
const BODY: usize = 200;

/// The program `STEP/NAME` as a whole, how to run it, and what it prints if it is no server.
pub(crate) fn program(course: &Course, place: &str) -> Result<String, String> {
    let example = Example::at(course, place)?;
    let source = read(&example.file("rs"))?;
    let shown = format!("solutions/{}/examples/{}.rs", example.step.slug, example.name);
    let code = marks::strip(&source, View::Solution).map_err(|bad| format!("{shown}, {bad}"))?;
    let lines = code.trim().lines().count();
    if lines > LINES {
        return Err(format!("{shown} has {lines} lines, and a sibling at most {LINES}"));
    }
    let (printed, asked) = (example.file("out"), example.file("snap"));
    let output = match (printed.exists(), asked.exists()) {
        (true, false) => format!("It prints:\n\n```text\n{}\n```\n\n", read(&printed)?.trim_end()),
        (false, true) => "It runs until you press Ctrl-C.\n\n".to_owned(),
        _ => {
            let name = example.name;
            return Err(format!("{shown} has either {name}.snap or {name}.out beside it"));
        }
    };
    let package = example.step.package(Whose::Reference);
    Ok(format!(
        "{}\n```text\ncargo run -p {package} --example {}\n```\n\n{output}",
        snippet::numbered(&shown, "rust", 1, code.trim()),
        example.name
    ))
}

/// What the server `STEP/NAME` was asked, and what it responded.
pub(crate) fn exchanges(course: &Course, place: &str) -> Result<String, String> {
    let path = Example::at(course, place)?.file("snap");
    let wrong = |why: String| format!("{}: {why}", path.display());
    let mut rows = String::new();
    for asked in example::parse(&read(&path)?).map_err(wrong)? {
        let Request { method, path, headers, body } = &asked.request;
        let unknown =
            || wrong(format!("`{method} {path}` has no response: `cargo xtask snapshots`"));
        let response = asked.response.as_ref().ok_or_else(unknown)?;
        rows.push_str(&format!(
            "<tr><td>{}</td><td>{}</td></tr>\n",
            cell(&format!("{method} {path}"), headers, body),
            answer(response)
        ));
    }
    Ok(format!(
        "<table class=\"sibling-exchanges\">\n<thead><tr><th>request</th><th>response</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    ))
}

/// What kind of text it is, the body shows by itself.
fn answer(Response { status, headers, body }: &Response) -> String {
    let headers = headers.iter().filter(|(name, _)| name != "content-type");
    cell(status, &headers.cloned().collect::<Vec<_>>(), body)
}

/// Each line of a message as code, in one line of HTML.
fn cell(first: &str, headers: &[(String, String)], body: &str) -> String {
    let mut lines = vec![first.to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let mut shown: String = body.chars().take(BODY).collect();
    if shown.len() < body.len() {
        shown.push('…');
    }
    lines.extend(shown.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    let lines: Vec<String> =
        lines.iter().map(|line| format!("<code>{}</code>", escaped(line))).collect();
    lines.join("<br>")
}

/// An example of a solution.
struct Example<'c> {
    step: &'c Step,
    name: &'c str,
}

impl<'c> Example<'c> {
    fn at(course: &'c Course, place: &'c str) -> Result<Self, String> {
        let (slug, name) = place.split_once('/').ok_or("a sibling is named as STEP/NAME")?;
        if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            return Err(format!("`{name}` is not the name of an example"));
        }
        Ok(Self { step: lookup::step(course, slug)?, name })
    }

    fn file(&self, ending: &str) -> PathBuf {
        let folder = self.step.folder(Whose::Reference).join("examples");
        folder.join(format!("{}.{ending}", self.name))
    }
}

fn read(path: &std::path::Path) -> Result<String, String> {
    files::read(path).map_err(|trouble| trouble.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_of_html_whatever_is_in_the_message() {
        let headers = [("x-api-key".to_owned(), "<a|b>".to_owned())];
        assert_eq!(
            cell("GET /stock", &headers, "one\n\ntwo"),
            "<code>GET /stock</code><br><code>x-api-key: &lt;a|b&gt;</code><br><code>one</code><br><code>two</code>"
        );
        let long = "x".repeat(2 * BODY);
        assert!(cell("200 OK", &[], &long).ends_with("x…</code>"));
    }

    #[test]
    fn the_kind_of_a_text_is_left_out_of_a_response() {
        let header = |name: &str| (name.to_owned(), "x".to_owned());
        let response = Response {
            status: "401 Unauthorized".to_owned(),
            headers: vec![header("content-type"), header("www-authenticate")],
            body: String::new(),
        };
        let shown = "<code>401 Unauthorized</code><br><code>www-authenticate: x</code>";
        assert_eq!(answer(&response), shown);
    }
}
