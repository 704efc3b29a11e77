//! Drawings in `book/figures/`, put into the page itself: so they take its colours, and screen readers read them.

use xtask::{course::Course, files};

/// The drawing `NAME.svg`, with its title as caption.
pub(crate) fn inline(course: &Course, name: &str) -> Result<String, String> {
    let path = course.root.join("book").join("figures").join(format!("{name}.svg"));
    let svg = files::read(&path).map_err(|trouble| trouble.to_string())?;
    as_figure(name, &svg).map_err(|wrong| format!("{}: {wrong}", path.display()))
}

/// The names carry the drawing's own, since the print view holds all drawings in one page.
fn as_figure(name: &str, svg: &str) -> Result<String, String> {
    let labels = format!("aria-labelledby=\"{name}-title {name}-desc\"");
    if !svg.contains(&labels) {
        return Err(format!("expected `role=\"img\" {labels}` on <svg>"));
    }
    let title = element(svg, "title", name)?;
    element(svg, "desc", name)?;
    // An empty line would end the block for Markdown.
    let lines: Vec<&str> = svg.lines().filter(|line| !line.trim().is_empty()).collect();
    Ok(format!("<figure>\n{}\n<figcaption>{title}</figcaption>\n</figure>\n", lines.join("\n")))
}

/// The text of `<title id="NAME-title">`, or of the description.
fn element<'s>(svg: &'s str, element: &str, name: &str) -> Result<&'s str, String> {
    let begin = format!("<{element} id=\"{name}-{element}\">");
    let text = svg.split_once(&begin).and_then(|(_, rest)| rest.split_once("</"));
    match text {
        Some((text, _)) if !text.trim().is_empty() => Ok(text.trim()),
        _ => Err(format!("expected {begin}…</{element}>, for those who cannot see the drawing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_without_words_is_refused() {
        let labelled = "<svg aria-labelledby=\"x-title x-desc\">";
        let titled = format!("{labelled}<title id=\"x-title\">T</title>");
        let whole = format!("{titled}\n\n<desc id=\"x-desc\">D</desc></svg>");
        assert!(as_figure("x", "<svg>").is_err_and(|wrong| wrong.contains("aria-labelledby")));
        assert!(as_figure("x", labelled).is_err_and(|wrong| wrong.contains("<title id=")));
        assert!(as_figure("x", &titled).is_err_and(|wrong| wrong.contains("<desc id=")));
        let shown = as_figure("x", &whole).expect("a figure");
        assert!(shown.contains("<figcaption>T</figcaption>") && !shown.contains("\n\n"), "{shown}");
    }
}
