//! What a running `learn` or `watch` shows: a screen that is drawn in place, or lines for pipes and editors.
//!
//! [`layout::rows`] makes rows of text of a [`State`](state::State) and the size of a window, and [`terminal`] draws
//! them. It draws on the terminal's second screen, as `less` and `vim` do: the first one, with what `learn` printed
//! before and the shell's history, stays as it was, whatever size the window gets. When `learn` ends, it prints the last
//! report there, so that this remains.

pub mod layout;
pub mod plain;
pub mod state;
pub mod terminal;

mod summary;
mod wrap;
