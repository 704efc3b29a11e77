//! Code that CI compiles, quoted by anchor and without marker lines.

use std::path::Path;

use xtask::{
    course::Course,
    files,
    marks::{self, View},
};

pub(crate) fn of_solution(course: &Course, place: &str) -> Result<String, String> {
    quote(course, place, View::Solution)
}

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
        Some(name) => marks::anchor(&source, name, view).map(|(_, text)| text),
        None => marks::strip(&source, view),
    };
    let code = quoted.map_err(|bad| format!("{file}, {bad}"))?;
    if code.trim().is_empty() {
        return Err(format!("nothing stands at {place}"));
    }
    let language = match file.rsplit('.').next() {
        Some("rs") => "rust",
        Some("toml") => "toml",
        _ => "text",
    };
    // The learner's file has the same name in another folder.
    let learners = file.replacen("solutions/", "steps/", 1);
    Ok(format!("<p class=\"file\">{learners}</p>\n\n```{language}\n{}\n```\n", code.trim_end()))
}
