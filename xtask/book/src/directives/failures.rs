//! What a helper in the room is likely to meet at a step: what is red, what to say, where to read.

use xtask::{
    course::{Course, Step, hints::words},
    tutor::{CaughtBy, Mistake, records::Record},
};

use crate::directives::{lookup, mistakes::OnRecord};

/// One entry for each name: a mistake of the step's bank, or a check, whose plainest hint says how to fix it.
pub(crate) fn likely(
    course: &Course,
    bank: &[OnRecord],
    slug: &str,
    names: &[&str],
) -> Result<String, String> {
    let step = lookup::step(course, slug)?;
    names.iter().map(|name| entry(bank, step, name)).collect()
}

fn entry(bank: &[OnRecord], step: &Step, name: &str) -> Result<String, String> {
    if Mistake::path(step, name).exists() {
        let mistake = Mistake::read(step, name).map_err(|trouble| trouble.to_string())?;
        return Ok(mistake_as_entry(bank, step, &mistake));
    }
    let checks = step.checks().map_err(|trouble| trouble.to_string())?;
    let check = checks.iter().find(|check| check.name == name);
    let check = check
        .ok_or_else(|| format!("step `{}` has no mistake and no check `{name}`", step.slug))?;
    let cure = check.hints.last().map_or("", String::as_str);
    Ok(format!("**Red: *{}***\n\n{cure}\n\n", check.words()))
}

fn mistake_as_entry(bank: &[OnRecord], step: &Step, mistake: &Mistake) -> String {
    let seen = match &mistake.caught_by {
        CaughtBy::Check(check) => format!("Red: *{}*", words(check)),
        CaughtBy::Rustc(code) => {
            let known = bank.iter().find(|known| known.step.number == step.number);
            let words = match known.and_then(|known| known.records.get(&mistake.name)) {
                Some(Record::Rustc(error)) => as_code(&error.message),
                // Not on record yet.
                _ => format!("`{}`", code.as_deref().unwrap_or("error")),
            };
            format!("Does not compile: {words}")
        }
    };
    let Mistake { says, why, read, .. } = mistake;
    let slug = &step.slug;
    format!("**{seen}**\n\n“{says}”\n\n{why} ([Read again]({slug}.md#{read}))\n\n")
}

/// rustc puts names between backquotes; the rest of it is no Markdown.
fn as_code(message: &str) -> String {
    let message = message.replace('`', "");
    format!("`{}`", message.lines().next().unwrap_or_default())
}
