//! A snapshot shown as what it is: a request and its response.

use protocol::snapshot::Snapshot;
use xtask::course::Course;

use crate::directives::lookup;

/// Both sides of the snapshot `STEP/SNAPSHOT`.
pub(crate) fn conversation(course: &Course, place: &str) -> Result<String, String> {
    let (slug, name) = place.split_once('/').ok_or("`exchange` takes STEP/SNAPSHOT")?;
    Ok(both_sides(&lookup::snapshot(course, slug, name)?))
}

fn both_sides(Snapshot { exchange, .. }: &Snapshot) -> String {
    let (request, response) = (&exchange.request, &exchange.response);
    let end = if response.code().starts_with('2') { "granted" } else { "refused" };
    format!(
        "<div class=\"exchange {end}\">\n\n<p class=\"side\">You send</p>\n\n```http\n{request}\n```\n\n\
         <p class=\"side\">The server answers</p>\n\n```http\n{response}\n```\n\n</div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
