//! Where FastAPI differs, as a table: what it answers comes from a recorded run, what we answer from
//! the snapshots.

use std::collections::{BTreeMap, btree_map::Entry};

use protocol::{
    exchange::{Request, Response},
    snapshot,
};
use serde_json::{Map, Value};
use xtask::{
    course::{Course, Step},
    files,
};

use crate::{
    directives::lookup,
    fastapi::{self, Departure, Recorded, RecordedStep},
};

/// How much of a body a cell may show, in characters.
const CELL: usize = 80;

/// The number of the step that a departure shows in first; and its cells, or what is wrong with it.
pub(crate) type Row = (u8, Result<String, String>);

/// All departures, in the order of their file.
pub(crate) fn rows(course: &Course) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut recorded = BTreeMap::new();
    for departure in fastapi::read(course).map_err(|trouble| trouble.to_string())? {
        let Departure { case, why, source, .. } = &departure;
        let (step, check) =
            departure.first(course).ok_or_else(|| format!("\"{case}\" names no check"))?;
        let answers = match recorded.entry(step.number) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(unread) => {
                let answers = fastapi::answers(course, step);
                unread.insert(answers.map_err(|trouble| trouble.to_string())?)
            }
        };
        let row = cells(course, answers, step, check, &departure)
            .map(|(theirs, ours)| format!("{case} | {theirs} | {ours} | {why} ({source}) |"))
            .map_err(|problem| format!("\"{case}\", {check}: {problem}"));
        rows.push((step.number, row));
    }
    Ok(rows)
}

/// The departures that show in this step first, or all of them.
pub(crate) fn table(course: &Course, rows: &[Row], slug: Option<&str>) -> Result<String, String> {
    let only = slug.map(|slug| lookup::step(course, slug)).transpose()?;
    let mut shown = String::new();
    for (step, row) in rows.iter().filter(|(step, _)| only.is_none_or(|only| only.number == *step))
    {
        let step = if only.is_none() { format!(" {step} |") } else { String::new() };
        shown.push_str(&format!("|{step} {}\n", row.as_ref().map_err(String::clone)?));
    }
    if shown.is_empty() {
        return Err("no departure shows in this step first".to_owned());
    }
    let step = if only.is_none() { (" step |", "--:|") } else { ("", "") };
    let version = version(course)?;
    Ok(format!(
        "|{} case | FastAPI {version} | here | why |\n|{}---|---|---|---|\n{shown}",
        step.0, step.1
    ))
}

/// The version that the answers were recorded with.
fn version(course: &Course) -> Result<String, String> {
    let path = course.root.join("xtask").join("peers").join("fastapi").join("requirements.txt");
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let version = text.lines().find_map(|line| line.strip_prefix("fastapi=="));
    version.map(str::to_owned).ok_or_else(|| format!("{} does not pin fastapi", path.display()))
}

/// What FastAPI does and what we do.
fn cells(
    course: &Course,
    answers: &RecordedStep,
    step: &Step,
    check: &str,
    departure: &Departure,
) -> Result<(String, String), String> {
    let answer = answers
        .get(check)
        .ok_or("no answer is recorded; `cargo xtask fastapi --write` records it")?;
    let Some(exchange) = answer.exchange() else {
        return Ok((first_sentence(&answer.actual), expected(answer)?));
    };
    let theirs = Reply::from(&exchange.response);
    if answer.expected.is_some() {
        return Ok((theirs.beside(&Reply::default()), expected(answer)?));
    }
    let ours = our_reply(course, step, check, &exchange.request, &theirs)?;
    match departure.part.as_deref() {
        None => Ok((theirs.beside(&ours), ours.beside(&theirs))),
        Some(part) if theirs.part(part) == ours.part(part) => {
            Err(format!("`{part}` is the same in both answers, so it is no departure"))
        }
        Some(part) => Ok((theirs.part(part), ours.part(part))),
    }
}

fn first_sentence(lines: &[String]) -> String {
    let line = lines.first().map_or("", String::as_str);
    line.split(". ").next().unwrap_or(line).to_owned()
}

fn expected(answer: &Recorded) -> Result<String, String> {
    let words = answer
        .expected
        .as_ref()
        .ok_or("what FastAPI did is words, and the check has a snapshot")?;
    Ok(words.join(" "))
}

