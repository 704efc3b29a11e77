//! A snapshot shown as what it is: a request and its answer.

use xtask::{course::Course, files};

pub(crate) fn of(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`exchange` takes STEP/SNAPSHOT")?;
    let step = course.steps.iter().find(|step| step.slug == slug);
    let step = step.ok_or_else(|| format!("there is no step `{slug}`"))?;
    let path = step.snapshots().join(format!("{name}.snap"));
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let (request, answer) =
        parts(&text).ok_or_else(|| format!("{} is no snapshot of an exchange", path.display()))?;
    let end = if answer.starts_with("HTTP/1.1 2") { "granted" } else { "refused" };
    Ok(format!(
        "<div class=\"exchange {end}\">\n\n<p class=\"side\">You send</p>\n\n```http\n{request}\n```\n\n\
         <p class=\"side\">The server answers</p>\n\n```http\n{answer}\n```\n\n</div>\n"
    ))
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
}
