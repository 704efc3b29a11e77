//! What a new step may be called.

use xtask::{
    course::{Course, Whose, marks::View, starter},
    files,
    trouble::Trouble,
};

use super::{CHECKS, NewStep};

/// Names that Rust keeps for itself.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

impl<'c> NewStep<'c> {
    /// A step of this slug, if it can be the next one.
    pub(crate) fn named(course: &'c Course, slug: &str, title: &str) -> Result<Self, Trouble> {
        let before = &course.steps[course.steps.len() - 1];
        let number = before.number + 1;
        let word = slug.strip_prefix(&format!("{number:02}-")).unwrap_or_default();
        if !word.split('-').all(is_word) {
            return Err(Trouble::Usage(format!(
                "`{slug}` cannot be the next step: its folder is called `{number:02}-` and words in lower case with `-` \
                 between them, such as `{number:02}-refresh-tokens`"
            )));
        }
        let title = title.trim();
        let means_something = |c: char| c.is_control() || "\"\\[]<>{}|".contains(c);
        if title.is_empty() || title.contains(means_something) {
            return Err(Trouble::Usage(format!(
                "`{title}` is no title: a few words without quotes, brackets or `|`"
            )));
        }
        let step = Self { before, number, slug: slug.to_owned(), title: title.to_owned() };
        step.refuse_a_name_that_is_taken()?;
        Ok(step)
    }

    /// The handler and the module of its check are called so, and the route is.
    fn refuse_a_name_that_is_taken(&self) -> Result<(), Trouble> {
        let item = self.item();
        let is_identifier = |c: char| c.is_alphanumeric() || c == '_';
        let mut taken = KEYWORDS.contains(&item.as_str());
        let checks = self.before.folder(Whose::Learner).join(CHECKS);
        let code = starter::sources(self.before, View::Solution)?;
        let code = code.into_iter().map(|source| source.text).chain([files::read(&checks)?]);
        for text in code {
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let mut names = lines.flat_map(|line| line.split(|c| !is_identifier(c)));
            taken |= names.any(|name| name == item);
        }
        if taken {
            return Err(Trouble::Usage(format!(
                "`{item}` would be the name of the new handler, and Rust or step {} has something of that name. Choose \
                 other words: `{:02}-a-second-{}`",
                self.before.number,
                self.number,
                self.word()
            )));
        }
        Ok(())
    }
}

/// Lower-case letters, perhaps with digits after them.
fn is_word(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_lowercase())
        && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}
