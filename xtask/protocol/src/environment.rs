//! The variables through which the runner tells the checks what to do.

/// The program that the checks start, in place of the package's own.
pub const SERVER: &str = "WORKSHOP_SERVER";

/// The file that each check appends its [line](crate::line::Line) to.
pub const VERDICT: &str = "WORKSHOP_VERDICT";

/// The number that the checks draw their values from; 0 if it is not set.
pub const SEED: &str = "WORKSHOP_SEED";

/// How much memory a server may have, in words; not set if there is no limit.
pub const MEMORY: &str = "WORKSHOP_MEMORY";

/// What keeps insta from rewriting a snapshot, or from letting a difference pass, whatever is set outside.
pub const INSTA: [(&str, &str); 3] =
    [("INSTA_UPDATE", "no"), ("INSTA_FORCE_PASS", "0"), ("INSTA_OUTPUT", "none")];
