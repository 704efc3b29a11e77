//! A snapshot shown as what it is: a request and its answer.

use xtask::{course::Course, files};

use crate::lists::step;

pub(crate) fn of(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`exchange` takes STEP/SNAPSHOT")?;
    let (request, answer) = read(course, slug, name)?;
    let end = if answer.starts_with("HTTP/1.1 2") { "granted" } else { "refused" };
    Ok(format!(
        "<div class=\"exchange {end}\">\n\n<p class=\"side\">You send</p>\n\n```http\n{request}\n```\n\n\
         <p class=\"side\">The server answers</p>\n\n```http\n{answer}\n```\n\n</div>\n"
    ))
}

/// The answer of a snapshot, in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(header, _)| header == name);
        header.map(|(_, value)| value.as_str())
    }
}

pub(crate) fn answer(course: &Course, slug: &str, name: &str) -> Result<Answer, String> {
    let (_, answer) = read(course, slug, name)?;
    Ok(in_parts(&answer))
}

fn in_parts(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Answer { status: status.to_owned(), headers: headers.collect(), body: body.to_owned() }
}

/// Request and answer of a snapshot.
pub(crate) fn read(course: &Course, slug: &str, name: &str) -> Result<(String, String), String> {
    let step = step(course, slug)?;
    let in_names = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    if !name.chars().all(in_names) {
        return Err(format!("`{name}` is no name of a snapshot"));
    }
    let path = step.snapshots().join(format!("{name}.snap"));
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let found = parts(&text).map(|(request, answer)| (request.to_owned(), answer));
    found.ok_or_else(|| format!("{} is no snapshot of an exchange", path.display()))
}

/// The contents come after insta's header; the answer begins with its status line.
fn parts(snapshot: &str) -> Option<(&str, String)> {
    let (_, contents) = snapshot.strip_prefix("---\n")?.split_once("\n---\n")?;
    let (request, answer) = contents.split_once("\n\nHTTP/1.1 ")?;
    Some((request.trim(), format!("HTTP/1.1 {}", answer.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_split_before_its_status_line() {
        let snapshot =
            "---\ndescription: x\n---\nPOST /token HTTP/1.1\n\na=b\n\nHTTP/1.1 200 OK\n\n{}\n";
        let answer = "HTTP/1.1 200 OK\n\n{}".to_owned();
        assert_eq!(parts(snapshot), Some(("POST /token HTTP/1.1\n\na=b", answer)));
        assert_eq!(parts("no snapshot"), None);
    }

    #[test]
    fn an_answer_has_status_headers_and_body() {
        let answer = in_parts("HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer\n\n{}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!((answer.status.as_str(), answer.body.as_str()), ("401", "{}"));
    }
}
