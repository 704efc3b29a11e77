//! The class for a spreadsheet (RFC 4180).

use crate::snapshot::Snapshot;

const HEAD: [&str; 9] =
    ["name", "step", "passed", "checks", "minutes", "failing", "mistake", "stuck", "hand"];

/// Without it, a spreadsheet may take UTF-8 for an encoding of its own machine.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A line for each learner.
pub fn csv(snapshot: &Snapshot) -> String {
    let mut lines = BYTE_ORDER_MARK.to_owned() + &line(&HEAD.map(str::to_owned));
    for learner in &snapshot.learners {
        let number =
            |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        lines += &line(&[
            learner.name.clone(),
            number(learner.step),
            number(learner.passed),
            number(learner.checks),
            number(learner.minutes),
            learner.failing.clone().unwrap_or_default(),
            learner.mistake.clone().unwrap_or_default(),
            learner.stuck.to_string(),
            learner.hand.to_string(),
        ]);
    }
    lines
}

fn line(fields: &[String]) -> String {
    fields.iter().map(|text| field(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// One field. A spreadsheet takes what begins with one of these signs as a formula, quoted or not: an apostrophe before it
/// makes it text (OWASP, CSV Injection).
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let apostrophe = if formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula() {
        for (name, written) in [
            ("Ada", r#""Ada""#),
            ("=1+1", r#""'=1+1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("-2", r#""'-2""#),
            ("A \"B\", C", r#""A ""B"", C""#),
        ] {
            assert_eq!(field(name), written);
        }
    }
}
