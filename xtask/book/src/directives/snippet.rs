//! Code that CI compiles, quoted by anchor and without marker lines.

use std::path::Path;

use xtask::{
    course::{
        Course,
        marks::{self, View},
    },
    files,
};

/// `FILE:ANCHOR` of a solution as it is.
pub(crate) fn of_solution(course: &Course, place: &str) -> Result<String, String> {
    quote(course, place, View::Solution)
}

/// The same, with the gaps of the starter.
pub(crate) fn of_starter(course: &Course, place: &str) -> Result<String, String> {
    if let Some(solution) = Path::new(place).ancestors().nth(2)
        && course.root.join(solution).join("holes").exists()
    {
        let what = "this starter has holes, which a snippet does not show";
        return Err(format!("{what}: use `{{{{#diff OLD starter NEW}}}}`"));
    }
    quote(course, place, View::Starter)
}

fn quote(course: &Course, place: &str, view: View) -> Result<String, String> {
    let (file, anchor) = match place.split_once(':') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (place, None),
    };
    let source = files::read(&course.root.join(file)).map_err(|trouble| trouble.to_string())?;
    let quoted = match anchor {
        Some(name) => marks::anchor(&source, name, view),
        None => marks::strip(&source, view).map(|text| (1, text)),
    };
    let (first, code) = quoted.map_err(|bad| format!("{file}, {bad}"))?;
    if code.trim().is_empty() {
        return Err(format!("there is nothing at {place}"));
    }
    let language = match file.rsplit('.').next() {
        Some("rs") => "rust",
        Some("toml") => "toml",
        _ => "text",
    };
    // The learner's file has the same name in another folder.
    let learners = file.replacen("solutions/", "steps/", 1);
    let when = match view {
        View::Solution => "in our solution",
        View::Starter => "before you begin",
    };
    let code = code.trim_end();
    let last = first + code.lines().count() - 1;
    let lines =
        if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
    Ok(numbered(&format!("{learners}, {lines} {when}"), language, first, code))
}

/// The numbers are in an attribute that the style sheet shows, so nobody copies or finds them as text.
pub(super) fn numbered(title: &str, language: &str, first: usize, code: &str) -> String {
    let lines = (first..).zip(code.lines());
    let numbers: Vec<String> = lines.map(|(number, _)| number.to_string()).collect();
    format!(
        "<div class=\"snippet\">\n<p class=\"file\">{title}</p>\n\
         <span class=\"numbers\" aria-hidden=\"true\" data-numbers=\"{}\"></span>\n\n\
         ```{language}\n{code}\n```\n\n</div>\n",
        numbers.join("&#10;")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_beside_the_code_and_never_in_it() {
        let shown = numbered("main.rs, lines 9 to 10", "rust", 9, "fn a() {\n}");
        assert!(shown.contains("<p class=\"file\">main.rs, lines 9 to 10</p>"), "{shown}");
        assert!(shown.contains("data-numbers=\"9&#10;10\""), "{shown}");
        assert!(shown.contains("```rust\nfn a() {\n}\n```"), "{shown}");
    }
}
