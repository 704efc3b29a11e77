//! The line that a check writes for the runner: JSON, one line a check, in the file that
//! [`environment::VERDICT`](crate::environment::VERDICT) names.

use std::{fs::OpenOptions, io, io::Write, path::Path};

use serde::{Deserialize, Serialize};

use crate::{drawn::Drawn, finding::Finding, said::Said};

/// What a check concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The test's name: `refuses_a_request_without_a_token`.
    pub name: String,
    /// Why it did not pass.
    pub failure: Option<Failed>,
}

/// Why a check did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failed {
    /// The check, its snapshot or the machine is at fault: what happened.
    Ours(String),
    /// The server does something else than the requirement asks for.
    Theirs(Difference),
}

/// What a server did, beside what it should have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What kind of difference it is.
    pub finding: Finding,
    /// What the requirement asks for.
    pub expected: Said,
    /// What was received instead.
    pub actual: Said,
    /// Command lines that show it again.
    pub reproduce: Option<String>,
    /// What the names in both texts stand for.
    #[serde(default)]
    pub drawn: Vec<Drawn>,
}

impl Line {
    /// Appends the line to the file at `path` in one write, since other checks append to it too.
    pub fn append(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string(self)?;
        text.push('\n');
        OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
    }

    /// Reads the lines of such a file; the error quotes the one that cannot be read.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        let parse =
            |line: &str| serde_json::from_str(line).map_err(|error| format!("({error}): {line}"));
        text.lines().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Kind;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let failed = Failed::Theirs(Difference {
            finding: Finding::new(Kind::Status),
            expected: Said::Exchange("GET / HTTP/1.1\n\nHTTP/1.1 200 OK".to_owned()),
            actual: Said::from("no response"),
            reproduce: Some("curl -i".to_owned()),
            drawn: vec![Drawn { name: "<drawn scheme>".to_owned(), value: "Bear".to_owned() }],
        });
        let lines = [
            Line { name: "a".to_owned(), failure: None },
            Line { name: "b".to_owned(), failure: Some(failed) },
            Line { name: "c".to_owned(), failure: Some(Failed::Ours("no snapshot".to_owned())) },
        ];
        let text: Vec<String> =
            lines.iter().map(|line| serde_json::to_string(line).expect("JSON")).collect();
        assert_eq!(Line::read_all(&text.join("\n")), Ok(lines.to_vec()));
        assert!(Line::read_all("{").is_err_and(|error| error.ends_with(": {")));
    }
}
