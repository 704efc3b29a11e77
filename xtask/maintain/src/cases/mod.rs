//! Programs by strangers, each a patch on the solution that it was made for, and what the tool says to each.
//!
//! A folder of cases has `NAME.patch` files and a table, `cases.tsv`, with the columns `id`, `step` and `kind` at
//! least. `outcome` and `right` are what would be right to say; the columns on record are those of [`record`].

mod case;
mod figures;
mod programs;
pub(crate) mod record;
pub(crate) mod table;
mod verdicts;

pub(crate) use case::{Case, Told};
pub(crate) use figures::Figures;
pub(crate) use programs::patched;
pub(crate) use verdicts::judge;
