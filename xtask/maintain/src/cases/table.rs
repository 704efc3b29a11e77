//! The table of a folder of cases: its first line names the columns, and each further line has one case.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use xtask::{files, trouble::Trouble};

use crate::cases::{case::Case, record};

/// The cases of a folder, in the order of its table.
pub(crate) fn read(folder: &Path) -> Result<Vec<Case>, Trouble> {
    let path = path(folder);
    let text = files::read(&path)?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let wrong = |number: usize, why: &str| {
        Trouble::Environment(format!("{}, line {number}: {why}", path.display()))
    };
    let mut cases = Vec::new();
    for (number, line) in (2..).zip(lines) {
        let values = line.split('\t').chain(std::iter::repeat(""));
        let columns: BTreeMap<String, String> = names
            .iter()
            .zip(values)
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
            .collect();
        let column = |name: &str| {
            let value = columns.get(name).filter(|value| !value.is_empty());
            value.cloned().ok_or_else(|| wrong(number, &format!("there is no `{name}`")))
        };
        let step = column("step")?;
        let step = step.parse().map_err(|_| wrong(number, &format!("`{step}` is no step")))?;
        let (id, kind) = (column("id")?, column("kind")?);
        let program = files::read(&folder.join(format!("{id}.patch")))?;
        if program.contains(&format!("\n+++ b/steps/{step:02}-")) {
            cases.push(Case { id, step, kind, columns });
        } else {
            eprintln!("{}, line {number}: {id}.patch is not one of step {step}", path.display());
        }
    }
    Ok(cases)
}

/// Writes into the table what is on record about these cases of it, and adds the columns that it lacks for that.
pub(crate) fn write(folder: &Path, cases: &[Case]) -> Result<(), Trouble> {
    let path = path(folder);
    let text = with_records(&files::read(&path)?, cases);
    files::write(&path, text.as_bytes())
}

fn with_records(text: &str, cases: &[Case]) -> String {
    let mut lines = text.lines();
    let mut names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let is_used = |name: &str| {
        cases.iter().any(|case| case.column(name).is_some_and(|value| !value.is_empty()))
    };
    for name in record::WRITTEN {
        if !names.contains(&name) && is_used(name) {
            names.push(name);
        }
    }
    let mut written = format!("{}\n", names.join("\t"));
    for line in lines {
        let old: BTreeMap<&str, &str> = names.iter().copied().zip(line.split('\t')).collect();
        let is_it = |case: &&Case| {
            old.get("id") == Some(&case.id.as_str())
                && old.get("step").is_some_and(|step| step.parse() == Ok(case.step))
        };
        let case = cases.iter().find(is_it);
        let value = |name: &str| {
            let new = case.filter(|_| record::WRITTEN.contains(&name));
            let new = new.and_then(|case| case.column(name));
            new.or_else(|| old.get(name).copied()).unwrap_or_default()
        };
        let values: Vec<&str> = names.iter().map(|name| value(name)).collect();
        written += &format!("{}\n", values.join("\t"));
    }
    written
}

fn path(folder: &Path) -> PathBuf {
    folder.join("cases.tsv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::case::tests::{case, told};

    #[test]
    fn only_the_lines_of_these_cases_change_and_only_their_records() {
        let text = "id\tstep\toutcome\tnote\nX1\t3\tfails\tmine\nX2\t3\tsolved\tit's right\n";
        let mut one = case("solved", "none");
        record::write(&mut one, &told(1, Some("one")));
        let expected = "id\tstep\toutcome\tnote\tknown\tnamed\n\
                        X1\t3\tfails\tmine\trefused\tone\n\
                        X2\t3\tsolved\tit's right\t\t\n";
        assert_eq!(with_records(text, &[one.clone()]), expected);
        record::write(&mut one, &told(0, None));
        let again = with_records(expected, &[one]);
        assert_eq!(again, expected.replace("refused\tone", "\tnone"));
    }

    #[test]
    fn a_column_that_nothing_needs_is_not_added() {
        let mut one = case("solved", "none");
        record::write(&mut one, &told(0, None));
        assert_eq!(with_records("id\tstep\nX1\t3\n", &[one]), "id\tstep\tnamed\nX1\t3\tnone\n");
    }
}
