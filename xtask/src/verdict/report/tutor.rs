//! What a tutor says.

use protocol::invisible::harmless;

use super::{addresses::book, wrap::wrapped};
use crate::verdict::diagnosis::Diagnosis;

/// What a tutor says to a known mistake: the line that shows it, why it is one, and where to read again.
pub fn tutor(known: &Diagnosis) -> String {
    let line = known.code.as_ref().map(|code| format!(":\n  {}", harmless(code)));
    let line = line.unwrap_or_default();
    let place = known.place().map(|place| format!("{place}{line}\n")).unwrap_or_default();
    let (says, why) = (wrapped(&known.says, 0), wrapped(&format!("Why:   {}", known.why), 7));
    format!("{place}{says}\n{why}\nRead:  {}/{}", book(), known.read)
}
