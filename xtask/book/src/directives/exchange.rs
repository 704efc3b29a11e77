//! A snapshot shown as what it is: a request and its response.

use protocol::snapshot::Snapshot;
use xtask::course::Course;

use crate::directives::lookup;

/// Both sides of the snapshot `STEP/SNAPSHOT`.
pub(crate) fn conversation(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`exchange` takes STEP/SNAPSHOT")?;
    Ok(both_sides(&lookup::snapshot(course, slug, name)?))
}

fn both_sides(snapshot: &Snapshot) -> String {
    let parts = format!("{}\n{}", request_part(snapshot), response_part(snapshot));
    as_conversation(snapshot, &parts)
}

/// The request alone.
pub(super) fn request(snapshot: &Snapshot) -> String {
    format!("<div class=\"exchange\">\n\n{}\n</div>\n", request_part(snapshot))
}

/// The response alone.
pub(super) fn response(snapshot: &Snapshot) -> String {
    as_conversation(snapshot, &response_part(snapshot))
}

fn as_conversation(Snapshot { exchange, .. }: &Snapshot, parts: &str) -> String {
    let end = if exchange.response.code().starts_with('2') { "granted" } else { "refused" };
    format!("<div class=\"exchange {end}\">\n\n{parts}\n</div>\n")
}

fn request_part(Snapshot { exchange, .. }: &Snapshot) -> String {
    format!("<p class=\"side\">You send</p>\n\n```http\n{}\n```\n", exchange.request)
}

fn response_part(Snapshot { exchange, .. }: &Snapshot) -> String {
    let response = exchange.response.to_string();
    let form = if response.contains("\"openapi\":") { DOCUMENT } else { "" };
    format!("<p class=\"side answer\">The server answers{form}</p>\n\n```http\n{response}\n```\n")
}

/// A snapshot of an OpenAPI document is not what a server sends.
const DOCUMENT: &str = ", in the form that the checks compare: each <code>$ref</code> is replaced by what it refers \
                        to, and what you may choose is left out";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_document_is_explained() {
        let file = "---\ndescription: x\n---\nGET /openapi.json HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{\n  \"openapi\": \"3.1\"\n}\n";
        let shown = both_sides(&Snapshot::parse(file).expect("a snapshot"));
        assert!(
            shown.contains("The server answers, in the form that the checks compare"),
            "{shown}"
        );
    }

    #[test]
    fn each_side_has_its_own_block_and_the_status_its_colour() {
        let file =
            "---\ndescription: x\n---\nPOST /token HTTP/1.1\n\na=b\n\nHTTP/1.1 200 OK\n\n{}\n";
        let shown = both_sides(&Snapshot::parse(file).expect("a snapshot"));
        for part in [
            "<div class=\"exchange granted\">",
            "```http\nPOST /token HTTP/1.1\n\na=b\n```",
            "```http\nHTTP/1.1 200 OK\n\n{}\n```",
        ] {
            assert!(shown.contains(part), "`{part}` is not in:\n{shown}");
        }
        let refused = Snapshot::parse(&file.replace("200 OK", "401 Unauthorized"));
        assert!(both_sides(&refused.expect("a snapshot")).contains("\"exchange refused\""));
    }
}
