//! A task's card: which file, which item, and the checks that belong to it.

use xtask::{
    course::{Course, Step, Whose, hints::Check, marks::View, starter},
    files,
};

use crate::{
    directives::{block::Wrong, checks, lookup},
    html::escaped,
    markdown::inline_html,
};

/// So many checks are named; more are counted.
const NAMED: usize = 3;

/// What an item begins with if it is Rust; anything else is words.
const RUST: [&str; 9] =
    ["async fn ", "const ", "enum ", "fn ", "impl ", "impl<", "static ", "struct ", "trait "];

/// The card of task `number` of the page's step.
pub(crate) fn card(
    course: &Course,
    page: &str,
    number: &str,
    block: &[&str],
) -> Result<String, Wrong> {
    let step = course.steps.iter().find(|step| step.slug == page);
    let step = step.ok_or_else(|| "`task` belongs on the page of a step".to_owned())?;
    let task = lookup::task(step, number)?;
    let Fields { file, item, signature } = Fields::read(block)?;
    let (at, file) = file.ok_or_else(|| "there is no line `file: …`".to_owned())?;
    let source = solution(step, file).map_err(|why| Wrong::line(at, why))?;
    let (at, item) = item.ok_or_else(|| "there is no line `item: …`".to_owned())?;
    let item = if RUST.iter().any(|word| item.starts_with(word)) {
        in_solution(&source, item).map_err(|why| Wrong::line(at, why))?
    } else {
        inline_html(item)
    };
    let mut rows = format!(
        "<dt>File</dt><dd><code>steps/{}/{}</code></dd>\n<dt>Item</dt><dd>{item}</dd>\n",
        step.slug,
        escaped(file)
    );
    if let Some((at, signature)) = signature {
        let signature = in_solution(&source, signature).map_err(|why| Wrong::line(at, why))?;
        rows.push_str(&format!("<dt>Signature</dt><dd>{signature}</dd>\n"));
    }
    rows.push_str(&format!("<dt>Its checks</dt><dd>{}</dd>\n", its_checks(step, task)?));
    Ok(format!(
        "<div class=\"task\" data-step=\"{}\" data-task=\"{task}\">\n<dl>\n{rows}</dl>\n</div>\n",
        step.slug
    ))
}

/// The lines of a card, each with its number in the block.
#[derive(Default)]
struct Fields<'b> {
    file: Option<(usize, &'b str)>,
    item: Option<(usize, &'b str)>,
    signature: Option<(usize, &'b str)>,
}

impl<'b> Fields<'b> {
    fn read(block: &[&'b str]) -> Result<Self, Wrong> {
        let mut fields = Self::default();
        for (at, line) in block.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            let field = match name {
                "file" => &mut fields.file,
                "item" => &mut fields.item,
                "signature" => &mut fields.signature,
                _ => {
                    let known = "a line of `task` begins with `file: `, `item: ` or `signature: `";
                    return Err(Wrong::line(at, known));
                }
            };
            if value.trim().is_empty() {
                return Err(Wrong::line(at, format!("`{name}` is empty")));
            }
            if field.replace((at, value.trim())).is_some() {
                return Err(Wrong::line(at, format!("a second `{name}`")));
            }
        }
        Ok(fields)
    }
}

/// The solution's file, without marker lines.
fn solution(step: &Step, file: &str) -> Result<String, String> {
    if let Some(named) = starter::sources(step, View::Solution)
        .map_err(|trouble| trouble.to_string())?
        .into_iter()
        .find(|source| source.path.to_str() == Some(file))
    {
        return Ok(named.text);
    }
    let path = step.folder(Whose::Reference).join(file);
    files::read(&path).map_err(|_| format!("there is no `{file}` in solutions/{}", step.slug))
}

/// Rust that the solution has, as code.
fn in_solution(source: &str, rust: &str) -> Result<String, String> {
    if without_layout(source).contains(&without_layout(rust)) {
        Ok(format!("<code>{}</code>", escaped(rust)))
    } else {
        Err(format!("`{rust}` is not in our solution"))
    }
}

/// A long signature takes several lines in the file, with a comma after the last argument.
fn without_layout(rust: &str) -> String {
    let rust: String = rust.split_ascii_whitespace().collect();
    rust.replace(",)", ")")
}

/// The names of the task's checks, or how many there are with a link to the list.
fn its_checks(step: &Step, task: u8) -> Result<String, String> {
    let checks = step.checks().map_err(|trouble| trouble.to_string())?;
    let of_task: Vec<&Check> = checks.iter().filter(|check| check.task == Some(task)).collect();
    match of_task.len() {
        0 => Err(format!("no check in hints.md belongs to task {task}")),
        count if count > NAMED => Ok(format!(
            "<a class=\"count\" href=\"#{}\">{count} checks</a>",
            lookup::id_of_checks(step, task)
        )),
        _ => Ok(checks::list(of_task.into_iter()).trim_end().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_is_found_however_it_is_laid_out() {
        let source = "impl A {\n    async fn a(\n        b: &mut B,\n        c: C,\n    ) -> D {\n";
        let found = in_solution(source, "async fn a(b: &mut B, c: C) -> D");
        assert_eq!(
            found.as_deref(),
            Ok("<code>async fn a(b: &amp;mut B, c: C) -> D</code>".replace("->", "-&gt;").as_str())
        );
        assert_eq!(
            in_solution(source, "fn b()"),
            Err("`fn b()` is not in our solution".to_owned())
        );
    }

    #[test]
    fn a_line_that_is_no_field_is_refused() {
        let wrong = |block: &[&str]| match Fields::read(block) {
            Err(Wrong::Lines(lines)) => lines,
            _ => panic!("a line is wrong"),
        };
        assert_eq!(wrong(&["file: a", "items: b"])[0].0, 1);
        assert!(wrong(&["file: "])[0].1.contains("`file` is empty"));
        assert!(wrong(&["item: a", "", "item: b"])[0] == (2, "a second `item`".to_owned()));
    }
}