/// Our response to the same request: the one of the check's snapshots that says otherwise.
fn our_reply(
    course: &Course,
    step: &Step,
    check: &str,
    request: &Request,
    theirs: &Reply,
) -> Result<Reply, String> {
    let mut number = 1;
    loop {
        let name = snapshot::name(check, number);
        let ours = lookup::snapshot(course, &step.slug, &name)?.exchange;
        let reply = Reply::from(&ours.response);
        if ours.request == *request && reply != *theirs {
            return Ok(reply);
        }
        number += 1;
    }
}

/// What is compared of a response.
#[derive(Default, PartialEq)]
struct Reply {
    status: String,
    /// The headers that belong to the wire contract, but for the content type.
    headers: Vec<(String, String)>,
    body: Value,
}

impl From<&Response> for Reply {
    fn from(response: &Response) -> Self {
        let headers = response.headers.iter().filter(|(name, _)| name != "content-type");
        let body = match response.body.split_once('\n') {
            Some((only, part)) if only.starts_with("(only ") => part,
            _ => &response.body,
        };
        let text = || if body.is_empty() { Value::Null } else { Value::from(body) };
        Self {
            status: response.code().to_owned(),
            headers: headers.cloned().collect(),
            body: serde_json::from_str(body).unwrap_or_else(|_| text()),
        }
    }
}

impl Reply {
    /// The status, and all that the other answer has otherwise.
    fn beside(&self, other: &Self) -> String {
        let mut words = vec![self.status.clone()];
        for (name, value) in &self.headers {
            if other.header(name) != Some(value) {
                words.push(code(&format!("{name}: {value}")));
            }
        }
        // Another status asks for other headers.
        let other_headers = other.headers.iter().filter(|_| self.status == other.status);
        let missing = other_headers.filter(|(name, _)| self.header(name).is_none());
        words.extend(missing.map(|(name, _)| format!("no `{name}`")));
        if let Some(body) = differing(&self.body, &other.body) {
            words.push(shown(&body));
        }
        words.join(", ")
    }

    /// Only a header or, if it begins with a slash, a part of the body.
    fn part(&self, part: &str) -> String {
        if part.starts_with('/') {
            return self.body.pointer(part).map_or("not there".to_owned(), shown);
        }
        self.header(part).map_or("not sent".to_owned(), |value| code(value))
    }

    fn header(&self, name: &str) -> Option<&String> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }
}

/// What of `mine` is not in `other`: of two objects, only the members that differ.
fn differing(mine: &Value, other: &Value) -> Option<Value> {
    if mine == other || mine.is_null() {
        return None;
    }
    let (Value::Object(mine), Value::Object(other)) = (mine, other) else {
        return Some(mine.clone());
    };
    let members = mine.iter().filter_map(|(name, value)| {
        let value = differing(value, other.get(name).unwrap_or(&Value::Null))?;
        Some((name.clone(), value))
    });
    let members: Map<String, Value> = members.collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

fn shown(body: &Value) -> String {
    let text = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    let text: String = text.replace('\n', " ");
    if text.chars().count() <= CELL {
        return code(&text);
    }
    code(&(text.chars().take(CELL).collect::<String>() + "…"))
}

/// Code in a table's cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use protocol::exchange::Exchange;

    use super::*;

    const OURS: &str = "GET / HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer\n\
                        content-type: application/json\n\n{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}";
    const THEIRS: &str = "GET / HTTP/1.1\n\nHTTP/1.1 200 OK\ncontent-type: text/plain\n\n\
                          {\"a\": 1, \"b\": {\"c\": 2}, \"e\": 5}";

    fn reply(exchange: &str) -> Reply {
        Reply::from(&Exchange::parse(exchange).expect("an exchange").response)
    }

    #[test]
    fn a_cell_shows_the_status_and_what_differs() {
        let (ours, theirs) = (reply(OURS), reply(THEIRS));
        assert_eq!(ours.beside(&theirs), "401, `www-authenticate: Bearer`, `{\"b\":{\"d\":3}}`");
        assert_eq!(theirs.beside(&ours), "200, `{\"e\":5}`");
        let bare = Reply { status: "401".to_owned(), ..Reply::default() };
        assert_eq!(bare.beside(&ours), "401, no `www-authenticate`");
    }

    #[test]
    fn a_part_is_a_header_or_a_pointer() {
        let ours = reply(OURS);
        assert_eq!(ours.part("www-authenticate"), "`Bearer`");
        assert_eq!((ours.part("/b/c"), ours.part("/e")), ("`2`".into(), "not there".into()));
        assert_eq!(ours.part("cache-control"), "not sent");
    }
}
