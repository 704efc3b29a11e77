//! The same change to every program: a constant that has another value at each save.
#![allow(clippy::disallowed_methods, reason = "files are saved as an editor saves them")]

use std::{fs, path::PathBuf};

use xtask::trouble::Trouble;

/// What is to come of a save.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Passes,
    Fails,
    DoesNotCompile,
}

impl Change {
    pub(super) const ALL: [Self; 3] = [Self::Passes, Self::Fails, Self::DoesNotCompile];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Passes => "passing",
            Self::Fails => "failing",
            Self::DoesNotCompile => "not compiling",
        }
    }
}

/// A file that is saved again and again.
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// The solution.
    pub(super) text: String,
    /// A piece of it, and what is written there instead when a check is to fail.
    pub(super) fault: [&'static str; 2],
}

impl Program {
    /// Saves the `number`th version that comes to this.
    pub(super) fn save(&self, change: Change, number: usize) -> Result<(), Trouble> {
        let text = self.changed(change, number)?;
        fs::write(&self.path, text).map_err(|error| Trouble::io("write", &self.path, &error))
    }

    fn changed(&self, change: Change, number: usize) -> Result<String, Trouble> {
        let [right, wrong] = self.fault;
        if !self.text.contains(right) || !self.text.contains("\nfn ") {
            return Err(Trouble::Environment(format!(
                "{} is not the program that the bench knows how to change",
                self.path.display()
            )));
        }
        let value = match change {
            Change::Passes | Change::Fails => number.to_string(),
            Change::DoesNotCompile => format!("\"{number}\""),
        };
        let text = self.text.replacen("\nfn ", &format!("\nconst _: usize = {value};\n\nfn "), 1);
        Ok(if change == Change::Fails { text.replace(right, wrong) } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Program {
        let text = "use a;\n\nfn main() { b(\"right\") }\n".to_owned();
        Program { path: PathBuf::from("main.rs"), text, fault: ["right", "wrong"] }
    }

    fn changed(change: Change) -> String {
        program().changed(change, 7).expect("it can be changed")
    }

    #[test]
    fn each_change_is_of_its_kind() {
        let passes = "use a;\n\nconst _: usize = 7;\n\nfn main() { b(\"right\") }\n";
        assert_eq!(changed(Change::Passes), passes);
        assert_eq!(changed(Change::Fails), passes.replace("right", "wrong"));
        assert_eq!(changed(Change::DoesNotCompile), passes.replace("= 7", "= \"7\""));
    }

    #[test]
    fn an_unknown_program_is_refused() {
        let other = Program { fault: ["elsewhere", ""], ..program() };
        assert!(other.changed(Change::Passes, 1).is_err());
    }
}
