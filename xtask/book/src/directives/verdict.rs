//! What `verify` says of an untouched starter, drawn as the terminal draws it: red and green, and each said in words.

use xtask::{course::Course, files};

use crate::{directives::lookup, html::escaped};

pub(crate) fn of_starter(course: &Course, slug: &str) -> Result<String, String> {
    let step = lookup::step(course, slug)?;
    let path = course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug));
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let lines: Vec<String> = text.trim_end().lines().map(coloured).collect();
    Ok(format!(
        "<pre class=\"verdict\"><code class=\"nohighlight\">{}\n</code></pre>\n",
        lines.join("\n")
    ))
}

fn coloured(line: &str) -> String {
    let class = match line.split_whitespace().next() {
        Some("FAIL") if line.starts_with("  ") => "fail",
        Some("ok") if line.starts_with("  ") => "ok",
        Some("expected") if line.starts_with("  ") => "expected",
        Some("got") if line.starts_with("  ") => "got",
        _ => return escaped(line),
    };
    format!("<span class=\"{class}\">{}</span>", escaped(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_coloured_by_its_first_word_and_stays_what_it_is() {
        assert_eq!(coloured("  FAIL  a <b>"), "<span class=\"fail\">  FAIL  a &lt;b&gt;</span>");
        assert_eq!(coloured("  got  200 OK"), "<span class=\"got\">  got  200 OK</span>");
        assert_eq!(coloured("expected of you"), "expected of you");
        assert_eq!(coloured("Step 1: x"), "Step 1: x");
        assert_eq!(coloured(""), "");
    }
}
