//! What a check and the runner say to each other, written down once.
//!
//! A check starts a server that prints [`listening`], sends it requests, and compares each
//! [`exchange`] with its [`snapshot`]. What it concludes is a [`mod@line`]: passed, or what was
//! [`said`] and which [`finding`] that is. The runner reads the lines and makes a verdict of them.

pub mod drawn;
pub mod environment;
pub mod exchange;
pub mod finding;
pub mod invisible;
pub mod line;
pub mod listening;
pub mod said;
pub mod snapshot;

/// The key that servers under check sign tokens with; they get it as `JWT_SECRET`. It is as short as HS256
/// allows (RFC 7518 §3.2), so that each check shows that 32 bytes are enough; and it is hex and base64, so that a
/// server that decodes it refuses honest tokens.
pub const SECRET: &str = "c0ffee5ea1edb00cfeedfacedecade42";

const _: () = assert!(SECRET.len() == 32);
