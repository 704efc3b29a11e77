//! What cargo says as JSON, one message a line: which programs it built, and what rustc refused.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One line of `cargo … --message-format=json`.
#[derive(Deserialize)]
#[serde(tag = "reason")]
pub enum Message {
    /// Something was built.
    #[serde(rename = "compiler-artifact")]
    Artifact(Artifact),
    /// A build script has run.
    #[serde(rename = "build-script-executed")]
    Script {
        /// What it may write to; beside it is what it said.
        out_dir: PathBuf,
    },
    /// All was built, or not.
    #[serde(rename = "build-finished")]
    Finished {
        /// Whether it was.
        success: bool,
    },
    /// rustc has something to say.
    #[serde(rename = "compiler-message")]
    Diagnosed {
        /// What it was about to build.
        target: Target,
        /// Its words.
        message: Diagnostic,
    },
    /// All that nobody here asks about.
    #[serde(other)]
    Other,
}

/// What cargo has built, or has found as it left it.
#[derive(Deserialize)]
pub struct Artifact {
    /// What it was built from.
    pub target: Target,
    /// The program, if it is one.
    pub executable: Option<PathBuf>,
    /// The manifest of its package.
    #[serde(default)]
    pub manifest_path: PathBuf,
    /// Whether it was there before, by the times of its sources.
    #[serde(default)]
    pub fresh: bool,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

impl Artifact {
    /// The program, or the library's file.
    pub(super) fn path(&self) -> Option<&Path> {
        self.executable.as_deref().or_else(|| self.filenames.first().map(PathBuf::as_path))
    }

    /// Whether it is of this workspace, or of a folder that somebody works in: not of a registry, nor of a commit.
    pub(super) fn is_ours(&self) -> bool {
        self.package_id.starts_with("path+")
    }

    /// Whether it is a build script or a macro.
    pub(super) fn runs_while_compiling(&self) -> bool {
        self.target.kind.iter().any(|kind| kind == "custom-build" || kind == "proc-macro")
    }

    /// Whether it is what a package is for, its library or its program, and no test.
    pub(super) fn is_of_package_in(&self, folder: &Path) -> bool {
        let is_test = self.target.kind.iter().any(|kind| kind == "test");
        !is_test && self.manifest_path.parent() == Some(folder)
    }
}

/// A binary, a library or a test.
#[derive(Deserialize)]
pub struct Target {
    /// For a binary: the package's name.
    pub name: String,
    /// `bin`, `test`, …
    pub kind: Vec<String>,
    /// The file that it begins with.
    #[serde(default)]
    pub src_path: PathBuf,
}

/// Errors about crates that were compiled before: by another Rust, or damaged. Their place is where a crate is used.
const ABOUT_WHAT_WAS_BUILT: [&str; 4] = ["E0460", "E0461", "E0514", "E0786"];

/// What rustc says of one fault.
#[derive(Deserialize)]
pub struct Diagnostic {
    message: String,
    level: String,
    code: Option<Code>,
    spans: Vec<Span>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    is_primary: bool,
    label: Option<String>,
    text: Vec<Marked>,
}

#[derive(Deserialize)]
struct Marked {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// An error of rustc, as far as it is the same for everybody who makes the same mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RustcError {
    /// `E0195`; an error that a macro makes has none.
    pub code: Option<String>,
    /// Its first line.
    pub message: String,
    /// What it writes beside the code that it underlines: `` expected `String`, found `&str` ``.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The code that it underlines, the first line of it.
    pub at: String,
}

impl RustcError {
    /// As rustc prints it: `error[E0308]: mismatched types`.
    pub fn first_line(&self) -> String {
        let code = self.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
        format!("error{code}: {}", self.message)
    }
}

impl Message {
    /// The message in this line; lines of build scripts are none.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl Target {
    /// Whether it is the program of this package.
    pub fn is_program_of(&self, package: &str) -> bool {
        self.name == package && self.kind.iter().any(|kind| kind == "bin")
    }
}

impl Diagnostic {
    /// Whether it keeps the code from compiling.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// As rustc prints it.
    pub fn rendered(&self) -> &str {
        self.rendered.as_deref().unwrap_or_default()
    }

    /// Whether it is about the code of the package in this folder: it has a place there, or a number, or is about a
    /// file of it that is no text. (A linker that is missing has neither.)
    pub fn concerns_code(&self, folder: &Path) -> bool {
        let no_text = || {
            let slug = folder.file_name().unwrap_or_default().to_string_lossy();
            self.message.contains("valid UTF-8") && self.message.contains(&*slug)
        };
        let code = self.code.as_ref().map(|code| code.code.as_str());
        if code.is_some_and(|code| ABOUT_WHAT_WAS_BUILT.contains(&code)) {
            return false;
        }
        code.is_some() || self.spans.iter().any(|span| span.is_primary) || no_text()
    }

    /// The error, if it has a place in the code: "aborting due to …" does not.
    pub fn error(&self) -> Option<RustcError> {
        let span = self.spans.iter().find(|span| span.is_primary)?;
        let marked = span.text.first()?;
        let length = marked.highlight_end.saturating_sub(marked.highlight_start);
        let at = marked.text.chars().skip(marked.highlight_start.saturating_sub(1)).take(length);
        Some(RustcError {
            code: self.code.as_ref().map(|code| code.code.clone()),
            message: self.message.lines().next().unwrap_or_default().to_owned(),
            label: span.label.clone().unwrap_or_default(),
            at: at.collect::<String>().trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_its_code_its_first_line_and_what_it_underlines() {
        let line = r#"{"reason":"compiler-message","target":{"name":"step-03","kind":["bin"]},
            "message":{"message":"no such thing\nmore","level":"error","code":{"code":"E0425"},
            "rendered":"error: …","spans":[{"is_primary":true,"label":"not here","text":[
            {"text":"    let é = salt();","highlight_start":13,"highlight_end":17}]}]}}"#;
        let Some(Message::Diagnosed { target, message }) = Message::parse(line) else {
            panic!("it is a message of rustc")
        };
        assert!(target.is_program_of("step-03") && message.is_error());
        let error = message.error().expect("it has a place");
        assert_eq!(error.code.as_deref(), Some("E0425"));
        assert_eq!((error.message.as_str(), error.at.as_str()), ("no such thing", "salt"));
        assert_eq!(error.label, "not here");
    }

    fn concerns_code(code: &str, primary: bool, message: &str) -> bool {
        let line = format!(
            r#"{{"reason":"compiler-message","target":{{"name":"step-03","kind":["bin"]}},"message":{{
            "message":"{message}","level":"error","code":{code},"rendered":"","spans":[
            {{"is_primary":{primary},"label":null,"text":[]}}]}}}}"#
        );
        let Some(Message::Diagnosed { message, .. }) = Message::parse(&line) else {
            panic!("it is a message of rustc: {line}")
        };
        message.concerns_code(Path::new("/w/steps/03-bearer-token"))
    }

    #[test]
    fn what_has_neither_a_place_nor_a_number_is_the_machines() {
        assert!(concerns_code("null", true, "expected `;`"));
        assert!(concerns_code(r#"{"code":"E0601"}"#, false, "`main` function not found"));
        let no_text =
            "couldn't read `steps/03-bearer-token/src/main.rs`: stream did not contain valid UTF-8";
        assert!(concerns_code("null", false, no_text));
        assert!(!concerns_code("null", false, "linker `cc` not found"));
        assert!(!concerns_code("null", false, "couldn't create a temp dir: Permission denied"));
        assert!(!concerns_code(r#"{"code":"E0786"}"#, true, "found invalid metadata files"));
    }
}
