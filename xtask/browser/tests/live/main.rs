//! What only a served page has, in a browser: the panel and the consoles.

#[path = "../../../book/tests/clone/mod.rs"]
mod clone;
mod console;
mod everybody;
mod panel;
mod served;
#[path = "../../../book/tests/step/mod.rs"]
mod step;
